// Package oidc is signing in with a provider of OpenID Connect: any that has a
// discovery document, configured by issuer, client id and secret.
//
//	POST /v1/sign-in/{provider}           begin: where to send the browser, and a cookie that binds it
//	GET  /v1/sign-in/{provider}/callback  the provider sends it back: the code is exchanged, somebody signed in
//	POST /v1/me/providers/{provider}      the same to link an account at the provider to one's own
//
// State, nonce and PKCE verifier (S256) are made for each departure; they are
// good once, for ten minutes, in the browser that began. Only keys of the
// provider's own document count, only for our client.
//
// An account at a provider signs in whom it is linked to. An unknown one is
// linked by itself only when the provider says that it has verified the address
// and somebody here has verified that address too; anybody else is asked to
// sign in first, and to link then. A second factor is asked for as ever.
package oidc

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
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
)

// Desk answers these operations.
type Desk struct {
	Pool      *pgxpool.Pool // under eventstore.RoleAPI
	Store     *eventstore.Store
	Vault     *vault.Vault
	SignIn    *signin.Desk
	Cookie    access.Cookie
	Commands  *command.Desk
	Persons   personal.Opener
	Known     map[string]domain.CommandType              // the catalog's commands
	Arrived   func(context.Context, domain.UserID) error // tells a person of a sign-in from a new client
	Providers []*Provider
	Key       [32]byte // hashes whose accounts at providers are whose
	PublicURL string
	Now       func() time.Time
	Logger    *slog.Logger
}

// RedirectURI is what has to be registered with a provider.
func RedirectURI(publicURL, provider string) string {
	return publicURL + "/v1/sign-in/" + provider + "/callback"
}

const tag = "Sign-in with a provider"

// Mount adds the operations.
func (d *Desk) Mount(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "providers", Method: http.MethodGet, Path: "/v1/sign-in/providers",
		Summary: "The providers that one can sign in with.", Tags: []string{tag}, Security: access.Public(),
	}, d.list)
	problem.Handler(api, huma.Operation{
		OperationID: "begin-sign-in", Method: http.MethodPost, Path: "/v1/sign-in/{provider}", DefaultStatus: http.StatusCreated,
		Summary: "Begin to sign in with a provider.", Tags: []string{tag}, Security: access.Public(),
		Description: "Answers where to send the browser, and sets a cookie that binds the sign-in to it. Good once, for ten minutes.",
	}, d.beginSignIn)
	problem.Handler(api, huma.Operation{
		OperationID: "finish-sign-in", Method: http.MethodGet, Path: "/v1/sign-in/{provider}/callback",
		Summary: "Where a provider sends the browser back to.", Tags: []string{tag}, Security: access.Public(),
		SkipValidateParams: true, // whatever else a provider sends along
		Description: "Signs in whom the account at the provider is linked to, or who has verified the address that the provider has verified. " +
			"Anybody else signs in first and links the account then.",
	}, d.finish)
	problem.Handler(api, huma.Operation{
		OperationID: "linked-providers", Method: http.MethodGet, Path: "/v1/me/providers",
		Summary: "Your accounts at providers.", Tags: []string{tag},
	}, d.linked)
	problem.Handler(api, huma.Operation{
		OperationID: "link-provider", Method: http.MethodPost, Path: "/v1/me/providers/{provider}", DefaultStatus: http.StatusCreated,
		Summary: "Begin to link an account at a provider to yours.", Tags: []string{tag},
		Description: "Answers where to send the browser, as when signing in. The callback takes the same session. Takes a fresh proof of who you are.",
	}, d.beginLink)
	problem.Handler(api, huma.Operation{
		OperationID: "unlink-provider", Method: http.MethodDelete, Path: "/v1/me/providers/{provider}", DefaultStatus: http.StatusNoContent,
		Summary: "Sign in with an account at a provider no more.", Tags: []string{tag}, Description: "Takes a fresh proof of who you are.",
	}, d.unlink)
}

type listOutput struct {
	Body struct {
		Providers []string `json:"providers" doc:"Their names, as they are configured."`
	} `nameHint:"Providers"`
}

func (d *Desk) list(context.Context, *struct{}) (*listOutput, error) {
	output := &listOutput{}
	output.Body.Providers = []string{}
	for _, provider := range d.Providers {
		output.Body.Providers = append(output.Body.Providers, provider.Name)
	}
	return output, nil
}

func (d *Desk) provider(name string) (*Provider, error) {
	at := slices.IndexFunc(d.Providers, func(p *Provider) bool { return p.Name == name })
	if at < 0 {
		return nil, problem.New(http.StatusNotFound, "unknown_provider", "GET /v1/sign-in/providers lists those that there are.")
	}
	return d.Providers[at], nil
}

// issue has a person issue a command about themself.
func (d *Desk) issue(ctx context.Context, person domain.UserID, name string, cmd any) error {
	by := d.Commands.Actor(ctx)
	by.User = person
	_, err := d.Store.Execute(ctx, eventstore.Call{Type: d.Known[name], Command: cmd, By: by, Correlation: telemetry.CorrelationID(ctx), Trace: telemetry.TraceParent(ctx)})
	return err
}

func (d *Desk) load(ctx context.Context, person domain.UserID) (user.User, error) {
	loaded, err := d.Store.Load(ctx, eventstore.Scope{User: person}, user.Stream(person))
	if err != nil {
		return user.User{}, err
	}
	return *domain.Fact[*user.User](loaded.Facts, user.Stream(person)), nil
}
