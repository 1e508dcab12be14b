package vault_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/testkit"
	"behalf/internal/vault"
)

// Everything in every drawer is sealed anew, more than a page of it, and what
// each holds still opens where it is used.
func TestReencryptEveryDrawer(t *testing.T) {
	t.Parallel()
	admin := testkit.Postgres(t)
	engine := open(t, as(t, admin, "behalf_engine", 4))
	owner := open(t, as(t, admin, "behalf_owner", 4))
	kept, given := connection(), connection()
	for _, c := range []vault.Connection{kept, given} {
		require.NoError(t, engine.Store(t.Context(), c, secret("token of "+c.ID.String())))
	}
	offered := []networks.Identity{{RemoteID: "7", Name: "Olivia"}}
	require.NoError(t, engine.KeepOffered(t.Context(), kept.Workspace, kept.ID, offered))
	require.NoError(t, engine.Retire(t.Context(), given.ID, []string{given.Network}))
	const hosts = 250
	for i := range hosts {
		_, err := engine.Registrations().KeepRegistration(t.Context(), "mastodon", fmt.Sprintf("%d.example", i), networks.Registration{
			ClientID: "client", ClientSecret: networks.NewSecret(fmt.Sprintf("secret %d", i)), RedirectURI: "https://behalf.example/callback",
		})
		require.NoError(t, err)
	}
	want := map[string]int64{"connections": 1, "revocations": 1, "posting identities": 1, "registrations": hosts}
	require.Len(t, vault.Drawers(), len(want))

	_, err := vault.Rotate(t.Context(), as(t, admin, "behalf_owner", 2), vault.Keys{Master: vault.NewSecret(master)})
	require.NoError(t, err)
	for _, all := range []func() map[string]int64{
		func() map[string]int64 {
			older := map[string]int64{}
			found, _, err := owner.Check(t.Context(), vault.Drawers(), nothing)
			require.NoError(t, err)
			for _, one := range found {
				require.Empty(t, one.Broken)
				older[one.Holds] = one.Older
			}
			return older
		},
		func() map[string]int64 {
			sealed := map[string]int64{}
			done, err := owner.Reencrypt(t.Context(), vault.Drawers(), nothing)
			require.NoError(t, err)
			for _, one := range done {
				require.Empty(t, one.Broken)
				require.Zero(t, one.Left)
				sealed[one.Holds] = one.Sealed
			}
			return sealed
		},
	} {
		require.Equal(t, want, all())
	}
	found, _, err := owner.Check(t.Context(), vault.Drawers(), nothing)
	require.NoError(t, err)
	for _, one := range found {
		require.Equal(t, vault.Checked{Holds: one.Holds, Opened: want[one.Holds]}, one)
	}

	opens(t, engine, kept.ID, "token of "+kept.ID.String())
	cares, err := engine.Cares(context.WithoutCancel(t.Context()), kept.Workspace)
	require.NoError(t, err)
	require.Equal(t, offered, cares[kept.ID].Offered)
	due, err := engine.TakeRevocations(t.Context(), time.Now(), []string{}, 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
	got, err := engine.OpenRevocation(t.Context(), due[0])
	require.NoError(t, err)
	require.True(t, got.Equal(secret("token of "+given.ID.String())))
	registered, there, err := engine.Registrations().Registration(t.Context(), "mastodon", "249.example")
	require.NoError(t, err)
	require.True(t, there)
	require.Equal(t, "secret 249", registered.ClientSecret.Reveal())
}
