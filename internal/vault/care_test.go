package vault_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/internal/networks"
	"behalf/internal/vault"
)

// stored puts a connection into the vault as the API does.
func stored(t *testing.T, api *vault.Vault, change ...func(*vault.Connection)) vault.Connection {
	t.Helper()
	c := connection()
	for _, one := range change {
		one(&c)
	}
	require.NoError(t, api.Store(t.Context(), c, secret("secret of "+c.ID.String())))
	return c
}

func ids(found []vault.Connection) (all []domain.ConnectionID) {
	for _, c := range found {
		all = append(all, c.ID)
	}
	return all
}

func TestCare(t *testing.T) {
	t.Parallel()
	api, engine, admin := rooms(t)
	c := stored(t, api, func(c *vault.Connection) { c.Refreshable = true })
	cares, err := api.Cares(t.Context(), c.Workspace)
	require.NoError(t, err)
	require.Equal(t, vault.Care{Connection: c.ID, Kind: "oauth2", Refreshable: true}, cares[c.ID])

	offered := []networks.Identity{{RemoteID: "7", Name: "Canary Author"}}
	require.NoError(t, api.KeepOffered(t.Context(), c.Workspace, c.ID, offered))
	require.NoError(t, engine.Used(t.Context(), map[domain.ConnectionID]time.Time{c.ID: time.Now()}))
	_, err = engine.Update(t.Context(), c.ID, func(context.Context, vault.Secret) (vault.Secret, time.Time, error) {
		return secret("fresh"), time.Now().Add(time.Hour), nil
	})
	require.NoError(t, err)
	cares, err = api.Cares(t.Context(), c.Workspace, c.ID)
	require.NoError(t, err)
	one := cares[c.ID]
	require.Equal(t, offered, one.Offered)
	for _, at := range []time.Time{one.UsedAt, one.RefreshedAt, one.CheckedAt} {
		require.WithinDuration(t, time.Now(), at, time.Minute)
	}

	other, err := api.Cares(t.Context(), connection().Workspace, c.ID)
	require.NoError(t, err)
	require.Empty(t, other, "another workspace's is out of reach")
	var written string
	require.NoError(t, admin.QueryRow(t.Context(), "select offered::text from vault.care").Scan(&written))
	require.NotContains(t, written, "Canary")
}

// What is to be checked is taken by one process, the longest due first, and
// comes again when nobody was heard of it.
func TestTakeChecks(t *testing.T) {
	t.Parallel()
	api, engine, _ := rooms(t)
	first, second := stored(t, api), stored(t, api)
	now := time.Now()
	due, err := engine.TakeChecks(t.Context(), now, []string{}, 10)
	require.NoError(t, err)
	require.Empty(t, due, "just connected, just checked")
	require.NoError(t, engine.CheckAgain(t.Context(), second.ID, now.Add(-time.Hour)))
	require.NoError(t, engine.CheckAgain(t.Context(), first.ID, now.Add(-time.Minute)))

	due, err = engine.TakeChecks(t.Context(), now, []string{}, 1)
	require.NoError(t, err)
	require.Equal(t, []domain.ConnectionID{second.ID}, ids(due))
	due, err = engine.TakeChecks(t.Context(), now, []string{}, 10)
	require.NoError(t, err)
	require.Equal(t, []domain.ConnectionID{first.ID}, ids(due))
	due, err = engine.TakeChecks(t.Context(), now.Add(11*time.Minute), []string{}, 10)
	require.NoError(t, err)
	require.Len(t, due, 2, "whoever took them is not heard of")
	require.NoError(t, engine.EndCare(t.Context(), first.ID))
	due, err = engine.TakeChecks(t.Context(), now.Add(time.Hour), []string{}, 10)
	require.NoError(t, err)
	require.Equal(t, []domain.ConnectionID{second.ID}, ids(due))
}

// Tokens are refreshed so long before they expire as their network asks for,
// up to twice that; a failure puts it off, and a success for half of what the
// new one lasts.
func TestTakeRefreshes(t *testing.T) {
	t.Parallel()
	api, engine, admin := rooms(t)
	now := time.Now()
	refreshable := func(c *vault.Connection) { c.Refreshable, c.ExpiresAt = true, now.Add(time.Hour) }
	c := stored(t, api, refreshable)
	stored(t, api, refreshable, func(c *vault.Connection) { c.Network = "unknown here" })
	stored(t, api, func(c *vault.Connection) { c.ExpiresAt = now.Add(time.Hour) })
	exec(t, admin, "update vault.care set jitter = 0.5")
	leads := map[string]time.Duration{"sandbox": 10 * time.Minute}
	take := func(at time.Time) []domain.ConnectionID {
		due, err := engine.TakeRefreshes(t.Context(), at, leads, 10)
		require.NoError(t, err)
		return ids(due)
	}
	require.Empty(t, take(now.Add(44*time.Minute)))
	require.Equal(t, []domain.ConnectionID{c.ID}, take(now.Add(46*time.Minute)))
	require.Empty(t, take(now.Add(47*time.Minute)), "taken")

	require.NoError(t, engine.RefreshFailed(t.Context(), c.ID, now.Add(47*time.Minute)))
	require.Empty(t, take(now.Add(47*time.Minute+59*time.Second)))
	require.Len(t, take(now.Add(48*time.Minute+time.Second)), 1)

	_, err := engine.Update(t.Context(), c.ID, func(context.Context, vault.Secret) (vault.Secret, time.Time, error) {
		return secret("fresh"), time.Now().Add(8 * time.Minute), nil
	})
	require.NoError(t, err)
	require.Empty(t, take(now.Add(3*time.Minute)), "however short-lived")
	require.Len(t, take(now.Add(5*time.Minute)), 1)
}

func TestTakeExpired(t *testing.T) {
	t.Parallel()
	api, engine, _ := rooms(t)
	now := time.Now()
	c := stored(t, api, func(c *vault.Connection) { c.ExpiresAt = now.Add(time.Hour) })
	stored(t, api, func(c *vault.Connection) { c.Refreshable, c.ExpiresAt = true, now.Add(time.Hour) })
	stored(t, api)
	due, err := engine.TakeExpired(t.Context(), now.Add(59*time.Minute), 10)
	require.NoError(t, err)
	require.Empty(t, due)
	due, err = engine.TakeExpired(t.Context(), now.Add(61*time.Minute), 10)
	require.NoError(t, err)
	require.Equal(t, []domain.ConnectionID{c.ID}, ids(due))
}

func TestHeirs(t *testing.T) {
	t.Parallel()
	api, engine, _ := rooms(t)
	old := stored(t, api)
	heir := stored(t, api, func(c *vault.Connection) { c.Predecessor = old.ID })
	has, err := engine.HasHeir(t.Context(), old.ID)
	require.NoError(t, err)
	require.True(t, has)
	found, err := engine.Heirs(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, heir.ID, found[0].ID)
	require.Equal(t, old.ID, found[0].Predecessor)
	require.NoError(t, engine.Inherited(t.Context(), heir.ID, true))
	has, err = engine.HasHeir(t.Context(), old.ID)
	require.NoError(t, err)
	require.False(t, has)
	cares, err := engine.Cares(t.Context(), heir.Workspace)
	require.NoError(t, err)
	require.True(t, cares[heir.ID].Refreshable)
}

// Whoever connects twice within a round leaves a chain: it is gone along from its
// beginning, whatever the ids.
func TestHeirsOfHeirs(t *testing.T) {
	t.Parallel()
	api, engine, _ := rooms(t)
	chain := []domain.ConnectionID{{}}
	for i := range byte(4) { // each comes before its predecessor in the order of ids
		chain = append(chain, stored(t, api, func(c *vault.Connection) { c.ID[0], c.Predecessor = 0xf0-i, chain[i] }).ID)
	}
	for _, next := range chain[2:] {
		found, err := engine.Heirs(t.Context(), 10)
		require.NoError(t, err)
		require.Equal(t, []domain.ConnectionID{next}, ids(found))
		require.NoError(t, engine.Inherited(t.Context(), next, true))
	}
	found, err := engine.Heirs(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, found)
}

// R46: a client that tries again stores the authorization as it was at first.
// What was taken over meanwhile is taken over once more.
func TestStoredAgainIsAnHeirAgain(t *testing.T) {
	t.Parallel()
	api, engine, _ := rooms(t)
	old := stored(t, api)
	heir := stored(t, api, func(c *vault.Connection) { c.Predecessor = old.ID })
	require.NoError(t, engine.Inherited(t.Context(), heir.ID, true))
	require.NoError(t, api.Store(t.Context(), heir, secret("as it was")))
	found, err := engine.Heirs(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, []domain.ConnectionID{heir.ID}, ids(found))
	require.Equal(t, old.ID, found[0].Predecessor)
}

// Whoever gives an account up gives up what they connected before, too: not what
// they connect next, and nobody else's.
func TestRetireTakesTheReplacedAlong(t *testing.T) {
	t.Parallel()
	api, engine, admin := rooms(t)
	first := stored(t, api)
	colleague := stored(t, api, func(c *vault.Connection) { c.Workspace, c.Account = first.Workspace, first.Account })
	again := func(c *vault.Connection) {
		c.Workspace, c.Account, c.Holder = first.Workspace, first.Account, first.Holder
	}
	second, third := stored(t, api, again), stored(t, api, again)
	require.NoError(t, engine.Retire(t.Context(), second.ID, []string{"sandbox"}))
	for _, c := range []vault.Connection{first, second} {
		_, _, err := engine.Open(t.Context(), c.ID)
		require.ErrorIs(t, err, vault.ErrNotFound)
		opened, err := engine.OpenRevocation(t.Context(), vault.Revocation{Connection: c})
		require.NoError(t, err)
		require.True(t, opened.Equal(secret("secret of "+c.ID.String())))
	}
	opens(t, engine, colleague.ID, "secret of "+colleague.ID.String())
	opens(t, engine, third.ID, "secret of "+third.ID.String())
	var kept int
	require.NoError(t, admin.QueryRow(t.Context(), "select count(*) from vault.revocations").Scan(&kept))
	require.Equal(t, 2, kept)
}

// What was given up can be revoked and nothing else, and is forgotten in an hour.
func TestRetire(t *testing.T) {
	t.Parallel()
	api, engine, admin := rooms(t)
	person := func(c *vault.Connection) { c.Person = "olivia" }
	c, kept := stored(t, api, person), stored(t, api, person)
	elsewhere := stored(t, api, func(c *vault.Connection) { c.Network = "cannot revoke" })
	for _, id := range []domain.ConnectionID{c.ID, elsewhere.ID, c.ID} {
		require.NoError(t, engine.Retire(t.Context(), id, []string{"sandbox"}))
	}
	_, _, err := engine.Open(t.Context(), c.ID)
	require.ErrorIs(t, err, vault.ErrNotFound)

	now := time.Now()
	due, err := engine.TakeRevocations(t.Context(), now, []string{}, 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
	require.Equal(t, c.ID, due[0].ID)
	opened, err := engine.OpenRevocation(t.Context(), due[0])
	require.NoError(t, err)
	require.True(t, opened.Equal(secret("secret of "+c.ID.String())))
	used, err := engine.InUse(t.Context(), "sandbox", "olivia")
	require.NoError(t, err)
	require.True(t, used, "by "+kept.ID.String())

	again, err := engine.TakeRevocations(t.Context(), now, []string{}, 10)
	require.NoError(t, err)
	require.Empty(t, again, "taken")
	again, err = engine.TakeRevocations(t.Context(), now.Add(2*time.Minute), []string{}, 10)
	require.NoError(t, err)
	require.Len(t, again, 1)
	_, err = engine.TakeRevocations(t.Context(), now.Add(vault.RevocationLife+time.Minute), []string{}, 10)
	require.NoError(t, err)
	var left int
	require.NoError(t, admin.QueryRow(t.Context(), "select count(*) from vault.revocations").Scan(&left))
	require.Zero(t, left)
	_, err = api.TakeRevocations(t.Context(), now, []string{}, 10)
	require.Error(t, err, "the API revokes nothing")
}
