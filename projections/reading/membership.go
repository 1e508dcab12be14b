package reading

import (
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/workspace"
)

// Member is a user's membership of a workspace, whole (R21).
type Member struct {
	User             domain.UserID  `db:"user_id"`
	Name             personal.Text  `db:"name"`
	Email            personal.Text  `db:"email"`
	Role             workspace.Role `db:"role"`
	AddAccounts      bool           `db:"add_accounts"`
	ManagePosts      bool           `db:"manage_posts"`
	Auditor          bool           `db:"auditor"` // reads the history (R65)
	RequireTwoFactor bool           `db:"require_two_factor"`
	TwoFactor        bool           `db:"two_factor"` // they have enabled it
	JoinedAt         time.Time      `db:"joined_at"`
	LastActive       time.Time      `db:"last_active_at"` // since they joined, to the minute (api/presence); zero: not yet
	Assignments      []Assignment   // by account name; the Owner has every account and no assignments
}

// Access is the member's access as the domain has it.
func (m Member) Access() workspace.ClientAccess {
	return workspace.ClientAccess{AddAccounts: m.AddAccounts, ManagePosts: m.ManagePosts}
}

// Assignment is one account of one member, with who keeps it working.
type Assignment struct {
	Account       domain.AccountID         `db:"account_id"`
	AccountName   string                   `db:"account_name"`
	Network       string                   `db:"network"`
	PostingLevel  workspace.PostingLevel   `db:"posting_level"`
	ApprovesPosts bool                     `db:"approves_posts"`
	Mode          workspace.CredentialMode `db:"credential_mode"` // NoMode without manage_posts (R19)
	// Reauthenticates is the one person who mends the connection: the Owner in
	// mode owner (R35), the member in mode member (R38), nobody without a mode.
	Reauthenticates domain.UserID
	Connection      account.ConnectionState `db:"connection_state"` // that person's; empty without a mode
	ConnectionSince time.Time               `db:"connection_since"` // since when; zero if never connected or asked
}

// Team are members of one workspace.
type Team struct {
	Members []Member
	// Owner is what people call its Owner: empty for one who has not been heard of
	// yet, and among members whose connections are not the Owner's to mend.
	Owner personal.Text
}

// Mender is what people call who reauthenticates for an assignment of a member.
func (t Team) Mender(of Member, assignment Assignment) personal.Text {
	switch assignment.Mode {
	case workspace.OwnerMode:
		return t.Owner
	case workspace.MemberMode:
		return of.Name
	}
	return personal.Text{}
}

// needsOwner reports whether the Owner mends a connection and has no name here.
func (t Team) needsOwner() bool {
	return t.Owner.IsZero() && slices.ContainsFunc(t.Members, func(m Member) bool {
		return slices.ContainsFunc(m.Assignments, func(a Assignment) bool { return a.Mode == workspace.OwnerMode })
	})
}

// memberLine is a member with one of their assignments, or with none.
type memberLine struct {
	Member
	Assignment
}

// join adds the line to the members, whose last one it may be another line of.
func (l *memberLine) join(members *[]Member, owner domain.UserID) {
	last := len(*members) - 1
	if last < 0 || (*members)[last].User != l.User {
		*members, last = append(*members, l.Member), last+1
	}
	if !l.Account.IsZero() {
		(*members)[last].Assignments = append((*members)[last].Assignments, l.mended(owner))
	}
}

// mended is the line's assignment, with the one person who mends its connection.
func (l *memberLine) mended(owner domain.UserID) Assignment {
	assignment := l.Assignment
	switch assignment.Mode {
	case workspace.OwnerMode:
		assignment.Reauthenticates = owner
	case workspace.MemberMode:
		assignment.Reauthenticates = l.User
	default:
		return assignment
	}
	if assignment.Connection == "" {
		assignment.Connection = account.Missing
	}
	return assignment
}
