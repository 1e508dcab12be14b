package vault_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/vault"
)

func neverExchanged(t *testing.T) vault.Exchange {
	return func(context.Context, vault.Secret) (vault.Secret, time.Time, error) {
		t.Error("the network was asked although it must not be")
		return vault.Secret{}, time.Time{}, errors.New("not asked for")
	}
}

// rotating is a network whose tokens work for one exchange: whoever shows an
// old one again is refused, as with a revoked family.
type rotating struct {
	mutex   sync.Mutex
	number  int
	reused  int
	expires func() time.Time
}

func (r *rotating) token() string { return fmt.Sprintf("token %d", r.number) }

func (r *rotating) exchange(_ context.Context, current vault.Secret) (vault.Secret, time.Time, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if string(current.Reveal()) != r.token() {
		r.reused++
		return vault.Secret{}, time.Time{}, errors.New("token was used before")
	}
	r.number++
	return secret(r.token()), r.expires(), nil
}

func TestRefreshUsesWhatLasts(t *testing.T) {
	t.Parallel()
	_, engine, _ := rooms(t)
	now := time.Now()
	c := connection()
	for _, expires := range []time.Time{{}, now.Add(time.Minute)} {
		c.ExpiresAt = expires
		require.NoError(t, engine.Store(t.Context(), c, secret("token")))
		got, err := engine.Refresh(t.Context(), c.ID, now, neverExchanged(t))
		require.NoError(t, err)
		require.True(t, got.Equal(secret("token")))
	}
	lasting := func(context.Context, vault.Secret) (vault.Secret, time.Time, error) {
		return secret("fresh"), now.Add(time.Hour), nil
	}
	got, err := engine.Refresh(t.Context(), c.ID, now.Add(2*time.Minute), lasting)
	require.NoError(t, err)
	require.True(t, got.Equal(secret("fresh")), "it has to last longer than it does")
	_, err = engine.Refresh(t.Context(), connection().ID, now, neverExchanged(t))
	require.ErrorIs(t, err, vault.ErrNotFound)
}

func TestRefreshRefusedGoesByGeneration(t *testing.T) {
	t.Parallel()
	_, engine, _ := rooms(t)
	c := connection()
	require.NoError(t, engine.Store(t.Context(), c, secret("token 0")))
	network := &rotating{expires: func() time.Time { return time.Time{} }}
	for range 3 { // all of them were refused with generation 1
		got, err := engine.RefreshRefused(t.Context(), c.ID, 1, network.exchange)
		require.NoError(t, err)
		require.True(t, got.Equal(secret("token 1")))
	}
	stored, _, err := engine.Open(t.Context(), c.ID)
	require.NoError(t, err)
	require.EqualValues(t, 2, stored.Generation)
}

func TestFailedExchangeLeavesTheRow(t *testing.T) {
	t.Parallel()
	_, engine, _ := rooms(t)
	c := connection()
	require.NoError(t, engine.Store(t.Context(), c, secret("token")))
	before, _, err := engine.Open(t.Context(), c.ID)
	require.NoError(t, err)

	refused := errors.New("invalid_grant")
	for _, answer := range []struct {
		secret vault.Secret
		err    error
		want   error
	}{
		{secret("half an answer"), refused, refused},
		{vault.Secret{}, nil, vault.ErrEmptySecret},
	} {
		_, err = engine.Update(t.Context(), c.ID, func(context.Context, vault.Secret) (vault.Secret, time.Time, error) {
			return answer.secret, time.Time{}, answer.err
		})
		require.ErrorIs(t, err, answer.want)
	}
	require.Panics(t, func() {
		_, _ = engine.Update(t.Context(), c.ID, func(context.Context, vault.Secret) (vault.Secret, time.Time, error) {
			panic("a mistake in a connector")
		})
	})
	after, kept, err := engine.Open(t.Context(), c.ID)
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.True(t, kept.Equal(secret("token")))
	got, err := engine.Update(t.Context(), c.ID, func(context.Context, vault.Secret) (vault.Secret, time.Time, error) {
		return secret("next"), time.Time{}, nil
	})
	require.NoError(t, err, "nothing stays locked")
	require.True(t, got.Equal(secret("next")))
}

func TestRotatedTokenIsKeptWhenTheCallerLeaves(t *testing.T) {
	t.Parallel()
	_, engine, _ := rooms(t)
	c := connection()
	require.NoError(t, engine.Store(t.Context(), c, secret("old")))
	ctx, leave := context.WithCancel(t.Context())
	got, err := engine.Update(ctx, c.ID, func(exchanging context.Context, _ vault.Secret) (vault.Secret, time.Time, error) {
		leave()
		return secret("rotated"), time.Time{}, exchanging.Err()
	})
	require.NoError(t, err)
	require.True(t, got.Equal(secret("rotated")))
	_, stored, err := engine.Open(t.Context(), c.ID)
	require.NoError(t, err)
	require.True(t, stored.Equal(secret("rotated")))
}

func TestRotatedTokenIsKeptWhenTheDatabaseConnectionIsLost(t *testing.T) {
	t.Parallel()
	_, engine, admin := rooms(t)
	c := connection()
	require.NoError(t, engine.Store(t.Context(), c, secret("old")))
	got, err := engine.Update(t.Context(), c.ID, func(context.Context, vault.Secret) (vault.Secret, time.Time, error) {
		exec(t, admin, `
			select pg_terminate_backend(pid)
			from pg_stat_activity
			where datname = current_database()
			  and state = 'idle in transaction'`)
		return secret("rotated"), time.Time{}, nil
	})
	require.NoError(t, err)
	require.True(t, got.Equal(secret("rotated")))
	stored, kept, err := engine.Open(t.Context(), c.ID)
	require.NoError(t, err)
	require.True(t, kept.Equal(secret("rotated")))
	require.EqualValues(t, 2, stored.Generation)
}

func TestDestroyedWhileTheConnectionIsLost(t *testing.T) {
	t.Parallel()
	_, engine, admin := rooms(t)
	c := connection()
	require.NoError(t, engine.Store(t.Context(), c, secret("old")))
	_, err := engine.Update(t.Context(), c.ID, func(context.Context, vault.Secret) (vault.Secret, time.Time, error) {
		exec(t, admin, `
			select pg_terminate_backend(pid)
			from pg_stat_activity
			where datname = current_database()
			  and state = 'idle in transaction'`)
		exec(t, admin, `delete from vault.connections`)
		return secret("rotated"), time.Time{}, nil
	})
	require.ErrorIs(t, err, vault.ErrNotFound, "a removed connection does not come back (R62)")
}

// Two processes, a thousand callers, a network that forgives no reuse: callers
// that come at once share one exchange, and no rotation is lost.
func TestThousandConcurrentRefreshes(t *testing.T) {
	t.Parallel()
	_, _, admin := rooms(t)
	processes := []*vault.Vault{
		open(t, as(t, admin, "behalf_engine", 6)),
		open(t, as(t, admin, "behalf_engine", 6)),
	}
	c := connection()
	require.NoError(t, processes[0].Store(t.Context(), c, secret("token 0")))
	now := time.Now()
	exec(t, admin, `update vault.connections set expires_at = $1`, now.Add(-time.Hour))
	network := &rotating{expires: func() time.Time { return now.Add(-time.Minute) }} // stale at once: all exchange

	failures := make(chan error, 1000)
	var group sync.WaitGroup
	for i := range cap(failures) {
		group.Go(func() {
			_, err := processes[i%2].Refresh(context.WithoutCancel(t.Context()), c.ID, now, network.exchange)
			failures <- err
		})
	}
	group.Wait()
	close(failures)
	for err := range failures {
		require.NoError(t, err)
	}
	require.Zero(t, network.reused)
	require.Equal(t, 1000, network.number)
	stored, kept, err := processes[1].Open(t.Context(), c.ID)
	require.NoError(t, err)
	require.True(t, kept.Equal(secret("token 1000")))
	require.EqualValues(t, 1001, stored.Generation)
}

func TestConcurrentRefreshesShareOneExchange(t *testing.T) {
	t.Parallel()
	_, _, admin := rooms(t)
	processes := []*vault.Vault{
		open(t, as(t, admin, "behalf_engine", 6)),
		open(t, as(t, admin, "behalf_engine", 6)),
	}
	now := time.Now()
	c := connection()
	c.ExpiresAt = now.Add(-time.Minute)
	require.NoError(t, processes[0].Store(t.Context(), c, secret("token 0")))
	network := &rotating{expires: func() time.Time { return now.Add(time.Hour) }}
	results := make(chan vault.Secret, 200)
	var group sync.WaitGroup
	for i := range cap(results) {
		group.Go(func() {
			got, _ := processes[i%2].Refresh(context.WithoutCancel(t.Context()), c.ID, now, network.exchange)
			results <- got
		})
	}
	group.Wait()
	close(results)
	for got := range results {
		require.True(t, got.Equal(secret("token 1")))
	}
	require.Equal(t, 1, network.number)
}
