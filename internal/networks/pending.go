package networks

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// Pending is an authorization that waits for the person to come back. Like a
// Credential it redacts itself, and only Seal writes it out.
type Pending struct {
	State       Secret // expected in the callback (RFC 6749, section 10.12)
	Verifier    Secret // PKCE code verifier (RFC 7636)
	RedirectURI string // exactly as it was authorized
	Host        string // where the network is spread over hosts: which one it was begun with
}

type sealedPending struct {
	State       string `json:"state"`
	Verifier    string `json:"verifier"`
	RedirectURI string `json:"redirect_uri"`
	Host        string `json:"host,omitempty"`
}

// Seal writes the pending authorization in the clear, to be encrypted by the caller.
func (p Pending) Seal() ([]byte, error) {
	return json.Marshal(sealedPending{
		State: p.State.Reveal(), Verifier: p.Verifier.Reveal(), RedirectURI: p.RedirectURI, Host: p.Host,
	})
}

// OpenPending reads what Seal wrote.
func OpenPending(sealed []byte) (Pending, error) {
	var read sealedPending
	if err := json.Unmarshal(sealed, &read); err != nil || read.State == "" {
		return Pending{}, fmt.Errorf("open pending authorization: %w", ErrSealed)
	}
	return Pending{
		State: NewSecret(read.State), Verifier: NewSecret(read.Verifier), RedirectURI: read.RedirectURI, Host: read.Host,
	}, nil
}

func (p Pending) String() string               { return redacted }
func (p Pending) GoString() string             { return redacted }
func (p Pending) Format(f fmt.State, _ rune)   { _, _ = f.Write([]byte(redacted)) }
func (p Pending) LogValue() slog.Value         { return slog.StringValue(redacted) }
func (p Pending) MarshalJSON() ([]byte, error) { return nil, ErrSecret }
func (p Pending) MarshalText() ([]byte, error) { return nil, ErrSecret }
