package secondfactor

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/user/factors"
	"behalf/eventstore"
)

// holder is a person as the WebAuthn library wants to know them.
type holder struct {
	id          domain.UserID
	email, name string
	held        []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return h.id[:] }
func (h holder) WebAuthnName() string                       { return h.email }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.held }

// party is the relying party: where Behalf is reached. Browsers bind a passkey
// to a name, so that there are none where Behalf is reached by a number.
func (d *Desk) party() (*webauthn.WebAuthn, error) {
	host := hostOf(d.PublicURL)
	if protocol.ValidateRPID(host) != nil {
		return nil, domain.Clash(0, "passkeys_unavailable", "Passkeys work only where Behalf is reached by a name.")
	}
	party, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: "Behalf", RPOrigins: []string{d.PublicURL},
		Timeouts: webauthn.TimeoutsConfig{
			Login:        webauthn.TimeoutConfig{Enforce: true, Timeout: challengeLife, TimeoutUVD: challengeLife},
			Registration: webauthn.TimeoutConfig{Enforce: true, Timeout: challengeLife, TimeoutUVD: challengeLife},
		},
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("prepare passkeys: %w", err)
	}
	return party, nil
}

// holder loads a person with their passkeys, in the order of rows.
func (d *Desk) holder(ctx context.Context, person domain.UserID, rows []row) (holder, error) {
	known, err := d.person(ctx, person)
	if err != nil {
		return holder{}, err
	}
	h := holder{id: person, email: known.Email.Reveal(), name: known.Name.Reveal()}
	for _, r := range rows {
		secret, err := d.open(r)
		if err != nil {
			return holder{}, err
		}
		var held webauthn.Credential
		if err := json.Unmarshal(secret.Reveal(), &held); err != nil {
			return holder{}, fmt.Errorf("read passkey %s: %w", r.ID, err)
		}
		h.held = append(h.held, held)
	}
	return h, nil
}

type challengeOutput struct {
	Body struct {
		PublicKey json.RawMessage `json:"public_key" doc:"For PublicKeyCredential.parseCreationOptionsFromJSON."`
		ExpiresAt time.Time       `json:"expires_at" doc:"Until when an answer is taken."`
	} `nameHint:"PasskeyChallenge"`
}

func (d *Desk) beginPasskey(ctx context.Context, _ *struct{}) (*challengeOutput, error) {
	principal, err := d.may(ctx)
	if err != nil {
		return nil, err
	}
	party, err := d.party()
	if err != nil {
		return nil, err
	}
	rows, err := d.factors(ctx, principal.User)
	if err != nil {
		return nil, err
	}
	if len(rows) >= maxFactors {
		return nil, domain.Clash(0, "too_many", "You have ten factors. Remove one that you do not need.")
	}
	h, err := d.holder(ctx, principal.User, ofKind(rows, Passkey))
	if err != nil {
		return nil, err
	}
	creation, session, err := party.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.held).CredentialDescriptors()))
	if err != nil {
		return nil, fmt.Errorf("begin a passkey: %w", err)
	}
	output := &challengeOutput{}
	if output.Body.PublicKey, err = json.Marshal(creation.Response); err != nil {
		return nil, err
	}
	output.Body.ExpiresAt, err = d.challenge(ctx, principal, toRegister, session)
	return output, err
}

type addPasskeyInput struct {
	Body struct {
		Name     string          `json:"name,omitempty" maxLength:"100" example:"Laptop" doc:"What you call it; left out: \"Passkey\"."`
		Response json.RawMessage `json:"response" doc:"What navigator.credentials.create answered, by its toJSON."`
	} `nameHint:"NewPasskey"`
}

func (d *Desk) addPasskey(ctx context.Context, input *addPasskeyInput) (*confirmOutput, error) {
	principal, err := d.may(ctx)
	if err != nil {
		return nil, err
	}
	name, err := nameOf(input.Body.Name, "Passkey")
	if err != nil {
		return nil, err
	}
	party, err := d.party()
	if err != nil {
		return nil, err
	}
	session, err := d.takeChallenge(ctx, principal, toRegister)
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(input.Body.Response)
	if err != nil {
		return nil, wrongPasskey()
	}
	made, err := party.CreateCredential(holder{id: principal.User}, session, parsed)
	if err != nil {
		return nil, wrongPasskey()
	}
	r := row{ID: eventstore.Fresh(), Person: principal.User, Kind: Passkey, Name: name, CreatedAt: d.Now().UTC()}
	whole, err := json.Marshal(made)
	if err != nil {
		return nil, fmt.Errorf("write passkey: %w", err)
	}
	if r.Sealed, err = d.seal(r, whole); err != nil {
		return nil, err
	}
	handle := sha256.Sum256(made.ID)
	if err := d.add(ctx, r, handle[:]); err != nil {
		return nil, err
	}
	codes, err := d.confirm(ctx, principal, r, signin.ByPasskey, func(counting []user.FactorID) error {
		return d.issue(ctx, "AddPasskey", &factors.AddPasskey{Factor: r.ID, Counting: counting})
	})
	return &confirmOutput{Body: Added{Factor: r.shown(), RecoveryCodes: codes}}, err
}

// wrongPasskey answers whatever the library finds: its words are for developers.
func wrongPasskey() error {
	return problem.New(http.StatusForbidden, "wrong_passkey", "The passkey's answer does not fit what it was asked.")
}
