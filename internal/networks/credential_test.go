package networks_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
)

func TestSame(t *testing.T) {
	t.Parallel()
	app := func(site, user, password string) networks.Credential {
		return networks.NewAppPassword(networks.AppPassword{Site: site, User: user, Password: networks.NewSecret(password)})
	}
	token := func(access string) networks.Credential {
		return networks.NewOAuth2(networks.OAuth2{AccessToken: networks.NewSecret(access)})
	}
	one := app("https://a.example", "anna", "abcd EFGH")
	require.True(t, one.Same(app("https://a.example", "anna@example.com", "abcdEFGH ")))
	require.False(t, one.Same(app("https://b.example", "anna", "abcd EFGH")))
	require.False(t, one.Same(app("https://a.example", "anna", "abcd efgh")))
	require.True(t, token("a").Same(token("a")))
	require.False(t, token("a").Same(token("b")))
	require.False(t, token("abcdEFGH").Same(one))
	require.False(t, networks.Credential{}.Same(networks.Credential{}), "nothing is no authorization")
}
