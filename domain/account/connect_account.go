package account

import (
	"cmp"

	"behalf/domain"
	"behalf/domain/workspace"
)

// ConnectAccount ends the connecting of a social account: it takes one of the
// accounts that a finished authorization gives access to, and adds it to the
// workspace, or connects (reauthenticates) the user's own connection to an
// account that the workspace holds already (R7, R16, R37, R38, R46, R67).
type ConnectAccount struct {
	Authorization string           `json:"authorization" maxLength:"100" doc:"What the callback of the authorization answered."`
	Remote        string           `json:"remote" maxLength:"200" doc:"The network's id of the account, one of those that the callback listed."`
	Account       domain.AccountID `json:"account,omitempty" doc:"The account to connect again. Left out: found by its remote id, or added."`
	Identity      string           `json:"identity,omitempty" maxLength:"200" doc:"Posting identity, where the network has one (R40) and you choose it (R36, R39). Left out: as it was."`

	Verified Access `json:"-"` // what the network confirmed; zero until it did
}

// Access is what a network confirmed about a user's right to post (R37).
type Access struct {
	Network       string
	Remote        string
	Name          string
	URL           string // where people see the account; empty if the network does not say
	HasIdentities bool
	ByHand        bool                // a person posts there: no program can
	Connection    domain.ConnectionID // the id under which the vault keeps the authorization
}

// maxIdentity is how many characters a posting identity may have.
const maxIdentity = 200

// Start gives an account that is new to the workspace its id.
func (c *ConnectAccount) Start(by domain.Actor) {
	if c.Account.IsZero() {
		c.Account = by.NewAccountID()
	}
}

// Decide answers R32 to non-members and refuses with R37 (the network did not
// confirm access), R7 or R16 (may not add), R35 or R27 (may not connect here),
// R46 (another remote account), R40 (no such thing as an identity there) or R36
// (the identity is not theirs to choose). Reauthenticating keeps the identity.
func (c ConnectAccount) Decide(ws domain.WorkspaceID, w workspace.Workspace, a Account, by domain.Actor) ([]domain.Change, error) {
	member, err := w.Admit(by)
	if err != nil {
		return nil, err
	}
	if c.Verified.Connection.IsZero() {
		return nil, domain.Forbid(domain.R37, "access_not_confirmed", "The network did not confirm that you may post to this account.")
	}
	held, known := w.Accounts[c.Account]
	if known {
		err = c.mayReconnect(member, held)
	} else {
		err = c.mayAdd(w, a, member)
	}
	if err != nil {
		return nil, err
	}
	if err := c.checkIdentity(member, known); err != nil {
		return nil, err
	}
	previous := a.Replaced(by.User)
	changes := domain.On(Stream(c.Account), Connected{
		Workspace: ws, Network: c.Verified.Network, Remote: c.Verified.Remote,
		Connection: c.Verified.Connection, Holder: by.User, Identity: cmp.Or(c.Identity, previous.Identity),
		Replaces: previous.ID,
	})
	if known {
		return changes, nil
	}
	return append(domain.On(workspace.Stream(ws), c.added(member)...), changes...), nil
}

// mayReconnect answers who connects their own connection: the Owner, whoever
// added the account (R67), a member whose mode is member (R38). An account
// stays the remote account that it is (R46).
func (c ConnectAccount) mayReconnect(member workspace.Member, held workspace.Account) error {
	if held.Network != c.Verified.Network || held.Remote != c.Verified.Remote {
		return domain.Clash(domain.R46, "other_remote_account", "You signed in with access to another account than the one to be connected.")
	}
	assignment, assigned := member.Assignments[c.Account]
	switch {
	case member.Role == workspace.Owner, held.AddedBy == member.User:
		return nil
	case !assigned:
		return domain.Forbid(domain.R27, "not_assigned", "This account is not assigned to you.")
	case assignment.CredentialMode == workspace.MemberMode:
		return nil
	default:
		return domain.Forbid(domain.R35, "owner_reauthenticates", "Your posts go out through the Owner's connection; only the Owner reauthenticates it.")
	}
}

func (c ConnectAccount) mayAdd(w workspace.Workspace, a Account, member workspace.Member) error {
	if err := member.MayAddAccounts(); err != nil {
		return err
	}
	if _, held := w.AccountOf(c.Verified.Network, c.Verified.Remote); held {
		return domain.Clash(domain.R46, "already_held", "The workspace holds this account already. Connect it by its id.")
	}
	if a.Exists() {
		return domain.Hidden()
	}
	return nil
}

// checkIdentity lets the Owner choose (R36), and members in mode member (R39),
// which is what whoever adds an account and may post becomes (R67).
func (c ConnectAccount) checkIdentity(member workspace.Member, known bool) error {
	mode := member.Assignments[c.Account].CredentialMode
	chooses := member.Role == workspace.Owner || mode == workspace.MemberMode || !known && member.MayWrite() == nil
	switch {
	case c.Identity == "":
		return nil
	case !domain.IsLine(c.Identity, maxIdentity):
		return domain.Wrong(0, "identity", "malformed_identity", "A posting identity is one line of 1 to 200 characters.")
	case !c.Verified.HasIdentities:
		return domain.Wrong(domain.R40, "identity", "no_identities", "Posts to this network always appear as the account itself.")
	case !chooses:
		return domain.Wrong(domain.R36, "identity", "identity_is_the_owners", "With the Owner's connection, the Owner chooses who posts appear as.")
	default:
		return nil
	}
}

// added makes the adding and, for everybody but the Owner, the assignment of R67.
func (c ConnectAccount) added(member workspace.Member) []domain.Event {
	events := []domain.Event{workspace.AccountAdded{
		Account: c.Account, Network: c.Verified.Network, Remote: c.Verified.Remote,
		Name: c.Verified.Name, URL: c.Verified.URL, AddedBy: member.User, HasIdentities: c.Verified.HasIdentities,
		ByHand: c.Verified.ByHand,
	}}
	if member.Role == workspace.Owner {
		return events
	}
	assignment := workspace.Assignment{Account: c.Account}
	if member.MayWrite() == nil {
		assignment.CredentialMode = workspace.MemberMode
	}
	return append(events, workspace.AccountAssigned{Member: member.User, Assignment: assignment})
}
