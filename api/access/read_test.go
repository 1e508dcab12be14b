package access_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/access"
	"behalf/api/apitest"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/testkit"
	"behalf/projections/reading"
)

// trips counts what is sent to Postgres and waited for.
type trips struct{ batches, queries atomic.Int64 }

func (n *trips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	n.queries.Add(1)
	return ctx
}
func (n *trips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (n *trips) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	n.batches.Add(1)
	return ctx
}
func (n *trips) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (n *trips) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// process is another process that serves the same Behalf.
type process struct {
	*trips
	pool  *pgxpool.Pool
	store *eventstore.Store
	desk  *signin.Desk
	door  *access.Door
	views *reading.Reader
}

func another(t *testing.T, w *apitest.World) process {
	t.Helper()
	config, err := eventstore.PoolConfig(testkit.PostgresURL(t, w.Admin), eventstore.RoleAPI)
	require.NoError(t, err)
	p := process{trips: &trips{}}
	config.ConnConfig.Tracer = p.trips
	p.pool, err = pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(p.pool.Close)
	p.store = eventstore.New(p.pool, w.Store.Registry(), eventstore.Options{Signals: w.Store.Signals(), Persons: w.Persons})
	p.desk = signin.New(p.pool, apitest.EmailIndexKey, w.Clock.Now)
	p.door, p.views = access.NewDoor(p.store, p.desk, nil), reading.New(p.pool, p.store)
	return p
}

// A read is one round trip: session, second factor, membership, row-level
// security and rows.
func TestReadsAreOneTrip(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	process := another(t, team.World)
	handler := team.Handler(t, func(d *api.Deps) { d.Pool, d.Store, d.Views = process.pool, process.store, process.views })
	ask := func(path, token string) int {
		recorder := httptest.NewRecorder()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		require.NoError(t, err)
		request.Header.Set("Authorization", "Bearer "+token)
		handler.ServeHTTP(recorder, request)
		return recorder.Code
	}
	for _, path := range []string{"/members", "/members/me", "/accounts", "/posts", "/invitations", "/departures"} {
		for _, person := range []*apitest.Person{team.Olivia, carl} {
			if path != "/members/me" && path != "/accounts" && path != "/posts" && person == carl {
				continue
			}
			whole := "/v1/workspaces/" + team.Workspace + path
			for range 20 { // every connection of the pool may come to prepare the statements
				require.Equal(t, http.StatusOK, ask(whole, person.Token), path)
			}
			batches, queries := process.batches.Load(), process.queries.Load()
			require.Equal(t, http.StatusOK, ask(whole, person.Token), path)
			require.Equal(t, batches+1, process.batches.Load(), path)
			require.Equal(t, queries, process.queries.Load(), path)
		}
	}
}

// Whoever loses access while their question is under way, after it was decided
// what to ask and before it is asked, is shown nothing (R64). What changes
// beside that makes no difference, and who may do something else by then is
// answered as who they are.
func TestAccessThatIsLostBetweenTheStatements(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	olivia := func(command string, body map[string]any) func(*testing.T, *apitest.Person) {
		return func(t *testing.T, carl *apitest.Person) {
			body["member"] = carl.ID
			team.Olivia.With(t).Command(team.Workspace, command, body).Is(http.StatusOK)
		}
	}
	for name, test := range map[string]struct {
		meanwhile func(*testing.T, *apitest.Person)
		code      string // of the refusal; empty: answered
		asked     int
	}{
		"nothing": {meanwhile: func(*testing.T, *apitest.Person) {}, asked: 1},
		"removed": {meanwhile: olivia("RemoveMember", map[string]any{}), code: "not_found", asked: 1},
		"second factor required": {
			meanwhile: olivia("RequireTwoFactor", map[string]any{}), code: "two_factor_required", asked: 1,
		},
		"signed out": {meanwhile: func(t *testing.T, carl *apitest.Person) {
			carl.With(t).Send(http.MethodDelete, "/v1/sessions/current", nil).Is(http.StatusNoContent)
		}, code: "not_signed_in", asked: 1},
		"another role": {meanwhile: olivia("ChangeRole", map[string]any{"role": "editor"}), asked: 2},
		"renamed": {meanwhile: func(t *testing.T, _ *apitest.Person) {
			team.Olivia.With(t).Command(team.Workspace, "RenameWorkspace", map[string]any{"name": "Acme & Co."}).Is(http.StatusOK)
		}, asked: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			carl := team.Join(t, "carl-"+strings.ReplaceAll(name, " ", "-"), "owner")
			process := another(t, team.World)
			who, err := process.desk.Identify(t.Context(), signin.Token(carl.Token))
			require.NoError(t, err)
			ctx := signin.With(t.Context(), who)
			_, err = process.door.Admit(ctx, team.Workspace) // this process knows the workspace
			require.NoError(t, err)

			var roles []workspace.Role
			found, err := access.Read(ctx, process.door, team.Workspace, process.views,
				func(ctx context.Context, admission access.Admission, views *reading.Reader) (reading.Answer[reading.Team], error) {
					if roles = append(roles, admission.Member.Role); len(roles) == 1 {
						test.meanwhile(t, carl)
					}
					return views.Member(ctx, admission.Scope(), admission.Workspace.Owner, admission.Position, admission.Member.User) // that they joined is in the view
				})
			require.Len(t, roles, test.asked)
			if test.code != "" {
				require.Equal(t, test.code, refusal(err), "%v", err)
				require.Zero(t, found, "nothing is shown")
				return
			}
			require.NoError(t, err)
			require.Equal(t, who.User, found.Value.Members[0].User)
			if test.asked == 2 {
				require.Equal(t, workspace.Editor, roles[1])
			}
		})
	}
}

func refusal(err error) string {
	var refused *domain.Refusal
	switch {
	case errors.As(err, &refused):
		return refused.Code
	case errors.Is(err, signin.ErrNotSignedIn):
		return "not_signed_in"
	}
	return ""
}

// Every read of a workspace: whose session or API token has ended is nobody at
// the next request, and who was removed an outsider, although this process has
// just answered them.
func TestEveryReadLooksAgain(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	post := "post_" + strings.Repeat("2", 32)
	carl.Command(team.Workspace, "PublishPost", map[string]any{
		"post": post,
		"text": "Hello", "targets": []map[string]string{{"account": team.Account}},
	}).Done()
	asEnded, asRemoved, asProgram := carl.SignIn(), carl.SignIn(), carl.With(t)
	var made struct{ ID, Token string }
	carl.Post("/v1/tokens", map[string]any{"name": "program", "scopes": []string{"read"}}).Is(http.StatusCreated).Read(&made)
	asProgram.Token = made.Token

	reads := map[string]string{}
	for operation, path := range operations(t, team, team.Workspace, post) {
		if strings.HasPrefix(operation, http.MethodGet) && !strings.Contains(path, "/history") && !strings.HasSuffix(path, "/events") {
			reads[operation] = path
		}
	}
	require.Greater(t, len(reads), 8)
	each := func(who *apitest.Person, check func(operation string, answer apitest.Answer)) {
		for operation, path := range reads {
			check(operation, who.Get(path))
		}
	}
	known := func(operation string, answer apitest.Answer) {
		require.Contains(t, []int{http.StatusOK, http.StatusForbidden, http.StatusNotFound}, answer.Status, operation)
	}
	for _, who := range []*apitest.Person{asEnded, asRemoved, asProgram} {
		each(who, known)
		each(who, known)
	}
	nobody := func(_ string, answer apitest.Answer) { answer.Problem(http.StatusUnauthorized, "not_signed_in") }
	asEnded.Send(http.MethodDelete, "/v1/sessions/current", nil).Is(http.StatusNoContent)
	each(asEnded, nobody)
	carl.Send(http.MethodDelete, "/v1/tokens/"+made.ID, nil).Is(http.StatusNoContent)
	each(asProgram, nobody)
	team.Olivia.Command(team.Workspace, "RemoveMember", map[string]any{"member": carl.ID}).Is(http.StatusOK)
	each(asRemoved, func(_ string, answer apitest.Answer) { answer.Problem(http.StatusNotFound, "not_found") })
}
