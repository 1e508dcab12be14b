package account

import (
	"slices"

	"behalf/domain"
	"behalf/domain/workspace"
)

// ChangePostingIdentity chooses whom posts through the user's own connection
// appear as, unless a post says otherwise: the Owner for everybody in mode
// owner (R36), a member in mode member for themselves (R39). It counts for
// what is scheduled already (R42).
type ChangePostingIdentity struct {
	Account  domain.AccountID `json:"account" doc:"On which social account."`
	Identity string           `json:"identity" maxLength:"200" doc:"One of those that the network offers for your connection; empty: the account itself."`

	Offered []string `json:"-"` // what the network offers the connection; looked up
}

// Decide answers R32 to non-members and refuses with R27 (not assigned), R36
// (the Owner chooses), R40 (the network has none, or not this one) or R44 (there
// is no connection to choose it for). What is chosen already changes nothing.
func (c ChangePostingIdentity) Decide(w workspace.Workspace, a Account, by domain.Actor) ([]domain.Event, error) {
	member, err := w.Admit(by)
	if err != nil {
		return nil, err
	}
	held, known := w.Accounts[c.Account]
	assignment, assigned := member.Assignments[c.Account]
	owns := member.Role == workspace.Owner
	connection := a.ConnectionOf(by.User)
	switch {
	case !known:
		return nil, domain.Hidden()
	case !owns && !assigned:
		return nil, domain.Forbid(domain.R27, "not_assigned", "This account is not assigned to you.")
	case !owns && assignment.CredentialMode != workspace.MemberMode:
		return nil, domain.Forbid(domain.R36, "identity_is_the_owners", "With the Owner's connection, the Owner chooses who posts appear as.")
	case !held.HasIdentities:
		return nil, domain.Wrong(domain.R40, "identity", "no_identities", "Posts to this network always appear as the account itself.")
	case connection.State == Missing || connection.State == Revoked:
		return nil, domain.Clash(domain.R44, "not_connected", "You have no connection to this account.")
	case c.Identity == connection.Identity:
		return nil, nil
	case c.Identity != "" && !domain.IsLine(c.Identity, maxIdentity):
		return nil, domain.Wrong(0, "identity", "malformed_identity", "A posting identity is one line of 1 to 200 characters.")
	case c.Identity != "" && !slices.Contains(c.Offered, c.Identity):
		return nil, domain.Wrong(domain.R40, "identity", "unknown_identity", "The network does not offer this posting identity for your connection.")
	}
	return []domain.Event{PostingIdentityChanged{
		Holder: by.User, Connection: connection.ID, From: connection.Identity, To: c.Identity,
	}}, nil
}
