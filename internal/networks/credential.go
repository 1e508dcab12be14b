package networks

import (
	"crypto/subtle"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// CredentialKind says which kind of credential it is. The kinds are a union:
// each has its own constructor and accessor.
type CredentialKind string

// The kinds of credentials.
const (
	KindOAuth2      CredentialKind = "oauth2"
	KindAppPassword CredentialKind = "app_password"
	KindSessionPair CredentialKind = "session_pair"
	KindBotToken    CredentialKind = "bot_token"
	KindWebhook     CredentialKind = "webhook"
	KindManual      CredentialKind = "manual"
)

// Credential is a person's authorization on a network. It redacts itself
// wherever it is printed or logged, and only Seal writes it out.
type Credential struct {
	kind    CredentialKind
	oauth2  OAuth2
	app     AppPassword
	session SessionPair
	bot     BotToken
	webhook Webhook
	manual  Manual
}

// OAuth2 is the credential that an OAuth 2.0 authorization ends in (RFC 6749, section 5.1).
type OAuth2 struct {
	AccessToken  Secret
	RefreshToken Secret    // zero when the network gave none
	AccountToken Secret    // zero, or what the network gave for one account: a page's token
	Expiry       time.Time // of the access token, UTC; zero when the network named none
	Host         string    // where the network is spread over hosts: which one
	Exchangeable bool      // the access token itself is exchanged for a newer one
}

// AppPassword is a password that a person made for this installation alone,
// sent with every request (RFC 7617).
type AppPassword struct {
	Site     string // base address of the site that it opens, without a trailing slash
	User     string
	Password Secret
}

// SessionPair is a session that a password of an application opened: a
// short-lived token and one that renews both.
type SessionPair struct {
	Host    string // base address of the server that holds the account
	Subject string // the account's id there
	Access  Secret
	Refresh Secret
	Expiry  time.Time // of Access, UTC
}

// BotToken is the token of a program that acts under its own name.
type BotToken struct{ Token Secret }

// Webhook is an address that whoever knows it can post to.
type Webhook struct{ URL Secret }

// Manual is a place that a person posts to by hand, as that person described it.
// It holds no secret.
type Manual struct {
	RemoteID   string // as Account.RemoteID
	Name       string
	Identities []string // what the person may post as there, by name
}

// NewOAuth2 makes a credential of kind KindOAuth2.
func NewOAuth2(o OAuth2) Credential { return Credential{kind: KindOAuth2, oauth2: o} }

// NewAppPassword makes a credential of kind KindAppPassword.
func NewAppPassword(p AppPassword) Credential { return Credential{kind: KindAppPassword, app: p} }

// NewSessionPair makes a credential of kind KindSessionPair.
func NewSessionPair(p SessionPair) Credential { return Credential{kind: KindSessionPair, session: p} }

// NewBotToken makes a credential of kind KindBotToken.
func NewBotToken(b BotToken) Credential { return Credential{kind: KindBotToken, bot: b} }

// NewWebhook makes a credential of kind KindWebhook.
func NewWebhook(w Webhook) Credential { return Credential{kind: KindWebhook, webhook: w} }

// NewManual makes a credential of kind KindManual.
func NewManual(m Manual) Credential { return Credential{kind: KindManual, manual: m} }

// Kind is empty for the zero Credential.
func (c Credential) Kind() CredentialKind { return c.kind }

// IsZero reports whether there is no credential.
func (c Credential) IsZero() bool { return c.kind == "" }

// OAuth2 returns the tokens of a credential of kind KindOAuth2.
func (c Credential) OAuth2() (o OAuth2, ok bool) { return c.oauth2, c.kind == KindOAuth2 }

// AppPassword returns what a credential of kind KindAppPassword holds.
func (c Credential) AppPassword() (p AppPassword, ok bool) { return c.app, c.kind == KindAppPassword }

// SessionPair returns what a credential of kind KindSessionPair holds.
func (c Credential) SessionPair() (p SessionPair, ok bool) {
	return c.session, c.kind == KindSessionPair
}

// BotToken returns what a credential of kind KindBotToken holds.
func (c Credential) BotToken() (b BotToken, ok bool) { return c.bot, c.kind == KindBotToken }

// Webhook returns what a credential of kind KindWebhook holds.
func (c Credential) Webhook() (w Webhook, ok bool) { return c.webhook, c.kind == KindWebhook }

// Manual returns what a credential of kind KindManual holds.
func (c Credential) Manual() (m Manual, ok bool) { return c.manual, c.kind == KindManual }

// ExpiresAt is when the credential must have been refreshed, UTC; zero when it does not expire.
func (c Credential) ExpiresAt() time.Time {
	if c.kind == KindSessionPair {
		return c.session.Expiry
	}
	return c.oauth2.Expiry
}

// Refreshable reports whether Refresh can renew the credential without the person.
func (c Credential) Refreshable() bool {
	switch c.kind {
	case KindOAuth2:
		return !c.oauth2.RefreshToken.IsZero() || c.oauth2.Exchangeable
	case KindSessionPair:
		return !c.session.Refresh.IsZero()
	default:
		return false
	}
}

// Same reports whether the network cannot tell two credentials apart: ending one
// ends the other. Of an application password neither white space nor how the
// user's name was spelled matters.
func (c Credential) Same(other Credential) bool {
	if c.kind == KindAppPassword && other.kind == KindAppPassword {
		return c.app.Site == other.app.Site && squeeze(c.app.Password) == squeeze(other.app.Password)
	}
	one, err := c.Seal()
	two, failed := other.Seal()
	return err == nil && failed == nil && subtle.ConstantTimeCompare(one, two) == 1
}

func squeeze(s Secret) string { return strings.Join(strings.Fields(s.Reveal()), "") }

func (c Credential) String() string               { return redacted }
func (c Credential) GoString() string             { return redacted }
func (c Credential) Format(f fmt.State, _ rune)   { _, _ = f.Write([]byte(redacted)) }
func (c Credential) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (c Credential) MarshalJSON() ([]byte, error) { return nil, ErrSecret }
func (c Credential) MarshalText() ([]byte, error) { return nil, ErrSecret }
