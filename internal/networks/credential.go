package networks

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// ErrSealed says that sealed bytes cannot be read. It never quotes them.
var ErrSealed = errors.New("malformed sealed secret")

// CredentialKind says which kind of credential it is. The kinds are a union:
// each has its own constructor and accessor.
type CredentialKind string

// The kinds of credentials.
const (
	KindOAuth2 CredentialKind = "oauth2"
)

// Credential is a person's authorization on a network. It redacts itself
// wherever it is printed or logged, and only Seal writes it out.
type Credential struct {
	kind   CredentialKind
	oauth2 OAuth2
}

// OAuth2 is the credential that an OAuth 2.0 authorization ends in (RFC 6749, section 5.1).
type OAuth2 struct {
	AccessToken  Secret
	RefreshToken Secret    // zero when the network gave none
	Expiry       time.Time // of the access token, UTC; zero when the network named none
}

// NewOAuth2 makes a credential of kind KindOAuth2.
func NewOAuth2(o OAuth2) Credential { return Credential{kind: KindOAuth2, oauth2: o} }

// Kind is empty for the zero Credential.
func (c Credential) Kind() CredentialKind { return c.kind }

// IsZero reports whether there is no credential.
func (c Credential) IsZero() bool { return c.kind == "" }

// OAuth2 returns the tokens of a credential of kind KindOAuth2.
func (c Credential) OAuth2() (o OAuth2, ok bool) { return c.oauth2, c.kind == KindOAuth2 }

// ExpiresAt is when the credential must have been refreshed, UTC; zero when it does not expire.
func (c Credential) ExpiresAt() time.Time { return c.oauth2.Expiry }

// Refreshable reports whether Refresh can renew the credential without the person.
func (c Credential) Refreshable() bool { return !c.oauth2.RefreshToken.IsZero() }

type sealedCredential struct {
	Kind   CredentialKind `json:"kind"`
	OAuth2 *sealedOAuth2  `json:"oauth2,omitempty"`
}

type sealedOAuth2 struct {
	AccessToken  string    `json:"access_token"`
	RefreshToken string    `json:"refresh_token,omitempty"`
	Expiry       time.Time `json:"expiry,omitzero"`
}

// Seal writes the credential in the clear, for the vault to encrypt. Nobody else calls it.
func (c Credential) Seal() ([]byte, error) {
	if c.kind != KindOAuth2 {
		return nil, fmt.Errorf("seal credential: unknown kind %q", c.kind)
	}
	return json.Marshal(sealedCredential{Kind: c.kind, OAuth2: &sealedOAuth2{
		AccessToken:  c.oauth2.AccessToken.Reveal(),
		RefreshToken: c.oauth2.RefreshToken.Reveal(),
		Expiry:       c.oauth2.Expiry,
	}})
}

// OpenCredential reads what Seal wrote, after the vault has decrypted it.
func OpenCredential(sealed []byte) (Credential, error) {
	var read sealedCredential
	err := json.Unmarshal(sealed, &read)
	if err != nil || read.Kind != KindOAuth2 || read.OAuth2 == nil || read.OAuth2.AccessToken == "" {
		return Credential{}, fmt.Errorf("open credential: %w", ErrSealed)
	}
	return NewOAuth2(OAuth2{
		AccessToken:  NewSecret(read.OAuth2.AccessToken),
		RefreshToken: NewSecret(read.OAuth2.RefreshToken),
		Expiry:       read.OAuth2.Expiry,
	}), nil
}

func (c Credential) String() string               { return redacted }
func (c Credential) GoString() string             { return redacted }
func (c Credential) Format(f fmt.State, _ rune)   { _, _ = f.Write([]byte(redacted)) }
func (c Credential) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (c Credential) MarshalJSON() ([]byte, error) { return nil, ErrSecret }
func (c Credential) MarshalText() ([]byte, error) { return nil, ErrSecret }
