package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api"
)

func TestIncompleteDeps(t *testing.T) {
	t.Parallel()
	_, err := api.New(api.Deps{PublicURL: "https://behalf.example"})
	require.ErrorContains(t, err, "lacks")
}

func TestRedirectURI(t *testing.T) {
	t.Parallel()
	require.Equal(t, "https://behalf.example/v1/authorizations/callback/x", api.RedirectURI("https://behalf.example", "x"))
}
