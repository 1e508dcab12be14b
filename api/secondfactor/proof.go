package secondfactor

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain/user/factors"
)

func (d *Desk) mountProof(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "challenge", Method: http.MethodPost, Path: "/v1/sessions/current/challenge",
		Summary: "Ask what you can prove yourself by.", Tags: []string{tag}, Metadata: access.Waiting(),
		Description: "Who has passkeys is answered the options for navigator.credentials.get, good for five minutes.",
	}, d.ask)
	problem.Handler(api, huma.Operation{
		OperationID: "prove", Method: http.MethodPost, Path: "/v1/sessions/current/proof",
		Summary: "Prove who you are.", Tags: []string{tag}, Metadata: access.Waiting(),
		Description: "Takes one of the four. A session that waits for the second factor becomes a full one, with a new token or cookie. " +
			"A full session counts as freshly proved for ten minutes, which dangerous commands ask for; the password suffices for " +
			"that only while you have no second factor.",
	}, d.prove)
}

// session refuses API tokens: programs prove nothing.
func session(ctx context.Context) (signin.Principal, error) {
	principal := signin.From(ctx)
	_, err := access.SignedInPerson(principal)
	return principal, err
}

type askOutput struct {
	Body struct {
		By        []string        `json:"by" doc:"What you can prove yourself by: password, code, passkey, recovery_code."`
		PublicKey json.RawMessage `json:"public_key,omitempty" doc:"For PublicKeyCredential.parseRequestOptionsFromJSON; absent without a passkey."`
		ExpiresAt time.Time       `json:"expires_at,omitzero" doc:"Until when a passkey's answer is taken."`
	} `nameHint:"Challenge"`
}

func (d *Desk) ask(ctx context.Context, _ *struct{}) (*askOutput, error) {
	principal, err := session(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := d.factors(ctx, principal.User)
	if err != nil {
		return nil, err
	}
	output := &askOutput{}
	if len(rows) == 0 {
		output.Body.By = []string{"password"}
		return output, nil
	}
	if len(ofKind(rows, Authenticator)) > 0 {
		output.Body.By = append(output.Body.By, "code")
	}
	party, err := d.party()
	if passkeys := ofKind(rows, Passkey); err == nil && len(passkeys) > 0 {
		h, err := d.holder(ctx, principal.User, passkeys)
		if err != nil {
			return nil, err
		}
		assertion, asked, err := party.BeginLogin(h)
		if err != nil {
			return nil, fmt.Errorf("ask for a passkey: %w", err)
		}
		if output.Body.PublicKey, err = json.Marshal(assertion.Response); err != nil {
			return nil, err
		}
		if output.Body.ExpiresAt, err = d.challenge(ctx, principal, toProve, asked); err != nil {
			return nil, err
		}
		output.Body.By = append(output.Body.By, "passkey")
	}
	left, err := d.codesLeft(ctx, principal.User)
	if left > 0 {
		output.Body.By = append(output.Body.By, "recovery_code")
	}
	return output, err
}

type proveInput struct {
	Body struct {
		Password     signin.Password `json:"password,omitempty" maxLength:"200" doc:"Your password." writeOnly:"true"`
		Code         string          `json:"code,omitempty" pattern:"^[0-9]{6}$" doc:"The code that your authenticator app shows." writeOnly:"true"`
		RecoveryCode string          `json:"recovery_code,omitempty" maxLength:"40" doc:"One of your recovery codes. It is good once." writeOnly:"true"`
		Passkey      json.RawMessage `json:"passkey,omitempty" doc:"What navigator.credentials.get answered, by its toJSON."`
		Delivery     string          `json:"delivery,omitempty" enum:"cookie,token" doc:"How a session that waited gets its new token: as when signing in."`
	} `nameHint:"Proof"`
}

type proveOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		ProvedAt  time.Time `json:"proved_at" doc:"It counts as fresh for ten minutes."`
		Token     string    `json:"token,omitempty" doc:"The session's new token, in place of the one that waited; only with delivery token."`
		ExpiresAt time.Time `json:"expires_at,omitzero" doc:"When the session that waited ends by itself now."`
	} `nameHint:"Proved"`
}

func (d *Desk) prove(ctx context.Context, input *proveInput) (*proveOutput, error) {
	principal, err := session(ctx)
	if err != nil {
		return nil, err
	}
	body := &input.Body
	given := 0
	for _, is := range []bool{body.Password != "", body.Code != "", body.RecoveryCode != "", len(body.Passkey) > 0} {
		if is {
			given++
		}
	}
	if given != 1 {
		return nil, problem.Invalid(problem.Fault{Location: "body", Message: "exactly one of password, code, recovery_code and passkey"})
	}
	rows, err := d.factors(ctx, principal.User)
	if err != nil {
		return nil, err
	}
	var proved signin.Session
	switch {
	case body.Password != "":
		err = d.byPassword(ctx, principal, rows, body.Password)
	case body.Code != "":
		proved, err = d.byCode(ctx, principal, rows, body.Code)
	case body.RecoveryCode != "":
		proved, err = d.byRecoveryCode(ctx, principal, rows, body.RecoveryCode)
	default:
		proved, err = d.byPasskey(ctx, principal, rows, body.Passkey)
	}
	if err != nil {
		return nil, err
	}
	output := &proveOutput{}
	output.Body.ProvedAt, output.Body.ExpiresAt = d.Now().UTC(), proved.ExpiresAt
	switch {
	case proved.Token == "":
	case body.Delivery == "token":
		output.Body.Token = proved.Token.Reveal()
	default:
		output.SetCookie = []http.Cookie{d.Cookie.Set(proved)}
	}
	return output, nil
}

// byPassword is for who has no second factor.
func (d *Desk) byPassword(ctx context.Context, principal signin.Principal, rows []row, password signin.Password) error {
	if principal.Waiting || len(rows) > 0 {
		return problem.New(http.StatusForbidden, "second_factor_needed", "You have a second factor. Prove that one.")
	}
	if err := d.takeTrial(ctx, principal.User); err != nil {
		return err
	}
	if err := d.SignIn.CheckPasswordOf(ctx, principal.User, password); err != nil {
		return err
	}
	if err := d.forgetTrials(ctx, principal.User); err != nil {
		return err
	}
	return d.SignIn.ProveAgain(ctx, principal, signin.ByPassword)
}

func (d *Desk) byCode(ctx context.Context, principal signin.Principal, rows []row, code string) (signin.Session, error) {
	if err := d.takeTrial(ctx, principal.User); err != nil {
		return signin.Session{}, err
	}
	for _, r := range ofKind(rows, Authenticator) {
		accepted, err := d.accept(ctx, r, code)
		if err != nil {
			return signin.Session{}, err
		}
		if accepted {
			return d.proved(ctx, principal, signin.ByAuthenticator)
		}
	}
	return signin.Session{}, wrongCode()
}

func (d *Desk) byRecoveryCode(ctx context.Context, principal signin.Principal, rows []row, code string) (signin.Session, error) {
	if err := d.takeTrial(ctx, principal.User); err != nil {
		return signin.Session{}, err
	}
	if len(rows) == 0 { // nothing is left to recover
		return signin.Session{}, wrongCode()
	}
	used, err := d.useCode(ctx, principal.User, code)
	if err != nil {
		return signin.Session{}, err
	}
	if !used {
		return signin.Session{}, wrongCode()
	}
	left, err := d.codesLeft(ctx, principal.User)
	if err != nil {
		return signin.Session{}, err
	}
	if err := d.issue(ctx, "UseRecoveryCode", &factors.UseRecoveryCode{Left: left}); err != nil {
		return signin.Session{}, err
	}
	return d.proved(ctx, principal, signin.ByRecoveryCode)
}

func (d *Desk) proved(ctx context.Context, principal signin.Principal, with signin.Method) (signin.Session, error) {
	if err := d.forgetTrials(ctx, principal.User); err != nil {
		return signin.Session{}, err
	}
	return d.SignIn.ProveSecondFactor(ctx, principal, with)
}
