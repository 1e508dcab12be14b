// Package notice says who is told what when something happens: by mail, and
// inside the product. It is pure: one event in, the people whom it concerns
// out, with ids and the rule book's own words and nothing personal, so that a
// notice may stand in queues and views.
package notice

import (
	"encoding/json"
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
)

// Notice is one thing that one person is told because of one event. Of one
// event a person is told one thing at most.
type Notice struct {
	Kind    Kind
	To      domain.UserID
	Account domain.AccountID // what it is about; zero if no social account
	Details Details
}

// Details are what a kind has to say besides names. None of it is personal.
type Details struct {
	Change   Change                   `json:"change,omitempty"` // of AccessChanged: what changed
	Role     workspace.Role           `json:"role,omitempty"`   // what the person is offered, or is now
	From     workspace.Role           `json:"from,omitempty"`   // what they were
	Access   *workspace.ClientAccess  `json:"access,omitempty"`
	Level    workspace.PostingLevel   `json:"level,omitempty"`
	Mode     workspace.CredentialMode `json:"mode,omitempty"`
	Granted  bool                     `json:"granted,omitempty"` // what may be on or off is on now
	First    bool                     `json:"first,omitempty"`   // of Reauthentication: there never was a connection
	Days     int                      `json:"days,omitempty"`    // of StillDown: since the person was asked
	Gone     bool                     `json:"gone,omitempty"`    // of PostsPassed: the author is no member any more
	Posts    []domain.PostID          `json:"posts,omitempty"`   // of PostsPassed: as far as the views knew them; otherwise the one that it is about
	Accounts []domain.AccountID       `json:"accounts,omitempty"`
	Name     string                   `json:"name,omitempty"` // of a renaming: what the workspace was called before
	Until    time.Time                `json:"until,omitzero"` // of a deletion: when; of an export: how long it can be fetched; of PostWaiting: until when to approve; of PostHandedOver: until when to confirm; of RunsOut: when
	Why      string                   `json:"why,omitempty"`  // of what went wrong with a post: in our plain words, never the network's text
}

// Change is what changed in a member's access, or in a workspace.
type Change string

// The changes.
const (
	RoleChange     Change = "role"       // R4
	AccessChange   Change = "access"     // a Client's flags (R14)
	AddingChange   Change = "adding"     // an Admin's add_accounts (R7)
	Assigned       Change = "assigned"   // one more account
	Unassigned     Change = "unassigned" // one account less
	LevelChange    Change = "level"      // whether posts need approval (R50)
	ApprovalChange Change = "approval"   // whether the member approves posts (R18)
	ModeChange     Change = "mode"       // whose connection is used (R33)
	AuditorChange  Change = "auditor"    // whether they may read history (R65)

	Renaming  Change = "renaming"  // R13
	Pausing   Change = "pausing"   // R68
	Resuming  Change = "resuming"  // R68
	Closing   Change = "closing"   // R13
	Deleting  Change = "deleting"  // in 30 days (R13)
	Remaining Change = "remaining" // not deleted after all (R13)

	Revised   Change = "revised"    // of PostWaiting: it was changed, and waits again (R54)
	ByItself  Change = "by_itself"  // of PostWaiting: it goes out as soon as it is approved
	InPart    Change = "in_part"    // of PostApproved: another approval is still missing (R52)
	Still     Change = "still"      // of PostUnknown: a day later
	OfRights  Change = "of_rights"  // of PostFailed and PostTrouble: the person's connection may not do it
	OfContent Change = "of_content" // of PostFailed and PostTrouble: anything else; the post is the person's
)

// String writes the details as ParseDetails reads them: as JSON.
func (d Details) String() string {
	written, err := json.Marshal(d)
	if err != nil {
		return "{}" // cannot be: there is nothing in it that JSON does not have
	}
	return string(written)
}

// ParseDetails reads what String wrote. What it cannot read is left out: a
// notice then says less.
func ParseDetails(written string) (d Details) {
	_ = json.Unmarshal([]byte(written), &d)
	return d
}
