package people_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

// What tokens look like: secret scanners look for this.
var tokenForm = regexp.MustCompile(`^bhf_[0-9A-Za-z]{49}$`)

// Names of tokens are one line; a person has 100 tokens at most.
func TestTokensRefused(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	for _, name := range []string{" ", "two\nlines", "escape\x1b[31m"} {
		olivia.Post("/v1/tokens", map[string]any{"name": name}).Problem(http.StatusUnprocessableEntity, "malformed_name")
	}
	for _, body := range []map[string]any{
		{"name": "x", "scopes": []string{"everything"}},
		{"name": "x", "scopes": []string{}},
		{"name": "x", "scopes": []string{"read", "read"}},
		{"name": "x", "workspaces": []string{"nonsense"}},
		{"name": "x", "expires_in_days": 0},
	} {
		olivia.Post("/v1/tokens", body).Problem(http.StatusUnprocessableEntity, "invalid")
	}
	for range 100 {
		olivia.Post("/v1/tokens", map[string]any{"name": "one of many"}).Is(http.StatusCreated)
	}
	olivia.Post("/v1/tokens", map[string]any{"name": "one too many"}).Problem(http.StatusConflict, "too_many")
	w.SignUp(t, "carl").Post("/v1/tokens", map[string]any{"name": "another person's"}).Is(http.StatusCreated)
}

func TestTokens(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	var added struct {
		ID, Token, Hint string
		Scopes          []string
	}
	olivia.Post("/v1/tokens", map[string]any{"name": "demo", "expires_in_days": 1}).Is(http.StatusCreated).Read(&added)
	require.Regexp(t, tokenForm, added.Token)
	require.True(t, strings.HasPrefix(added.Token, added.Hint))
	require.Equal(t, []string{"read"}, added.Scopes)

	program := *olivia
	program.Token = added.Token
	program.Get("/v1/me").Is(http.StatusOK)
	program.Post("/v1/tokens", map[string]any{"name": "another"}).Problem(http.StatusForbidden, "session_required")
	program.Send(http.MethodDelete, "/v1/tokens/"+added.ID, nil).Problem(http.StatusForbidden, "session_required")

	listed := program.Get("/v1/tokens").Is(http.StatusOK)
	require.Contains(t, string(listed.Body), added.ID)
	require.Contains(t, string(listed.Body), "last_used_at")
	require.NotContains(t, string(listed.Body), added.Token, "shown once")

	carl := w.SignUp(t, "carl")
	carl.Send(http.MethodDelete, "/v1/tokens/"+added.ID, nil).Problem(http.StatusNotFound, "not_found")
	carl.Send(http.MethodDelete, "/v1/tokens/nonsense", nil).Problem(http.StatusNotFound, "not_found")

	var second struct{ ID, Token string }
	olivia.Post("/v1/tokens", map[string]any{"name": "second"}).Is(http.StatusCreated).Read(&second)
	revoked := *olivia
	revoked.Token = second.Token
	revoked.Get("/v1/me").Is(http.StatusOK)
	olivia.Send(http.MethodDelete, "/v1/tokens/"+second.ID, nil).Is(http.StatusNoContent)
	revoked.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")

	w.Clock.Move(25 * time.Hour)
	program.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	require.NotContains(t, w.Logs.String(), added.Token)
	var kept int
	require.NoError(t, w.Admin.QueryRow(t.Context(), "select count(*) from signin.tokens as t where t::text like '%' || $1 || '%'", added.Token).Scan(&kept))
	require.Zero(t, kept, "what is stored is a hash")
}
