package groups

import (
	"context"
	"slices"

	"behalf/internal/networks"
)

// Accounts implements networks.Connector: the group that the person named.
func (Connector) Accounts(_ context.Context, credential networks.Credential) ([]networks.Account, error) {
	group, ok := credential.Manual()
	if !ok {
		return nil, refuse("wrong_credential", "This connection was not made with Facebook Groups.")
	}
	account := networks.Account{RemoteID: group.RemoteID, Name: group.Name, URL: "https://www.facebook.com/groups/" + group.RemoteID}
	for _, name := range group.Identities {
		account.Identities = append(account.Identities, networks.Identity{RemoteID: name, Name: name})
	}
	return []networks.Account{account}, nil
}

// VerifyAccess implements networks.Connector. Facebook cannot be asked: the
// person's own word is all there is, and who it is nobody knows.
func (c Connector) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	accounts, err := c.Accounts(ctx, s.Credential)
	if err != nil {
		return networks.Access{}, err
	}
	if accounts[0].RemoteID != s.Account {
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "other_account", Detail: "This connection belongs to another group.",
		}
	}
	named := func(i networks.Identity) bool { return i.RemoteID == s.Identity }
	if s.Identity != "" && !slices.ContainsFunc(accounts[0].Identities, named) {
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "unknown_identity", Detail: "The group's connection does not name this profile.",
		}
	}
	return networks.Access{Account: accounts[0]}, nil
}

// Refresh implements networks.Connector.
func (Connector) Refresh(context.Context, networks.Credential) (networks.Credential, error) {
	return networks.Credential{}, networks.ErrUnsupported
}

// Revoke implements networks.Connector.
func (Connector) Revoke(context.Context, networks.Credential) error { return networks.ErrUnsupported }

// Prepare implements networks.Connector.
func (Connector) Prepare(context.Context, networks.Session, networks.Attempt, networks.Save) (networks.Prepared, error) {
	return nil, nil
}

// Discard implements networks.Connector.
func (Connector) Discard(context.Context, networks.Session, networks.Prepared) error { return nil }

// Publish implements networks.Connector.
func (Connector) Publish(context.Context, networks.Session, networks.Attempt) (networks.Published, error) {
	return networks.Published{}, networks.ErrUnsupported
}

// Reconcile implements networks.Connector: only the person knows.
func (Connector) Reconcile(context.Context, networks.Session, networks.Attempt) (networks.Verdict, error) {
	return networks.Verdict{State: networks.Unknown}, nil
}

// Delete implements networks.Connector.
func (Connector) Delete(context.Context, networks.Session, string) error {
	return networks.ErrUnsupported
}

// Classify implements networks.Connector: nothing is ever answered.
func (Connector) Classify(networks.Answer) *networks.Failure { return nil }
