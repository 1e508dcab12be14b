package vault_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
)

func registration(id string) networks.Registration {
	return networks.Registration{
		ClientID: id, ClientSecret: networks.NewSecret("secret of " + id), RedirectURI: "https://behalf.example/callback",
	}
}

func TestRegistrations(t *testing.T) {
	t.Parallel()
	api, engine, admin := rooms(t)
	_, found, err := api.Registrations().Registration(t.Context(), "mastodon", "social.example")
	require.NoError(t, err)
	require.False(t, found)

	kept, err := api.Registrations().KeepRegistration(t.Context(), "mastodon", "social.example", registration("one"))
	require.NoError(t, err)
	require.Equal(t, "one", kept.ClientID)
	again, found, err := engine.Registrations().Registration(t.Context(), "mastodon", "social.example")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, "secret of one", again.ClientSecret.Reveal())
	require.Equal(t, kept.RedirectURI, again.RedirectURI)

	_, found, err = api.Registrations().Registration(t.Context(), "mastodon", "other.example")
	require.NoError(t, err)
	require.False(t, found, "each host its own")

	public, err := api.Registrations().KeepRegistration(t.Context(), "mastodon", "public.example",
		networks.Registration{ClientID: "public", RedirectURI: "https://behalf.example/callback"})
	require.NoError(t, err)
	require.True(t, public.ClientSecret.IsZero())

	exec(t, admin, "update vault.registrations set client_id = 'another' where host = 'social.example'")
	_, _, err = api.Registrations().Registration(t.Context(), "mastodon", "social.example")
	require.Error(t, err, "a secret is bound to its client")
}

// Of those that are made at the same time the first one is kept, and answered
// to all; later, or for another redirect URI, a new one takes its place.
func TestRegistrationsAtTheSameTime(t *testing.T) {
	t.Parallel()
	api, engine, admin := rooms(t)
	ids := make([]string, 8)
	var group sync.WaitGroup
	for i := range ids {
		group.Go(func() {
			keeper := api
			if i%2 == 0 {
				keeper = engine
			}
			kept, err := keeper.Registrations().KeepRegistration(t.Context(), "mastodon", "social.example", registration(string(rune('a'+i))))
			if err == nil && kept.ClientSecret.Reveal() == "secret of "+kept.ClientID {
				ids[i] = kept.ClientID
			}
		})
	}
	group.Wait()
	for _, id := range ids {
		require.NotEmpty(t, id)
		require.Equal(t, ids[0], id)
	}

	moved := registration("moved")
	moved.RedirectURI = "https://elsewhere.example/callback"
	kept, err := api.Registrations().KeepRegistration(t.Context(), "mastodon", "social.example", moved)
	require.NoError(t, err)
	require.Equal(t, "moved", kept.ClientID)

	exec(t, admin, "update vault.registrations set kept_at = kept_at - interval '2 minutes'")
	newer := registration("newer")
	newer.RedirectURI = moved.RedirectURI
	kept, err = api.Registrations().KeepRegistration(t.Context(), "mastodon", "social.example", newer)
	require.NoError(t, err)
	require.Equal(t, "newer", kept.ClientID)
}
