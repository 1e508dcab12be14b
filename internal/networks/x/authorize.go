package x

import (
	"context"
	"net/http"
	"net/url"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
)

// Authorize implements networks.Connector. The code that comes back is good for
// 30 seconds.
func (c *Connector) Authorize(_ context.Context, r networks.AuthRequest) (networks.AuthStart, error) {
	return c.flow.Authorize(r)
}

// Exchange implements networks.Connector.
func (c *Connector) Exchange(ctx context.Context, cb networks.Callback) (networks.Credential, error) {
	tokens, err := c.flow.Exchange(ctx, cb)
	if err != nil {
		return networks.Credential{}, err
	}
	return networks.NewOAuth2(tokens), nil
}

// Refresh implements networks.Connector. X rotates the refresh token: the old
// one is good once.
func (c *Connector) Refresh(ctx context.Context, old networks.Credential) (networks.Credential, error) {
	tokens, err := c.flow.Refresh(ctx, old)
	if err != nil {
		return networks.Credential{}, err
	}
	return networks.NewOAuth2(tokens), nil
}

// Revoke implements networks.Connector: both tokens, the one first that makes new ones.
func (c *Connector) Revoke(ctx context.Context, credential networks.Credential) error {
	tokens, err := rest.Bearer(credential, title)
	if err != nil {
		return err
	}
	for _, token := range []networks.Secret{tokens.RefreshToken, tokens.AccessToken} {
		if token.IsZero() {
			continue
		}
		r := rest.Request{
			Call: networks.CallDelete, Method: http.MethodPost, URL: c.at.API + "/2/oauth2/revoke",
			Form: url.Values{"token": {token.Reveal()}},
		}
		r.BasicUser, r.BasicPassword = c.flow.OAuth.ClientID, networks.NewSecret(c.flow.OAuth.ClientSecret)
		if _, err := c.rest.Do(ctx, r, nil); err != nil && networks.KindOf(err) != networks.Reauth {
			return err
		}
	}
	return nil
}

type userForm struct {
	Data struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Username string `json:"username"`
	} `json:"data"`
}

// Accounts implements networks.Connector: the person's own, and no other.
func (c *Connector) Accounts(ctx context.Context, credential networks.Credential) ([]networks.Account, error) {
	account, err := c.me(ctx, credential)
	if err != nil {
		return nil, err
	}
	return []networks.Account{account}, nil
}

// VerifyAccess implements networks.Connector.
func (c *Connector) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	account, err := c.me(ctx, s.Credential)
	switch {
	case err != nil:
		return networks.Access{}, err
	case account.RemoteID != s.Account:
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "other_account", Detail: "This connection belongs to another account on X.",
		}
	case s.Identity != "":
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "unknown_identity", Detail: "X has no posting identities.",
		}
	}
	return networks.Access{
		Account: account, Person: networks.Person{RemoteID: account.RemoteID, Name: account.Name},
	}, nil
}

func (c *Connector) me(ctx context.Context, credential networks.Credential) (networks.Account, error) {
	tokens, err := rest.Bearer(credential, title)
	if err != nil {
		return networks.Account{}, err
	}
	var user userForm
	_, err = c.rest.Do(ctx, rest.Request{
		Call: networks.CallRead, Method: http.MethodGet, URL: c.at.API + "/2/users/me", Bearer: tokens.AccessToken,
	}, &user)
	if err != nil {
		return networks.Account{}, err
	}
	if user.Data.ID == "" || user.Data.Username == "" {
		return networks.Account{}, c.rest.Unreadable(networks.CallRead)
	}
	return networks.Account{
		RemoteID: user.Data.ID, Name: "@" + user.Data.Username, URL: "https://x.com/" + url.PathEscape(user.Data.Username),
	}, nil
}
