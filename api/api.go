// Package api is Behalf's HTTP interface. It puts its rooms together:
//
//	manners  what HTTP expects besides: tags, conditions, notice
//	web      what every request passes: ids, limits, headers, health
//	access   who gets in: sessions, API tokens, membership (R32)
//	presence when members were last active
//	signin   people, passwords, sessions and tokens behind it
//	people   operations: users, sessions, tokens
//	scope    what an API token may do
//	limit    how often is too often
//	secondfactor  authenticator apps, passkeys, recovery codes
//	oidc     signing in with a provider
//	command  every command of the catalog, by one handler
//	health   how connections are, and what they may post as
//	connect  connecting social accounts
//	query    the views
//	media    pictures and films: uploading, and addresses that networks fetch from
//	resolution  may this member publish here, and why
//	live     what happens in a workspace, as it happens
//	notifications  what concerns a person, and what they want to be told
//	history  what auditors ask, from the log itself
//	operator what those ask who operate the installation
//	exports  archives of whole workspaces
//	problem  how the API says no
//	docs     the OpenAPI document and the pages
package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/api/access"
	"behalf/api/command"
	"behalf/api/connect"
	"behalf/api/docs"
	"behalf/api/exports"
	"behalf/api/health"
	"behalf/api/history"
	"behalf/api/history/past"
	"behalf/api/limit"
	"behalf/api/live"
	"behalf/api/live/stream"
	"behalf/api/manners"
	"behalf/api/media"
	"behalf/api/notifications"
	"behalf/api/oidc"
	"behalf/api/operator"
	"behalf/api/people"
	"behalf/api/presence"
	"behalf/api/problem"
	"behalf/api/query"
	"behalf/api/resolution"
	"behalf/api/scope"
	"behalf/api/secondfactor"
	"behalf/api/signin"
	"behalf/api/web"
	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/eventstore/seal"
	"behalf/internal/archives"
	kept "behalf/internal/media"
	"behalf/internal/networks"
	"behalf/internal/telemetry"
	"behalf/internal/vault"
	"behalf/projections/reading"
	"behalf/workers/jobs"
)

// Deps is what the API works with. All fields are required but Health, Limits, Policies
// and what says that it may be missing.
type Deps struct {
	Pool     *pgxpool.Pool     // under eventstore.RoleAPI
	Store    *eventstore.Store // over Pool
	Views    *reading.Reader   // over Pool
	Vault    *vault.Vault      // over Pool
	Archives *archives.Shelf   // of exported workspaces
	Networks networks.Registry
	Media    *kept.Keeper // over Pool

	Persons personal.Opener             // opens addresses and names for who may see them
	Erase   func(context.Context) error // makes erasures take effect, see personkeys.Keys.Erase

	InvitationKey [32]byte // derives invitation links; the one that mails them uses the same
	EmailIndexKey [32]byte // hashes addresses; never changes once there are people

	Limits   *limit.Limiter  // counts; nil: in this process alone
	Policies *limit.Policies // how often is too often; nil: limit.Standard

	Providers []*oidc.Provider // to sign in with; may be empty

	Proxies []netip.Prefix // whose X-Forwarded-For is believed; may be empty
	Origins []string       // whose pages may use the API, with tokens; may be empty

	Operators []domain.UserID // who operates the installation; may be empty
	Jobs      *jobs.Inspector // what is in Redis, for operators; may be nil

	PublicURL string           // where Behalf is reached: scheme and host, no slash at the end
	Now       func() time.Time // the clock
	Logger    *slog.Logger
	Metrics   *telemetry.Metrics
	Health    []web.Check // besides Postgres, which is always checked
}

// RedirectURI is what has to be registered with a network.
func RedirectURI(publicURL, network string) string { return connect.RedirectURI(publicURL, network) }

func (d Deps) check() error {
	missing := d.Pool == nil || d.Store == nil || d.Views == nil || d.Vault == nil || d.Now == nil || d.Logger == nil || d.Metrics == nil ||
		d.Persons == nil || d.Erase == nil || d.Media == nil || d.Archives == nil
	if missing || d.InvitationKey == [32]byte{} || d.EmailIndexKey == [32]byte{} {
		return errors.New("the API lacks something that it works with")
	}
	if !strings.HasPrefix(d.PublicURL, "http://") && !strings.HasPrefix(d.PublicURL, "https://") || strings.HasSuffix(d.PublicURL, "/") {
		return errors.New("the public URL is a scheme and a host, without a slash at the end")
	}
	return nil
}

// New makes the API. It starts no goroutines. Limits of the connection itself
// (header size, idle time) are the server's.
func New(d Deps) (http.Handler, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	problem.Install()
	router := chi.NewRouter()
	router.Use(
		web.Forwarded(d.Proxies),
		web.Correlate,
		telemetry.Traced,
		telemetry.AccessLog(d.Logger),
		d.Metrics.Middleware,
		web.Headers(d.PublicURL),
		web.CORS(d.Origins),
		web.Bound(d.PublicURL, d.Logger),
		web.Recover,
		manners.Answers,
		middleware.GetHead,
	)
	router.NotFound(web.NotFound)
	router.MethodNotAllowed(web.NotAllowed)
	router.Get("/", http.RedirectHandler("/docs", http.StatusSeeOther).ServeHTTP) // some mails lead here
	router.Get("/healthz", web.Alive)
	router.Get("/readyz", web.Ready(append([]web.Check{web.Postgres(d.Pool)}, d.Health...)))
	router.Method(http.MethodGet, "/metrics", d.Metrics.Handler())
	if err := d.mount(router); err != nil {
		return nil, err
	}
	return router, nil
}

func (d Deps) limiter() *limit.Limiter {
	if d.Limits != nil {
		return d.Limits
	}
	return limit.New(limit.Options{Key: d.EmailIndexKey, Now: d.Now, Logger: d.Logger})
}

func (d Deps) policies() limit.Policies {
	if d.Policies != nil {
		return *d.Policies
	}
	return limit.Standard()
}

func (d Deps) mount(router chi.Router) error {
	desk := signin.New(d.Pool, d.EmailIndexKey, d.Now)
	cookie, door := access.NewCookie(d.PublicURL), access.NewDoor(d.Store, desk, presence.New(d.Pool, d.Now, d.Logger))
	connecting := &connect.Desk{Door: door, Vault: d.Vault, Networks: d.Networks, PublicURL: d.PublicURL, Logger: d.Logger}
	limits, policies := d.limiter(), d.policies()
	preparers := command.Preparers(command.Sources{
		SignIn: desk, InvitationKey: d.InvitationKey, Mails: command.Mails{Limits: limits, Policies: policies}, Store: d.Store, Views: d.Views,
		Contents: command.Contents{
			Networks: d.Networks, Persons: d.Persons,
			Media: func(ctx context.Context, ws domain.WorkspaceID, wanted []domain.MediaID) (map[domain.MediaID]networks.Media, error) {
				items, err := d.Media.Use(ctx, ws, wanted)
				found := make(map[domain.MediaID]networks.Media, len(items))
				for id, item := range items {
					found[id] = kept.ForLimits(item)
				}
				return found, err
			},
		},
	})
	connections := &health.Desk{Door: door, Store: d.Store, Views: d.Views, Vault: d.Vault, Networks: d.Networks, Persons: d.Persons, Now: d.Now}
	preparers["ChangePostingIdentity"] = connections.Preparer()
	preparers["ConnectAccount"] = connecting.Preparer(d.Store)
	commands := command.NewDesk(d.Store, d.Views, door, d.Persons, d.Now, preparers)
	known := catalog.Commands()
	streams := stream.New(stream.Options{})

	operators := access.NewOperators(d.Operators)

	api := humachi.New(router, docs.Config(d.PublicURL))
	book := scope.NewBook(catalog.Aggregates())
	api.OpenAPI().OnAddOperation = append(api.OpenAPI().OnAddOperation, book.Document)
	api.UseMiddleware(
		manners.Notice(d.PublicURL),
		limit.Noting, limit.PerClient(limits, policies.Client), access.Authenticate(desk, cookie),
		limit.PerAccount(limits, policies.Account), book.Enforce, operators.Guard, web.Body,
	)
	reception := &people.Desk{
		Store: d.Store, SignIn: desk, Cookie: cookie, Commands: commands, Persons: d.Persons, Known: known,
		LinkKey: d.InvitationKey, Limits: limits, Policies: policies, Operators: operators,
		Eraser: people.Eraser{Store: d.Store, Views: d.Views, Command: known["EraseUser"], Erase: d.Erase},
	}
	reception.Mount(api)
	(&query.Desk{
		Door: door, Store: d.Store, Views: d.Views, Persons: d.Persons, Commands: commands, Create: known["CreateWorkspace"],
		InvitationKey: d.InvitationKey, Now: d.Now,
	}).Mount(api)
	(&history.Desk{
		Store: d.Store, Reader: past.Reader{Pool: d.Pool, Registry: d.Store.Registry(), Persons: d.Persons, Now: d.Now}, Log: seal.NewLog(d.Pool),
		Commands: commands, Record: known["RecordHistoryRead"],
	}).Mount(api)
	(&exports.Desk{
		Door: door, Store: d.Store, Views: d.Views, Shelf: d.Archives, Commands: commands, Record: known["RecordHistoryRead"], Now: d.Now,
	}).Mount(api)
	(&resolution.Desk{Door: door, Store: d.Store, Commands: commands, Record: known["RecordHistoryRead"]}).Mount(api)
	(&live.Desk{Door: door, SignIn: desk, Store: d.Store, Pool: d.Pool, Streams: streams}).Mount(api)
	(&notifications.Desk{
		Pool: d.Pool, Store: d.Store, Views: d.Views, SignIn: desk, Streams: streams, Key: d.InvitationKey,
	}).Mount(api, router)
	(&oidc.Desk{
		Pool: d.Pool, Store: d.Store, Vault: d.Vault, SignIn: desk, Cookie: cookie, Commands: commands, Persons: d.Persons, Known: known,
		Arrived: func(ctx context.Context, person domain.UserID) error {
			return reception.Arrived(ctx, signin.Proven{Person: person})
		},
		Providers: d.Providers, Key: d.EmailIndexKey, PublicURL: d.PublicURL, Now: d.Now, Logger: d.Logger,
	}).Mount(api)
	(&secondfactor.Desk{
		Pool: d.Pool, Store: d.Store, Views: d.Views, Vault: d.Vault, SignIn: desk, Cookie: cookie, Commands: commands,
		Persons: d.Persons, Known: known, PublicURL: d.PublicURL, Now: d.Now,
	}).Mount(api)
	(&operator.Desk{Pool: d.Pool, Store: d.Store, Jobs: d.Jobs, Logger: d.Logger}).Mount(api)
	(&media.Desk{Door: door, Keeper: d.Media, Store: d.Store, Views: d.Views}).Mount(api)
	connecting.Mount(api)
	connections.Mount(api)
	commands.Register(api, known)
	if err := docs.Mount(router, api.OpenAPI()); err != nil {
		return fmt.Errorf("document the API: %w", err)
	}
	return nil
}
