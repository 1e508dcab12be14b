package care_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/workers/workerstest"
)

const day = 24 * time.Hour

// lasting makes a connection one that nobody but its holder can renew, made now
// and good for 60 days: what LinkedIn gives to most.
func lasting(w *workerstest.World, id domain.ConnectionID) {
	w.Helper()
	strip(w, id)
	_, err := w.Pool.Exec(w.Ctx, "update vault.connections set created_at = now(), expires_at = now() + interval '60 days' where id = $1", [16]byte(id))
	require.NoError(w, err)
}

func announced(w *workerstest.World) []account.ExpiryAnnounced {
	w.Helper()
	return workerstest.On[account.ExpiryAnnounced](w, account.Stream(w.Account))
}

// R44: a week before an authorization runs out that only its holder can renew,
// the holder is told, once, and again only of another one. Who is told and does
// nothing is asked when it has run out.
func TestToldBeforeItRunsOut(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	first := w.ConnectionOf(w.Olivia)
	lasting(w, first)
	for _, in := range []time.Duration{0, 30 * day, 53*day - time.Hour} {
		round(w, in)
		require.Empty(t, announced(w), in)
	}
	_, err := w.Pool.Exec(w.Ctx, "update vault.connections set updated_at = now() + interval '53 days' where id = $1", [16]byte(first))
	require.NoError(t, err) // as the daily check does that keeps a page's token
	for _, in := range []time.Duration{53*day + time.Hour, 53*day + 2*time.Hour, 56 * day} {
		round(w, in)
		told := announced(w)
		require.Len(t, told, 1, in)
		require.Equal(t, w.Olivia, told[0].Holder)
		require.WithinDuration(t, time.Now().Add(60*day), told[0].Expires, time.Hour)
	}
	require.Empty(t, w.Outages(), "it works still")

	w.Connect(w.Olivia)
	second := w.ConnectionOf(w.Olivia)
	lasting(w, second)
	round(w, 30*day)
	require.Len(t, announced(w), 1)
	round(w, 54*day)
	require.Len(t, announced(w), 2)
	require.Equal(t, second, announced(w)[1].Connection)
	for range 2 {
		round(w, 61*day)
	}
	require.Len(t, w.Outages(), 1)
	require.Equal(t, "expired", w.Outages()[0].Code)
	require.Len(t, announced(w), 2)
}

// One that lasts for less than two weeks is told of when half of it has passed;
// one that nothing goes out through when something may again.
func TestToldWhenItIsOfUse(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.MemberMode)
	w.Connect(w.Carl)
	id := w.ConnectionOf(w.Carl)
	strip(w, id)
	_, err := w.Pool.Exec(w.Ctx, "update vault.connections set created_at = now(), expires_at = now() + interval '4 days' where id = $1", [16]byte(id))
	require.NoError(t, err)
	round(w, 2*day-time.Hour)
	require.Empty(t, announced(w))
	w.As(w.Olivia, &assignment.ChangeCredentialMode{Member: w.Carl, Account: w.Account, Mode: workspace.OwnerMode})
	round(w, 2*day+time.Hour)
	require.Empty(t, announced(w))
	w.As(w.Olivia, &assignment.ChangeCredentialMode{Member: w.Carl, Account: w.Account, Mode: workspace.MemberMode})
	round(w, 3*day+2*time.Hour)
	require.Len(t, announced(w), 1)
	require.Equal(t, w.Carl, announced(w)[0].Holder)
}

// giving is a network that answers a token of the page's own when it is asked
// for the right to post.
type giving struct {
	networks.Connector
	page string
}

func (g *giving) VerifyAccess(ctx context.Context, s networks.Session) (networks.Access, error) {
	access, err := g.Connector.VerifyAccess(ctx, s)
	held, _ := s.Credential.OAuth2()
	held.AccountToken = networks.NewSecret(g.page)
	access.Credential = networks.NewOAuth2(held)
	return access, err
}

// What the network gives at the daily check instead of what it was asked with is
// kept, and stored once.
func TestCheckKeepsWhatComesBack(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	network := &giving{Connector: w.Networks[sandbox.Name], page: "a page's token"}
	w.Networks = networks.Registry{sandbox.Name: network}
	id := w.ConnectionOf(w.Olivia)
	before := tokens(w, id)
	for i, step := range []struct {
		page       string
		generation int
	}{{"a page's token", 2}, {"a page's token", 2}, {"another one", 3}} {
		network.page = step.page
		_, err := w.Pool.Exec(w.Ctx, "update vault.care set check_due = now()")
		require.NoError(t, err)
		round(w, time.Minute)
		require.Equal(t, step.page, tokens(w, id).AccountToken.Reveal(), i)
		require.Equal(t, before.RefreshToken.Reveal(), tokens(w, id).RefreshToken.Reveal())
		require.Equal(t, step.generation, generationOf(t, w, id), i)
	}
	require.Empty(t, w.Outages())
}
