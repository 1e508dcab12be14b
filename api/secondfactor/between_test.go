package secondfactor_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

// between puts a statement where an event has told of a factor that comes to
// count, and its row has not.
func between(t testing.TB, w *apitest.World, statement string) {
	t.Helper()
	_, err := w.Admin.Exec(t.Context(), `
		create or replace function public.between() returns trigger language plpgsql as $$
		begin
			`+statement+`
			return null;
		end $$;
		drop trigger if exists between on signin.factors;
		create trigger between
		before update of confirmed_at on signin.factors
		for each statement execute function public.between()`)
	require.NoError(t, err)
}

// hold keeps everybody there until release.
func hold(t testing.TB, w *apitest.World) (release func()) {
	t.Helper()
	tx, err := w.Admin.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "select pg_advisory_xact_lock(63)")
	require.NoError(t, err)
	between(t, w, "perform pg_advisory_xact_lock_shared(63);")
	return func() { require.NoError(t, tx.Rollback(t.Context())) }
}

// awaitStuck waits until so many wait for a lock, or done.
func awaitStuck(t testing.TB, w *apitest.World, many int, done <-chan struct{}) {
	t.Helper()
	for range 1000 {
		var stuck int
		require.NoError(t, w.Admin.QueryRow(t.Context(), `
			select count(*)
			from pg_stat_activity
			where datname = current_database()
			  and wait_event_type = 'Lock'`).Scan(&stuck))
		select {
		case <-done:
			return
		case <-time.After(5 * time.Millisecond):
		}
		if stuck >= many {
			return
		}
	}
	t.Fatal("nobody waits")
}

// requiring has Acme require two-factor authentication of Carl.
func requiring(t testing.TB) (*apitest.Team, *apitest.Person) {
	t.Helper()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	team.Olivia.Command(team.Workspace, "RequireTwoFactor", map[string]string{"member": carl.ID}).Is(http.StatusOK)
	return team, carl
}

func begin(t testing.TB, w *apitest.World, p *apitest.Person) app {
	t.Helper()
	begun := app{clock: w.Clock}
	p.Post(authenticators, map[string]any{}).Is(http.StatusCreated).Read(&begun)
	return begun
}

func confirm(t testing.TB, p *apitest.Person, a app) apitest.Answer {
	t.Helper()
	return p.Post(authenticators+"/"+a.ID+"/confirm", map[string]string{"code": a.code(t, 0)})
}

func remove(p *apitest.Person, a app) apitest.Answer {
	return p.Send(http.MethodDelete, twoFactor+"/factors/"+a.ID, nil)
}

// R63: who begins anew while a confirmation is under way does not leave a factor
// behind that nothing proves, so that the last one could be removed.
func TestBeginningBetweenEventAndRow(t *testing.T) {
	t.Parallel()
	team, carl := requiring(t)
	first := begin(t, team.World, carl)
	release := hold(t, team.World)
	var confirmed apitest.Answer
	var second app
	var tabs sync.WaitGroup
	begun := make(chan struct{})
	tabs.Go(func() { confirmed = confirm(t, carl, first) })
	awaitStuck(t, team.World, 1, nil)
	tabs.Go(func() {
		defer close(begun)
		second = begin(t, team.World, carl)
	})
	awaitStuck(t, team.World, 2, begun)
	release()
	tabs.Wait()
	confirmed.Is(http.StatusOK)
	confirm(t, carl, second).Is(http.StatusOK)
	remove(carl, second).Is(http.StatusNoContent)
	remove(carl, first).Problem(http.StatusConflict, "two_factor_in_use")
	require.True(t, enabled(carl))
}

// R63: what a process that died left behind in a history is no second factor,
// and goes with the next change.
func TestDyingBetweenEventAndRow(t *testing.T) {
	t.Parallel()
	team, carl := requiring(t)
	first := begin(t, team.World, carl)
	between(t, team.World, "raise exception 'it dies';")
	confirm(t, carl, first).Is(http.StatusInternalServerError)
	require.False(t, enabled(carl))
	between(t, team.World, "")
	second := begin(t, team.World, carl)
	confirm(t, carl, second).Is(http.StatusOK)
	remove(carl, second).Problem(http.StatusConflict, "two_factor_in_use")
	require.True(t, enabled(carl))
	types, _ := history(t, team.World, carl)
	of := types[slices.Index(types, "user.authenticator_added.v1"):]
	require.Equal(t, []string{
		"user.authenticator_added.v1", "user.two_factor_enabled.v1", "user.factor_removed.v1", "user.authenticator_added.v1",
	}, of)
}

// Of two factors that are confirmed at the same moment one is the first: its
// answer alone holds recovery codes, and they are good.
func TestOneFactorIsTheFirst(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	phone, laptop := begin(t, w, olivia), newKey(named(t, w))
	made := laptop.made(t, site, olivia)
	release := hold(t, w)
	type answer struct {
		Codes []string `json:"recovery_codes"`
	}
	var answers [2]apitest.Answer
	var tabs sync.WaitGroup
	tabs.Go(func() { answers[0] = confirm(t, olivia, phone) })
	tabs.Go(func() { answers[1] = olivia.Post(laptop.url+twoFactor+"/passkeys", made) })
	awaitStuck(t, w, 2, nil)
	release()
	tabs.Wait()
	var codes []string
	for i, status := range []int{http.StatusOK, http.StatusCreated} {
		var got answer
		answers[i].Is(status).Read(&got)
		codes = append(codes, got.Codes...)
	}
	require.Len(t, codes, 10)
	finish(t, signIn(t, w, olivia), "recovery_code", codes[0])
}
