package config

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNetworks(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte("canary-from-a-file\n"), 0o600))
	c := parse(t, "--networks=x,wordpress,facebook_pages")
	require.NoError(t, c.Resolve(environment(map[string]string{
		"BEHALF_NETWORK_X_CLIENT_ID": "ours", "BEHALF_NETWORK_X_CLIENT_SECRET": "canary",
		"BEHALF_NETWORK_FACEBOOK_PAGES_CLIENT_ID": "42", "BEHALF_NETWORK_FACEBOOK_PAGES_CLIENT_SECRET_FILE": file,
		"BEHALF_NETWORK_LINKEDIN_CLIENT_ID": "not named, not read",
	})))
	client, err := c.ClientOf("x")
	require.NoError(t, err)
	require.Equal(t, "ours", client.ID)
	require.Equal(t, "canary", client.Secret.Reveal())
	client, err = c.ClientOf("facebook_pages")
	require.NoError(t, err)
	require.Equal(t, "canary-from-a-file", client.Secret.Reveal())
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", c.Clients, c.Clients, c.Clients), "canary")

	_, err = c.ClientOf("wordpress")
	require.EqualError(t, err, "BEHALF_NETWORK_WORDPRESS_CLIENT_ID: is not set")
	require.Len(t, c.Clients, 2)
}

// What asks for no client is offered unless an operator says otherwise.
func TestNetworksOfferedByThemselves(t *testing.T) {
	t.Parallel()
	c := parse(t)
	require.NoError(t, c.Resolve(environment(nil)))
	require.Equal(t, []string{"bluesky", "mastodon", "wordpress"}, c.Networks)
	c = parse(t, "--networks=none")
	require.NoError(t, c.Resolve(environment(nil)))
	require.Empty(t, c.Networks)
}

func TestNetworksRefused(t *testing.T) {
	t.Parallel()
	for want, given := range map[string]struct {
		argument    string
		environment map[string]string
	}{
		`BEHALF_NETWORKS: "X" is no name of its own, of small letters`:      {"--networks=X", nil},
		`BEHALF_NETWORKS: "x" is no name of its own, of small letters`:      {"--networks=x,x", nil},
		`BEHALF_NETWORKS: "../etc" is no name of its own, of small letters`: {"--networks=../etc", nil},
		"BEHALF_NETWORK_X_CLIENT_ID: is not set, but BEHALF_NETWORK_X_CLIENT_SECRET is": {
			"--networks=x", map[string]string{"BEHALF_NETWORK_X_CLIENT_SECRET": "canary"},
		},
	} {
		c := parse(t, given.argument)
		require.EqualError(t, c.Resolve(environment(given.environment)), want)
	}
	c := parse(t, "--networks=x")
	require.NoError(t, c.Resolve(environment(map[string]string{"BEHALF_NETWORK_X_CLIENT_ID": "ours"})))
	_, err := c.ClientOf("x")
	require.EqualError(t, err, "BEHALF_NETWORK_X_CLIENT_SECRET: is not set (nor is BEHALF_NETWORK_X_CLIENT_SECRET_FILE)")
}
