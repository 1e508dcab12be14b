package offer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/facebook/groups"
	"behalf/internal/networks/facebook/pages"
	"behalf/internal/networks/linkedin"
)

// Every connector that speaks a dated version says when the network ends it, and
// operators hear of it in time.
func TestEveryDatedVersionRetires(t *testing.T) {
	t.Parallel()
	secret := networks.NewSecret("s")
	made := map[string]Opened{}
	var err error
	made[pages.Name], err = pages.New(pages.Config{AppID: "a", AppSecret: secret})
	require.NoError(t, err)
	for name, organizations := range map[string]bool{linkedin.Name: false, linkedin.OrganizationName: true} {
		made[name], err = linkedin.New(linkedin.Config{Organizations: organizations, ClientID: "a", ClientSecret: secret})
		require.NoError(t, err)
	}
	for name, connector := range made {
		t.Cleanup(connector.Close)
		version := connector.Capabilities().API
		require.False(t, version.Retires.IsZero(), name)
		require.NotEmpty(t, version.Source, name)
		only := networks.Registry{name: connector}
		_, err := LookAtVersions(only, version.Retires.Add(-retiringSoon))
		require.NoError(t, err, name)
		detail, err := LookAtVersions(only, version.Retires.Add(-retiringSoon+time.Second))
		require.ErrorIs(t, err, errRetiring, name)
		require.Contains(t, detail, name+" ends version "+version.Version+" on "+version.Retires.Format(time.DateOnly))
	}
}

// Operators hear of a version that a network ends before posts fail.
func TestRetiringVersions(t *testing.T) {
	t.Parallel()
	connector, err := pages.New(pages.Config{AppID: "a", AppSecret: networks.NewSecret("s")})
	require.NoError(t, err)
	t.Cleanup(connector.Close)
	offered := networks.Registry{pages.Name: connector, groups.Name: groups.New()}
	ends := connector.Capabilities().API.Retires

	detail, err := LookAtVersions(offered, ends.Add(-retiringSoon))
	require.NoError(t, err)
	require.Equal(t, "2 offered", detail)
	for _, now := range []time.Time{ends.Add(-retiringSoon + time.Second), ends.Add(time.Hour)} {
		detail, err = LookAtVersions(offered, now)
		require.ErrorIs(t, err, errRetiring)
		require.Contains(t, detail, "facebook_pages ends version v25.0 on 2028-07-29")
	}
}
