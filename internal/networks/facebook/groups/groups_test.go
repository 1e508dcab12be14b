package groups_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/facebook/groups"
	"behalf/internal/networks/wire"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, conformance.Subject{Start: func(*testing.T, wire.Options) *conformance.World {
		return &conformance.World{
			Connector: groups.New(), Account: "acme.readers",
			Answer: func(_ *testing.T, _ string, start networks.AuthStart, _ bool) networks.Callback {
				return filled(start, "https://m.facebook.com/groups/Acme.Readers/?ref=share", "Acme readers", "Acme News, Olivia")
			},
		}
	}})
}

func filled(start networks.AuthStart, address, name, identities string) networks.Callback {
	return networks.Callback{Pending: start.Pending, Fields: map[string]networks.Secret{
		"address": networks.NewSecret(address), "name": networks.NewSecret(name), "identities": networks.NewSecret(identities),
	}}
}

// R40: a group knows posting identities, and no other than those that were named.
func TestIdentities(t *testing.T) {
	t.Parallel()
	c := groups.New()
	start, err := c.Authorize(t.Context(), networks.AuthRequest{})
	require.NoError(t, err)
	require.Len(t, start.Form, 3)
	credential, err := c.Exchange(t.Context(), filled(start, "https://www.facebook.com/groups/123/posts/9", "Readers", " Acme News ,, Olivia "))
	require.NoError(t, err)
	accounts, err := c.Accounts(t.Context(), credential)
	require.NoError(t, err)
	require.Equal(t, []networks.Account{{
		RemoteID: "123", Name: "Readers", URL: "https://www.facebook.com/groups/123",
		Identities: []networks.Identity{{RemoteID: "Acme News", Name: "Acme News"}, {RemoteID: "Olivia", Name: "Olivia"}},
	}}, accounts)
	session := networks.Session{Credential: credential, Account: "123", Identity: "Olivia"}
	_, err = c.VerifyAccess(t.Context(), session)
	require.NoError(t, err)
	session.Identity = "Carl"
	_, err = c.VerifyAccess(t.Context(), session)
	require.ErrorContains(t, err, "unknown_identity")
}

func TestRefusedForms(t *testing.T) {
	t.Parallel()
	c := groups.New()
	start, err := c.Authorize(t.Context(), networks.AuthRequest{})
	require.NoError(t, err)
	for _, address := range []string{
		"", "acme", "http://www.facebook.com/groups/acme", "https://facebook.com.example/groups/acme",
		"https://www.facebook.com/acme", "https://www.facebook.com/groups/", "https://x@www.facebook.com/groups/acme",
		"https://www.facebook.com/groups/a%2Fb", "https://www.facebook.com:8443/groups/acme",
	} {
		_, err := c.Exchange(t.Context(), filled(start, address, "Readers", ""))
		require.ErrorContains(t, err, "invalid_address", address)
	}
	_, err = c.Exchange(t.Context(), filled(start, "https://www.facebook.com/groups/acme", " ", ""))
	require.ErrorContains(t, err, "invalid_name")
	_, err = c.Exchange(t.Context(), filled(start, "https://www.facebook.com/groups/acme", "Readers", "1,2,3,4,5,6,7,8,9,10,11"))
	require.ErrorContains(t, err, "invalid_identities")
	_, err = c.Exchange(t.Context(), filled(networks.AuthStart{}, "https://www.facebook.com/groups/acme", "Readers", ""))
	require.ErrorContains(t, err, "state_mismatch")
}
