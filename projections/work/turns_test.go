package work

import (
	"context"
	"slices"
	"testing"
	"time"

	"behalf/domain"
	"behalf/eventstore"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// waitingFor puts targets of one workspace and account into a state, all of which
// has been over since a moment.
func waitingFor(t *testing.T, pool *pgxpool.Pool, ws domain.WorkspaceID, account domain.AccountID, state string, since time.Time, many int) {
	t.Helper()
	_, err := pool.Exec(t.Context(), `
		insert into views.targets (
			post_id, account_id, workspace_id, author_id, author_since, identity, state, due, not_before, gates, deadline, mode,
			holder_id, posted_as, rules, remote, url, code, detail, position, on_approval, note, reminded, waiting_since)
		select
			gen_random_uuid(), $2, $1, gen_random_uuid(), n, '', $3, $4, $4, '[]', $4, 'owner',
			gen_random_uuid(), '', '[]', '', '', '', '', extract(epoch from $4::timestamptz), false, '', false, $4::timestamptz - interval '1 day'
		from generate_series(1, $5) as n`, [16]byte(ws), [16]byte(account), state, since, many)
	require.NoError(t, err)
}

// A workspace or an account with more to do than one sweep takes holds up no
// other one: each is in the list with what is most urgent of its own.
func TestSweepingTakesTurns(t *testing.T) {
	t.Parallel()
	const limit = 10
	for state, list := range map[string]func(context.Context, *Reader) ([]Target, error){
		"scheduled":   func(ctx context.Context, r *Reader) ([]Target, error) { return r.DueBefore(ctx, noon, noon, limit) },
		"claimed":     func(ctx context.Context, r *Reader) ([]Target, error) { return r.ClaimsPast(ctx, noon, limit) },
		"waiting":     func(ctx context.Context, r *Reader) ([]Target, error) { return r.WaitingPast(ctx, noon, limit) },
		"handed_over": func(ctx context.Context, r *Reader) ([]Target, error) { return r.HandedOverPast(ctx, noon, limit) },
		"unknown":     func(ctx context.Context, r *Reader) ([]Target, error) { return r.UnknownPast(ctx, noon, limit) },
		"deleting":    func(ctx context.Context, r *Reader) ([]Target, error) { return r.Deleting(ctx, limit) },
		"reminded": func(ctx context.Context, r *Reader) ([]Target, error) {
			return r.Unreminded(ctx, noon.Add(-2*time.Hour), 2*time.Hour, limit)
		},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			g, other := given(t, record(inAcme(founded)...)...), domain.WorkspaceID{0: 1, 15: 9}
			_, err := g.Tables.Exec(t.Context(), `
				insert into views.workspaces (workspace_id, name, owner_id, owned_since, created_at, paused, grace_minutes)
				values ($1, 'Other', gen_random_uuid(), now(), now(), false, 15)`, [16]byte(other))
			require.NoError(t, err)
			in := state
			if in == "reminded" {
				in = "waiting"
			}
			waitingFor(t, g.Tables, acme, news, in, noon.Add(-time.Hour), 2*limit)
			waitingFor(t, g.Tables, other, blog, in, noon.Add(-time.Minute), 2)
			found, err := list(t.Context(), NewReader(g.Under(eventstore.RoleEngine)))
			require.NoError(t, err)
			require.Len(t, found, limit)
			of := map[domain.WorkspaceID]int{}
			for _, target := range found {
				of[target.Workspace]++
			}
			require.Equal(t, map[domain.WorkspaceID]int{acme: limit - 2, other: 2}, of)
			require.NotEqual(t, found[0].Workspace, found[1].Workspace, "each in its turn")
		})
	}
}

// R56, R68: what is due and paused stands before nothing that can be sent, of its
// own workspace neither; it is listed while it is not due yet, and when it is to be
// missed.
func TestWhatIsPausedCrowdsNobodyOut(t *testing.T) {
	t.Parallel()
	const limit = 10
	for name, test := range map[string]struct {
		held   string
		left   int
		listed string
	}{
		"an account, resumed": {"accounts set paused = true", 3, "accounts set paused = false"},
		"a workspace, closed": {"workspaces set paused = true", 2, "workspaces set closed_at = now()"},
		"past its grace":      {"workspaces set paused = true", 2, "workspaces set grace_minutes = 59"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, other := given(t, record(inAcme(founded)...)...), domain.WorkspaceID{0: 1, 15: 9}
			work := NewReader(g.Under(eventstore.RoleEngine))
			list := func(change string) int {
				t.Helper()
				_, err := g.Tables.Exec(t.Context(), "update views."+change)
				require.NoError(t, err)
				found, err := work.DueBefore(t.Context(), noon, noon.Add(2*time.Minute), limit)
				require.NoError(t, err)
				return len(found)
			}
			_, err := g.Tables.Exec(t.Context(), `
				insert into views.accounts (
					account_id, workspace_id, network, remote, name, url, added_by, has_identities, by_hand, added_at, paused, client_approval)
				values ($1, $2, '', '', '', '', $2, false, false, now(), false, 'any')`, [16]byte(news), [16]byte(acme))
			require.NoError(t, err)
			waitingFor(t, g.Tables, acme, news, "scheduled", noon.Add(-time.Hour), 2*limit)
			waitingFor(t, g.Tables, acme, news, "scheduled", noon.Add(time.Minute), 1)
			waitingFor(t, g.Tables, acme, blog, "scheduled", noon.Add(-time.Minute), 1)
			waitingFor(t, g.Tables, other, blog, "scheduled", noon.Add(-time.Minute), 1)
			require.Equal(t, limit, list("workspaces set grace_minutes = 1440"))
			require.Equal(t, test.left, list(test.held))
			require.Equal(t, limit, list(test.listed))
		})
	}
}

// R47: who has connected one account again, with more waiting for it than one sweep
// takes, holds up nobody else.
func TestMendedAccountsTakeTurns(t *testing.T) {
	t.Parallel()
	const limit = 10
	g := given(t)
	waitingFor(t, g.Tables, acme, news, "needs_reauthentication", noon.Add(time.Minute), 2*limit)
	waitingFor(t, g.Tables, acme, blog, "needs_reauthentication", noon.Add(time.Hour), 1)
	_, err := g.Tables.Exec(t.Context(), "update views.targets set holder_id = $1", [16]byte(carl))
	require.NoError(t, err)
	_, err = g.Tables.Exec(t.Context(), `
		insert into views.connections (
			account_id, holder_id, workspace_id, connection_id, state, identity, since, outage_code, outage_detail, outage_position, reminded, position)
		select distinct account_id, holder_id, workspace_id, workspace_id, 'active', '', now(), '', '', 0, 0, 0
		from views.targets`)
	require.NoError(t, err)
	found, err := NewReader(g.Under(eventstore.RoleEngine)).HeldMended(t.Context(), noon, limit)
	require.NoError(t, err)
	require.Len(t, found, limit)
	require.True(t, slices.ContainsFunc(found, func(target Target) bool { return target.Account == blog }))
}

// The accounts of a network that does not answer are not the first of every sweep.
func TestNoAccountIsFirstForEver(t *testing.T) {
	t.Parallel()
	for state, list := range map[string]func(context.Context, *Reader) ([]Target, error){
		"claimed":  func(ctx context.Context, r *Reader) ([]Target, error) { return r.ClaimsPast(ctx, noon, 10) },
		"deleting": func(ctx context.Context, r *Reader) ([]Target, error) { return r.Deleting(ctx, 10) },
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			g := given(t)
			for range 20 { // none of them ends
				waitingFor(t, g.Tables, acme, eventstore.Fresh(), state, noon.Add(-time.Hour), 1)
			}
			waitingFor(t, g.Tables, acme, news, state, noon.Add(-time.Minute), 1)
			work := NewReader(g.Under(eventstore.RoleEngine))
			for range 1000 { // it comes in every second one
				found, err := list(t.Context(), work)
				require.NoError(t, err)
				if slices.ContainsFunc(found, func(target Target) bool { return target.Account == news }) {
					return
				}
			}
			t.Fatal("it is never its turn")
		})
	}
}

// R13, R59: in a closed workspace nobody decides anything, and nobody is asked to.
func TestNobodyIsAskedInAClosedWorkspace(t *testing.T) {
	t.Parallel()
	for column, asked := range map[string]int{"paused": 1, "closed_at": 0, "delete_at": 0} {
		t.Run(column, func(t *testing.T) {
			t.Parallel()
			g := given(t, record(inAcme(founded)...)...)
			waitingFor(t, g.Tables, acme, news, "unknown", noon.Add(-time.Hour), 1)
			value := "now()"
			if column == "paused" {
				value = "true"
			}
			_, err := g.Tables.Exec(t.Context(), "update views.workspaces set "+column+" = "+value)
			require.NoError(t, err)
			found, err := NewReader(g.Under(eventstore.RoleEngine)).UnknownPast(t.Context(), noon, 10)
			require.NoError(t, err)
			require.Len(t, found, asked)
		})
	}
}
