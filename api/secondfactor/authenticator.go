package secondfactor

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/user/factors"
	"behalf/eventstore"
)

// maxName is how many characters the name of a factor may have.
const maxName = 100

// picture is how many pixels the QR code is wide and high.
const picture = 256

type beginAuthenticatorInput struct {
	Body struct {
		Name string `json:"name,omitempty" maxLength:"100" example:"Phone" doc:"What you call it; left out: \"Authenticator\"."`
	} `nameHint:"NewAuthenticator"`
}

type beginAuthenticatorOutput struct {
	Body struct {
		ID        user.FactorID `json:"id" doc:"Name it to confirm it."`
		Secret    string        `json:"secret" doc:"The secret, to type into an app; shown this once." readOnly:"true"`
		URI       string        `json:"uri" doc:"The same for apps: otpauth://…" readOnly:"true"`
		QRCode    string        `json:"qr_code" doc:"The same as a picture: a data URI of a PNG." readOnly:"true"`
		ExpiresAt time.Time     `json:"expires_at" doc:"Until when it can be confirmed."`
	} `nameHint:"BegunAuthenticator"`
}

func (d *Desk) beginAuthenticator(ctx context.Context, input *beginAuthenticatorInput) (*beginAuthenticatorOutput, error) {
	principal, err := d.may(ctx)
	if err != nil {
		return nil, err
	}
	name, err := nameOf(input.Body.Name, "Authenticator")
	if err != nil {
		return nil, err
	}
	known, err := d.person(ctx, principal.User)
	if err != nil {
		return nil, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Behalf", AccountName: known.Email.Reveal()})
	if err != nil {
		return nil, fmt.Errorf("make an authenticator's secret: %w", err)
	}
	r := row{ID: eventstore.Fresh(), Person: principal.User, Kind: Authenticator, Name: name, CreatedAt: d.Now().UTC()}
	if r.Sealed, err = d.seal(r, []byte(key.Secret())); err != nil {
		return nil, err
	}
	if err := d.add(ctx, r, nil); err != nil {
		return nil, err
	}
	output := &beginAuthenticatorOutput{}
	output.Body.ID, output.Body.Secret, output.Body.URI = r.ID, key.Secret(), key.URL()
	output.Body.ExpiresAt = r.CreatedAt.Add(enrolLife)
	output.Body.QRCode, err = drawn(key)
	return output, err
}

func nameOf(name, instead string) (string, error) {
	name = cmp.Or(strings.TrimSpace(name), instead)
	if !domain.IsLine(name, maxName) {
		return "", domain.Wrong(0, "name", "malformed_name", "A name is one line of 1 to 100 characters.")
	}
	return name, nil
}

func drawn(key *otp.Key) (string, error) {
	code, err := key.Image(picture, picture)
	if err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, code); err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(encoded.Bytes()), nil
}

type confirmInput struct {
	ID   string `path:"id" doc:"As it was answered when you began."`
	Body struct {
		Code string `json:"code" pattern:"^[0-9]{6}$" doc:"The code that the app shows." writeOnly:"true"`
	} `nameHint:"Confirmation"`
}

type confirmOutput struct {
	Body Added
}

// Added is a factor that counts.
type Added struct {
	Factor
	RecoveryCodes []string `json:"recovery_codes,omitempty" doc:"With the first factor: ten codes for when you have lost it, each good once. Shown this once." readOnly:"true"`
}

func (d *Desk) confirmAuthenticator(ctx context.Context, input *confirmInput) (*confirmOutput, error) {
	principal, err := d.may(ctx)
	if err != nil {
		return nil, err
	}
	r, err := d.factor(ctx, principal.User, input.ID)
	if err != nil {
		return nil, err
	}
	if r.Kind != Authenticator {
		return nil, domain.Hidden()
	}
	if !r.Confirmed && d.Now().Sub(r.CreatedAt) >= enrolLife {
		return nil, domain.Clash(0, "enrolment_expired", "It was to be confirmed within ten minutes. Begin again.")
	}
	if err := d.takeTrial(ctx, principal.User); err != nil {
		return nil, err
	}
	accepted, err := d.accept(ctx, r, input.Body.Code)
	if err != nil {
		return nil, err
	}
	if !accepted {
		return nil, wrongCode()
	}
	codes, err := d.confirm(ctx, principal, r, signin.ByAuthenticator, func(counting []user.FactorID) error {
		return d.issue(ctx, "AddAuthenticator", &factors.AddAuthenticator{Factor: r.ID, Counting: counting})
	})
	return &confirmOutput{Body: Added{Factor: r.shown(), RecoveryCodes: codes}}, err
}

// factor is one of the person's, whether it counts or not.
func (d *Desk) factor(ctx context.Context, person domain.UserID, id string) (row, error) {
	var factor user.FactorID
	if err := factor.UnmarshalText([]byte(id)); err != nil {
		return row{}, domain.Hidden()
	}
	r, err := scan(d.Pool.QueryRow(ctx, sqlFactor, [16]byte(factor), [16]byte(person)))
	if errors.Is(err, pgx.ErrNoRows) {
		return row{}, domain.Hidden()
	}
	if err != nil {
		return row{}, fmt.Errorf("find factor: %w", err)
	}
	return r, nil
}

func wrongCode() error {
	return problem.New(http.StatusForbidden, "wrong_code", "The code is wrong, too old, or was used already.")
}
