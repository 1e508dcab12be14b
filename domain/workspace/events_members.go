package workspace

import "behalf/domain"

// Withdrawal is an event after which a member may not post any more, here or
// there. From its position on, their posts there are the Owner's (R61).
type Withdrawal interface {
	domain.Event
	// Withdraws answers what is taken away, and false if it was no posting.
	Withdraws() (Withdrawn, bool)
}

// Withdrawn is what a Withdrawal takes away.
type Withdrawn struct {
	Member   domain.UserID
	Accounts []domain.AccountID // none: every account
	Gone     bool               // no member any more: their connections are destroyed (R62)
	Posts    []domain.PostID    // the pending ones, as far as the views knew them
}

// RoleChanged: a member is something else from now on (R4), with this access
// and these assignments. Posts that are scheduled already stay as they are (R10),
// unless the new role writes no posts.
type RoleChanged struct {
	Member      domain.UserID   `json:"member"`
	From        Role            `json:"from"`
	To          Role            `json:"to"`
	Access      ClientAccess    `json:"access"`
	Assignments []Assignment    `json:"assignments,omitempty"` // all of them, by account
	Posts       []domain.PostID `json:"posts,omitempty"`       // pending ones that pass to the Owner (R61)
}

// ClientAccessChanged: a Client may do more or less than before (R14-R17).
type ClientAccessChanged struct {
	Member domain.UserID   `json:"member"`
	From   ClientAccess    `json:"from"`
	To     ClientAccess    `json:"to"`
	Mode   CredentialMode  `json:"mode,omitempty"`  // of every assignment, where manage_posts is new
	Posts  []domain.PostID `json:"posts,omitempty"` // pending ones that pass to the Owner (R61)
}

// AddingAccountsGranted: the Owner lets an Admin add social accounts (R7).
type AddingAccountsGranted struct {
	Member domain.UserID `json:"member"`
}

// AddingAccountsWithdrawn: the Admin adds no social accounts any more (R7).
type AddingAccountsWithdrawn struct {
	Member domain.UserID `json:"member"`
}

// AuditorGranted: a member may read the history (R65).
type AuditorGranted struct {
	Member domain.UserID `json:"member"`
}

// AuditorWithdrawn: the member may not read the history any more (R65).
type AuditorWithdrawn struct {
	Member domain.UserID `json:"member"`
}

// TwoFactorRequired: the member does nothing in the workspace before having
// enabled two-factor authentication (R63).
type TwoFactorRequired struct {
	Member domain.UserID `json:"member"`
}

// TwoFactorRequirementLifted: the workspace does not ask it of the member any more (R63).
type TwoFactorRequirementLifted struct {
	Member domain.UserID `json:"member"`
}

// MemberRemoved: somebody else ended the membership, at once (R61, R62, R64).
type MemberRemoved struct {
	Member      domain.UserID   `json:"member"`
	Posts       []domain.PostID `json:"posts,omitempty"`        // pending ones that pass to the Owner (R61)
	OfferLapsed bool            `json:"offer_lapsed,omitempty"` // the ownership was offered to them, and is not any more (R11)
}

// MemberLeft: the member ended the membership, or was erased (R61, R62, R66).
type MemberLeft struct {
	Member      domain.UserID   `json:"member"`
	Posts       []domain.PostID `json:"posts,omitempty"`        // pending ones that pass to the Owner (R61)
	OfferLapsed bool            `json:"offer_lapsed,omitempty"` // the ownership was offered to them, and is not any more (R11)
}

// AccountAssigned: a member was given an account, with these settings.
type AccountAssigned struct {
	Member     domain.UserID `json:"member"`
	Assignment Assignment    `json:"assignment"`
}

// AccountUnassigned: a member does not have an account any more.
type AccountUnassigned struct {
	Member  domain.UserID    `json:"member"`
	Account domain.AccountID `json:"account"`
	Posts   []domain.PostID  `json:"posts,omitempty"` // pending ones that pass to the Owner there (R61)
}

// PostingLevelChanged: an Editor's later posts to an account need the team's
// approval, or need it no more (R50).
type PostingLevelChanged struct {
	Member  domain.UserID    `json:"member"`
	Account domain.AccountID `json:"account"`
	From    PostingLevel     `json:"from,omitempty"`
	To      PostingLevel     `json:"to"`
}

// ApprovalChanged: a Client approves posts on an account from now on, or no more (R18).
type ApprovalChanged struct {
	Member        domain.UserID    `json:"member"`
	Account       domain.AccountID `json:"account"`
	ApprovesPosts bool             `json:"approves_posts"`
}

// CredentialModeChanged: a member's posts to an account go out through another connection from now on (R33).
type CredentialModeChanged struct {
	Member  domain.UserID    `json:"member"`
	Account domain.AccountID `json:"account"`
	From    CredentialMode   `json:"from,omitempty"`
	To      CredentialMode   `json:"to"`
	// Stranded are scheduled posts that nobody could publish now: the new mode
	// has no connection that can be used yet (R48). As far as the views knew.
	Stranded []domain.PostID `json:"stranded,omitempty"`
}

// Withdraws implements Withdrawal.
func (e RoleChanged) Withdraws() (Withdrawn, bool) {
	return Withdrawn{Member: e.Member, Posts: e.Posts}, Member{Role: e.To, Access: e.Access}.MayWrite() != nil
}

// Withdraws implements Withdrawal.
func (e ClientAccessChanged) Withdraws() (Withdrawn, bool) {
	return Withdrawn{Member: e.Member, Posts: e.Posts}, e.From.ManagePosts && !e.To.ManagePosts
}

// Withdraws implements Withdrawal.
func (e MemberRemoved) Withdraws() (Withdrawn, bool) {
	return Withdrawn{Member: e.Member, Gone: true, Posts: e.Posts}, true
}

// Withdraws implements Withdrawal.
func (e MemberLeft) Withdraws() (Withdrawn, bool) {
	return Withdrawn{Member: e.Member, Gone: true, Posts: e.Posts}, true
}

// Withdraws implements Withdrawal.
func (e AccountUnassigned) Withdraws() (Withdrawn, bool) {
	return Withdrawn{Member: e.Member, Accounts: []domain.AccountID{e.Account}, Posts: e.Posts}, true
}

// The events' names in the log.

func (RoleChanged) EventType() string             { return "workspace.role_changed.v1" }
func (ClientAccessChanged) EventType() string     { return "workspace.client_access_changed.v1" }
func (AddingAccountsGranted) EventType() string   { return "workspace.adding_accounts_granted.v1" }
func (AddingAccountsWithdrawn) EventType() string { return "workspace.adding_accounts_withdrawn.v1" }
func (AuditorGranted) EventType() string          { return "workspace.auditor_granted.v1" }
func (AuditorWithdrawn) EventType() string        { return "workspace.auditor_withdrawn.v1" }
func (TwoFactorRequired) EventType() string       { return "workspace.two_factor_required.v1" }
func (TwoFactorRequirementLifted) EventType() string {
	return "workspace.two_factor_requirement_lifted.v1"
}
func (MemberRemoved) EventType() string         { return "workspace.member_removed.v1" }
func (MemberLeft) EventType() string            { return "workspace.member_left.v1" }
func (AccountAssigned) EventType() string       { return "workspace.account_assigned.v1" }
func (AccountUnassigned) EventType() string     { return "workspace.account_unassigned.v1" }
func (PostingLevelChanged) EventType() string   { return "workspace.posting_level_changed.v1" }
func (ApprovalChanged) EventType() string       { return "workspace.approval_changed.v1" }
func (CredentialModeChanged) EventType() string { return "workspace.credential_mode_changed.v1" }
