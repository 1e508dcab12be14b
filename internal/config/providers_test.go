package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func acme(changed ...string) Lookup {
	variables := map[string]string{
		"BEHALF_OIDC_ACME_ISSUER": "https://login.acme.example/tenant", "BEHALF_OIDC_ACME_CLIENT_ID": "behalf",
		"BEHALF_OIDC_ACME_CLIENT_SECRET": "canary-secret",
	}
	for i := 0; i+1 < len(changed); i += 2 {
		variables["BEHALF_OIDC_ACME_"+changed[i]] = changed[i+1]
	}
	return environment(variables)
}

func TestProviders(t *testing.T) {
	t.Parallel()
	c := parse(t, "--oidc=acme")
	require.NoError(t, c.Resolve(acme()))
	require.Len(t, c.Providers, 1)
	require.Equal(t, "acme", c.Providers[0].Name)
	require.Equal(t, "https://login.acme.example/tenant", c.Providers[0].Issuer)
	require.Equal(t, "behalf", c.Providers[0].ClientID)
	require.Equal(t, "canary-secret", c.Providers[0].ClientSecret.Reveal())
	require.NotContains(t, fmt.Sprintf("%+v", c.Providers), "canary")

	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte("from-a-file\n"), 0o600))
	c = parse(t, "--oidc=acme")
	require.NoError(t, c.Resolve(acme("CLIENT_SECRET", "", "CLIENT_SECRET_FILE", file, "ISSUER", "http://127.0.0.1:9000")))
	require.Equal(t, "from-a-file", c.Providers[0].ClientSecret.Reveal())

	c = parse(t)
	require.NoError(t, c.Resolve(acme()))
	require.Empty(t, c.Providers, "only those that are named")
}

func TestProvidersThatAreWrong(t *testing.T) {
	t.Parallel()
	for setting, change := range map[string][]string{
		"BEHALF_OIDC_ACME_ISSUER: is not set":                   {"ISSUER", ""},
		"BEHALF_OIDC_ACME_CLIENT_ID: is not set":                {"CLIENT_ID", ""},
		"BEHALF_OIDC_ACME_CLIENT_SECRET: is not set":            {"CLIENT_SECRET", ""},
		"BEHALF_OIDC_ACME_CLIENT_SECRET: set either":            {"CLIENT_SECRET_FILE", "/x"},
		"BEHALF_OIDC_ACME_ISSUER: must begin with https://":     {"ISSUER", "http://login.acme.example"},
		"BEHALF_OIDC_ACME_ISSUER: must hold no user":            {"ISSUER", "https://canary@login.acme.example"},
		"BEHALF_OIDC_ACME_ISSUER: is not an address like https": {"ISSUER", "login"},
	} {
		c := parse(t, "--oidc=acme")
		err := c.Resolve(acme(change...))
		require.ErrorContains(t, err, setting)
		require.NotContains(t, err.Error(), "canary")
	}
	for _, names := range []string{"Acme", "acme,acme", "a/b", strings.Repeat("x", 31)} {
		c := parse(t, "--oidc="+names)
		require.ErrorContains(t, c.Resolve(acme()), "BEHALF_OIDC: ")
	}
}
