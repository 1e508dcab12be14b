// Package secondfactor is two-factor authentication: authenticator apps
// (TOTP, RFC 6238), passkeys (WebAuthn) and recovery codes, and proving who one
// is by them.
//
//	POST /v1/sessions                  the password; whoever has a factor gets a session that waits
//	POST /v1/sessions/current/challenge  what can be proved, and what a passkey is to sign
//	POST /v1/sessions/current/proof      proves it: the session is a full one, with another token
//
// The same proof, sent with a full session, makes it fresh again for what is
// dangerous (access.FreshlyProved).
//
// Rows of schema signin decide who has a factor; every request reads them with
// the session, so that a requirement (R63) counts at the next one. The person's
// stream tells what happened. The event comes first, the row that makes it
// count second, one change of a person's after the other: both can be repeated,
// and a process that dies in between leaves a factor that does not count yet, or
// still does, until the person tries again or changes another one.
package secondfactor

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/api/access"
	"behalf/api/command"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/eventstore"
	"behalf/internal/telemetry"
	"behalf/internal/vault"
	"behalf/projections/reading"
)

// Desk answers these operations.
type Desk struct {
	Pool      *pgxpool.Pool // under eventstore.RoleAPI
	Store     *eventstore.Store
	Views     *reading.Reader
	Vault     *vault.Vault
	SignIn    *signin.Desk
	Cookie    access.Cookie
	Commands  *command.Desk
	Persons   personal.Opener
	Known     map[string]domain.CommandType // the catalog's commands
	PublicURL string
	Now       func() time.Time
}

// maxFactors bounds how many factors one person has.
const maxFactors = 10

// enrolLife is how long a person may take to confirm a factor.
const enrolLife = 10 * time.Minute

const tag = "Two-factor authentication"

// Mount adds the operations.
func (d *Desk) Mount(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "two-factor", Method: http.MethodGet, Path: "/v1/me/two-factor",
		Summary: "Your second factors.", Tags: []string{tag},
	}, d.overview)
	problem.Handler(api, huma.Operation{
		OperationID: "begin-authenticator", Method: http.MethodPost, Path: "/v1/me/two-factor/authenticators", DefaultStatus: http.StatusCreated,
		Summary: "Begin to add an authenticator app.", Tags: []string{tag},
		Description: "Answers the secret as text, as an address for apps and as a picture, this once. It counts when you confirm it " +
			"with a code, within ten minutes. Takes a fresh proof of who you are.",
	}, d.beginAuthenticator)
	problem.Handler(api, huma.Operation{
		OperationID: "confirm-authenticator", Method: http.MethodPost, Path: "/v1/me/two-factor/authenticators/{id}/confirm",
		Summary: "Confirm an authenticator app by a code.", Tags: []string{tag},
		Description: "The first factor enables two-factor authentication: the answer holds ten recovery codes, this once, and your " +
			"other sessions end. API tokens go on, and count as proved.",
	}, d.confirmAuthenticator)
	problem.Handler(api, huma.Operation{
		OperationID: "begin-passkey", Method: http.MethodPost, Path: "/v1/me/two-factor/passkeys/challenge",
		Summary: "Begin to add a passkey.", Tags: []string{tag},
		Description: "Answers the options for navigator.credentials.create, good for five minutes. Takes a fresh proof of who you are.",
	}, d.beginPasskey)
	problem.Handler(api, huma.Operation{
		OperationID: "add-passkey", Method: http.MethodPost, Path: "/v1/me/two-factor/passkeys", DefaultStatus: http.StatusCreated,
		Summary: "Add a passkey.", Tags: []string{tag},
		Description: "Takes what navigator.credentials.create answered. The first factor enables two-factor authentication, as with an authenticator app.",
	}, d.addPasskey)
	problem.Handler(api, huma.Operation{
		OperationID: "remove-factor", Method: http.MethodDelete, Path: "/v1/me/two-factor/factors/{id}", DefaultStatus: http.StatusNoContent,
		Summary: "Remove a second factor.", Tags: []string{tag},
		Description: "Removing the last one disables two-factor authentication; it is refused while a workspace requires it (R63). Takes a fresh proof of who you are.",
	}, d.removeFactor)
	problem.Handler(api, huma.Operation{
		OperationID: "renew-recovery-codes", Method: http.MethodPost, Path: "/v1/me/two-factor/recovery-codes",
		Summary: "Make ten new recovery codes.", Tags: []string{tag},
		Description: "Those that you have are dead from then on. Takes a fresh proof of who you are.",
	}, d.renewRecoveryCodes)
	d.mountProof(api)
}

// may returns the person when they may change how they prove who they are.
func (d *Desk) may(ctx context.Context) (signin.Principal, error) {
	principal := signin.From(ctx)
	_, err := access.FreshlyProved(principal, d.Now())
	return principal, err
}

// issue has the person issue a command about themself.
func (d *Desk) issue(ctx context.Context, name string, cmd any) error {
	_, err := d.Store.Execute(ctx, eventstore.Call{
		Type: d.Known[name], Command: cmd, By: d.Commands.Actor(ctx), Correlation: telemetry.CorrelationID(ctx), Trace: telemetry.TraceParent(ctx),
	})
	return err
}

// person is who the person is, in plain words.
func (d *Desk) person(ctx context.Context, id domain.UserID) (user.User, error) {
	loaded, err := d.Store.Load(ctx, eventstore.Scope{User: id}, user.Stream(id))
	if err != nil {
		return user.User{}, err
	}
	known := *domain.Fact[*user.User](loaded.Facts, user.Stream(id))
	return known, d.Persons.Open(ctx, &known.Email, &known.Name)
}
