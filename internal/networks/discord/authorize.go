package discord

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"behalf/internal/networks"
)

const (
	fieldWebhook = "webhook"
	maxAddress   = 300
)

// Authorize implements networks.Connector: the person pastes a webhook's address.
func (c *Connector) Authorize(_ context.Context, r networks.AuthRequest) (networks.AuthStart, error) {
	state := rand.Text()
	return networks.AuthStart{
		State: state, Pending: networks.Pending{State: networks.NewSecret(state), RedirectURI: r.RedirectURI},
		Form: []networks.Field{{
			Name: fieldWebhook, Label: "Address of the channel's webhook", Secret: true, MaxLength: maxAddress,
			Help: "On Discord: the channel's settings, Integrations, Webhooks, Copy Webhook URL.",
		}},
	}, nil
}

// Exchange implements networks.Connector: an address that Discord does not know
// is no credential.
func (c *Connector) Exchange(ctx context.Context, cb networks.Callback) (networks.Credential, error) {
	if cb.Pending.State.IsZero() {
		return networks.Credential{}, &networks.Failure{
			Kind: networks.Rejected, Code: "state_mismatch",
			Detail: "This form does not belong to anything that was started here. Start again.",
		}
	}
	address := strings.TrimSpace(cb.Fields[fieldWebhook].Reveal())
	if _, _, known := hook(address); !known || len(address) > maxAddress {
		return networks.Credential{}, &networks.Failure{
			Kind: networks.Rejected, Code: "invalid_webhook", Detail: "This is not the address of a Discord webhook.",
		}
	}
	credential := networks.NewWebhook(networks.Webhook{URL: networks.NewSecret(address)})
	if _, err := c.webhook(ctx, credential); err != nil {
		return networks.Credential{}, err
	}
	return credential, nil
}

// Refresh implements networks.Connector: there is nothing to renew.
func (c *Connector) Refresh(context.Context, networks.Credential) (networks.Credential, error) {
	return networks.Credential{}, networks.ErrUnsupported
}

// Revoke implements networks.Connector.
func (c *Connector) Revoke(context.Context, networks.Credential) error {
	return networks.ErrUnsupported
}

type webhookForm struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Channel string `json:"channel_id"`
	Guild   string `json:"guild_id"`
}

// account is the channel: another webhook of it posts to the same place.
func (w webhookForm) account() networks.Account {
	id := w.Guild + "/" + w.Channel
	return networks.Account{RemoteID: id, Name: w.Name, URL: "https://discord.com/channels/" + id}
}

func (c *Connector) webhook(ctx context.Context, credential networks.Credential) (webhookForm, error) {
	var read webhookForm
	r, err := c.call(networks.CallRead, http.MethodGet, credential, "")
	if err != nil {
		return read, err
	}
	if _, err := c.rest.Do(ctx, r, &read); err != nil {
		return read, err
	}
	if read.ID == "" || read.Channel == "" || read.Guild == "" {
		return read, c.rest.Unreadable(networks.CallRead)
	}
	if read.Name == "" {
		read.Name = "Discord channel " + read.Channel
	}
	return read, nil
}

// Accounts implements networks.Connector: the webhook's channel.
func (c *Connector) Accounts(ctx context.Context, credential networks.Credential) ([]networks.Account, error) {
	read, err := c.webhook(ctx, credential)
	if err != nil {
		return nil, err
	}
	return []networks.Account{read.account()}, nil
}

// VerifyAccess implements networks.Connector. A webhook has no person; it
// stands in for one.
func (c *Connector) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	read, err := c.webhook(ctx, s.Credential)
	switch {
	case err != nil:
		return networks.Access{}, err
	case read.account().RemoteID != s.Account:
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "other_account", Detail: "This webhook belongs to another channel.",
		}
	case s.Identity != "":
		return networks.Access{}, &networks.Failure{
			Kind: networks.NoPermission, Code: "unknown_identity", Detail: "Posting identities are not used on Discord.",
		}
	}
	return networks.Access{Account: read.account(), Person: networks.Person{RemoteID: read.ID, Name: read.Name}}, nil
}
