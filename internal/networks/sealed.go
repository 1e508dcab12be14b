package networks

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ErrSealed says that sealed bytes cannot be read. It never quotes them.
var ErrSealed = errors.New("malformed sealed secret")

// sealedCredential is what the vault encrypts: one of the kinds.
type sealedCredential struct {
	Kind        CredentialKind     `json:"kind"`
	OAuth2      *sealedOAuth2      `json:"oauth2,omitempty"`
	AppPassword *sealedAppPassword `json:"app_password,omitempty"`
	SessionPair *sealedSessionPair `json:"session_pair,omitempty"`
	BotToken    string             `json:"bot_token,omitempty"`
	Webhook     string             `json:"webhook,omitempty"`
	Manual      *sealedManual      `json:"manual,omitempty"`
}

type sealedOAuth2 struct {
	AccessToken  string    `json:"access_token"`
	RefreshToken string    `json:"refresh_token,omitempty"`
	AccountToken string    `json:"account_token,omitempty"`
	Expiry       time.Time `json:"expiry,omitzero"`
	Host         string    `json:"host,omitempty"`
	Exchangeable bool      `json:"exchangeable,omitempty"`
}

type sealedAppPassword struct {
	Site     string `json:"site"`
	User     string `json:"user"`
	Password string `json:"password"`
}

type sealedSessionPair struct {
	Host    string    `json:"host"`
	Subject string    `json:"subject"`
	Access  string    `json:"access"`
	Refresh string    `json:"refresh"`
	Expiry  time.Time `json:"expiry,omitzero"`
}

type sealedManual struct {
	RemoteID   string   `json:"remote_id"`
	Name       string   `json:"name"`
	Identities []string `json:"identities,omitempty"`
}

// Seal writes the credential in the clear, for the vault to encrypt. Nobody else calls it.
func (c Credential) Seal() ([]byte, error) {
	written := sealedCredential{Kind: c.kind}
	switch c.kind {
	case KindOAuth2:
		o := c.oauth2
		written.OAuth2 = &sealedOAuth2{
			AccessToken: o.AccessToken.Reveal(), RefreshToken: o.RefreshToken.Reveal(), AccountToken: o.AccountToken.Reveal(),
			Expiry: o.Expiry, Host: o.Host, Exchangeable: o.Exchangeable,
		}
	case KindAppPassword:
		written.AppPassword = &sealedAppPassword{Site: c.app.Site, User: c.app.User, Password: c.app.Password.Reveal()}
	case KindSessionPair:
		s := c.session
		written.SessionPair = &sealedSessionPair{
			Host: s.Host, Subject: s.Subject, Access: s.Access.Reveal(), Refresh: s.Refresh.Reveal(), Expiry: s.Expiry,
		}
	case KindBotToken:
		written.BotToken = c.bot.Token.Reveal()
	case KindWebhook:
		written.Webhook = c.webhook.URL.Reveal()
	case KindManual:
		m := c.manual
		written.Manual = &sealedManual{RemoteID: m.RemoteID, Name: m.Name, Identities: m.Identities}
	default:
		return nil, fmt.Errorf("seal credential: unknown kind %q", c.kind)
	}
	return json.Marshal(written)
}

// OpenCredential reads what Seal wrote, after the vault has decrypted it.
func OpenCredential(sealed []byte) (Credential, error) {
	var read sealedCredential
	if json.Unmarshal(sealed, &read) != nil {
		return Credential{}, fmt.Errorf("open credential: %w", ErrSealed)
	}
	opened, ok := read.open()
	if !ok {
		return Credential{}, fmt.Errorf("open credential: %w", ErrSealed)
	}
	return opened, nil
}

// open answers false for a credential without what makes it one.
func (s sealedCredential) open() (opened Credential, ok bool) {
	switch {
	case s.Kind == KindOAuth2 && s.OAuth2 != nil:
		o := s.OAuth2
		return NewOAuth2(OAuth2{
			AccessToken: NewSecret(o.AccessToken), RefreshToken: NewSecret(o.RefreshToken), AccountToken: NewSecret(o.AccountToken),
			Expiry: o.Expiry, Host: o.Host, Exchangeable: o.Exchangeable,
		}), o.AccessToken != ""
	case s.Kind == KindAppPassword && s.AppPassword != nil:
		p := s.AppPassword
		return NewAppPassword(AppPassword{Site: p.Site, User: p.User, Password: NewSecret(p.Password)}), p.Password != ""
	case s.Kind == KindSessionPair && s.SessionPair != nil:
		p := s.SessionPair
		return NewSessionPair(SessionPair{
			Host: p.Host, Subject: p.Subject, Access: NewSecret(p.Access), Refresh: NewSecret(p.Refresh), Expiry: p.Expiry,
		}), p.Access != ""
	case s.Kind == KindBotToken:
		return NewBotToken(BotToken{Token: NewSecret(s.BotToken)}), s.BotToken != ""
	case s.Kind == KindWebhook:
		return NewWebhook(Webhook{URL: NewSecret(s.Webhook)}), s.Webhook != ""
	case s.Kind == KindManual && s.Manual != nil:
		m := s.Manual
		return NewManual(Manual{RemoteID: m.RemoteID, Name: m.Name, Identities: m.Identities}), m.RemoteID != ""
	default:
		return Credential{}, false
	}
}
