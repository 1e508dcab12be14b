package offer

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/config"
)

// A name that nobody knows is said with those that there are, and what ends
// the process is an error of the settings.
func TestUnknownNetwork(t *testing.T) {
	t.Parallel()
	_, err := Open("myspace", Opening{Settings: &config.Config{}})
	require.ErrorContains(t, err, `BEHALF_NETWORKS: "myspace" is none of`)
	require.ErrorContains(t, err, "sandbox")
	require.Equal(t, 2, config.ExitCode(err))
}

func TestOffersHaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, one := range offers() {
		require.False(t, seen[one.name], one.name)
		seen[one.name] = true
	}
}

// What an installation offers by itself can be opened without any setting.
func TestNetworksOfferedByThemselves(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"bluesky", "mastodon", "wordpress"} {
		connector, err := Open(name, Opening{Settings: &config.Config{}})
		require.NoError(t, err)
		connector.Close()
	}
}
