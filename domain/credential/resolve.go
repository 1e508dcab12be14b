// Package credential answers the one question that everything serves: through
// whose connection does this member's post go out, can it be used now, and who
// has to mend it if not (R33-R44).
package credential

import (
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
)

// Resolution is the answer for one author, one account and one moment.
type Resolution struct {
	Mode       workspace.CredentialMode
	Holder     domain.UserID       // whose connection, and who alone mends it (R35, R38)
	Connection domain.ConnectionID // zero if the holder has none
	State      account.ConnectionState
	Identity   string        // posting identity; empty where there is none (R40)
	ByHand     bool          // the holder posts by hand, and needs no connection for it
	Rules      []domain.Rule // why, most decisive first
}

// Usable reports whether something may be sent through the connection now (R44).
func (r Resolution) Usable() bool { return r.State == account.Active }

// GoesOut reports whether a post would go out now: through the connection, or by
// the holder's hand. Of every answer about publishing this is the yes or no; what
// is sent by a program needs Usable.
func (r Resolution) GoesOut() bool { return r.ByHand || r.Usable() }

// Mends is the one person who is asked when the connection is not usable (R44).
func (r Resolution) Mends() domain.UserID { return r.Holder }

// Resolve answers through what a post goes out at this moment, whenever it was
// written (R42), and refuses where nothing goes out at all: with R13 in a closed
// workspace, with R68 while publishing is paused, and as Whose does.
func Resolve(w workspace.Workspace, id domain.AccountID, a account.Account, author domain.UserID, identity string) (Resolution, error) {
	if err := Halted(w, id); err != nil {
		return Resolution{}, err
	}
	return Whose(w, id, a, author, identity)
}

// Halted refuses, with R13 or R68, where nothing is sent whoever the author is.
func Halted(w workspace.Workspace, id domain.AccountID) error {
	if err := w.MustBeOpen(); err != nil {
		return err
	}
	if w.Paused || w.Accounts[id].Paused {
		return domain.Clash(domain.R68, "publishing_paused", "Publishing is paused: nothing is sent until it is resumed.")
	}
	return nil
}

// Whose answers whose connection it is, whether or not anything is sent now.
// identity is the post's own override, honoured only where the author chooses
// the identity (R36, R39).
//
// Who may not post to the account any more - removed, unassigned, without
// manage_posts - is resolved as the Owner, without their identity (R61). The
// error is R27 when the workspace does not hold the account.
func Whose(w workspace.Workspace, id domain.AccountID, a account.Account, author domain.UserID, identity string) (Resolution, error) {
	held, ok := w.Accounts[id]
	if !ok {
		return Resolution{}, domain.Clash(domain.R27, "account_gone", "The workspace does not hold this account any more.")
	}
	mode, rules, own := modeOf(w, id, author)
	holder := w.Owner
	if mode == workspace.MemberMode {
		holder = author
	}
	connection := a.ConnectionOf(holder)
	resolution := Resolution{
		Mode: mode, Holder: holder, Connection: connection.ID, State: connection.State, ByHand: held.ByHand, Rules: rules,
	}
	if held.HasIdentities {
		resolution.Identity = connection.Identity
		if own && identity != "" {
			resolution.Identity = identity
		}
	}
	return resolution, nil
}

// modeOf answers the mode of the author's posts, the rules that say so, and
// whether the author chooses the posting identity (R36, R39).
func modeOf(w workspace.Workspace, id domain.AccountID, author domain.UserID) (workspace.CredentialMode, []domain.Rule, bool) {
	member := w.Members[author]
	switch {
	case !member.User.IsZero() && member.Role == workspace.Owner:
		return workspace.OwnerMode, []domain.Rule{domain.R42, domain.R36}, true
	case !member.Posts(id):
		return workspace.OwnerMode, []domain.Rule{domain.R61, domain.R42}, false
	case member.Assignments[id].CredentialMode == workspace.MemberMode:
		return workspace.MemberMode, []domain.Rule{domain.R37, domain.R38, domain.R39}, true
	default:
		return workspace.OwnerMode, []domain.Rule{domain.R34, domain.R35, domain.R36}, false
	}
}
