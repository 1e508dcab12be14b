package linkedin

import (
	"context"

	"behalf/internal/networks"
)

// Authorize implements networks.Connector.
func (c *Connector) Authorize(_ context.Context, r networks.AuthRequest) (networks.AuthStart, error) {
	return c.flow.Authorize(r)
}

// Exchange implements networks.Connector. Only approved partners are given a
// refresh token; without one the credential ends after 60 days, and the person
// is asked before that.
func (c *Connector) Exchange(ctx context.Context, cb networks.Callback) (networks.Credential, error) {
	tokens, err := c.flow.Exchange(ctx, cb)
	if err != nil {
		return networks.Credential{}, err
	}
	return networks.NewOAuth2(tokens), nil
}

// Refresh implements networks.Connector
// (shared/authentication/programmatic-refresh-tokens).
func (c *Connector) Refresh(ctx context.Context, old networks.Credential) (networks.Credential, error) {
	tokens, err := c.flow.Refresh(ctx, old)
	if err != nil {
		return networks.Credential{}, err
	}
	return networks.NewOAuth2(tokens), nil
}

// Revoke implements networks.Connector: LinkedIn documents no such call.
func (c *Connector) Revoke(context.Context, networks.Credential) error {
	return networks.ErrUnsupported
}
