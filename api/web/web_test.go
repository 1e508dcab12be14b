package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/api/web"
)

func TestIDs(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	nobody := w.Nobody(t)
	answer := nobody.Send(http.MethodGet, "/v1/me", nil, "Correlation-Id", "my-chain.1")
	require.Equal(t, "my-chain.1", answer.Header.Get("Correlation-Id"))
	require.NotEmpty(t, answer.Header.Get("X-Request-Id"))
	for _, malformed := range []string{"a b", strings.Repeat("a", 65), "a\tb"} {
		answer = nobody.Send(http.MethodGet, "/v1/me", nil, "Correlation-Id", malformed)
		require.NotEmpty(t, answer.Header.Get("Correlation-Id"))
		require.NotEqual(t, malformed, answer.Header.Get("Correlation-Id"))
	}
	var told string
	olivia := w.SignUp(t, "olivia")
	olivia.Send(http.MethodPost, "/v1/workspaces", []byte(`{"name":"Acme"}`), "Content-Type", "application/json", "Correlation-Id", "chain-of-events").
		Is(http.StatusCreated)
	require.NoError(t, w.Admin.QueryRow(t.Context(), `
		select convert_from(metadata, 'UTF8')::jsonb ->> 'correlation'
		from log.events
		order by position desc
		limit 1`).Scan(&told))
	require.Equal(t, "chain-of-events", told)
}

func TestUnknownAddressesAndMethods(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	nobody := w.Nobody(t)
	for _, path := range []string{"/v1", "/v1/nothing", "/v1/canary-in-path", "/openapi.yaml", "/schemas/x.json"} {
		answer := nobody.Get(path)
		answer.Problem(http.StatusNotFound, "no_such_address")
		require.NotContains(t, string(answer.Body), "canary")
	}
	team := apitest.StartTeam(t)
	people := []*apitest.Person{team.Olivia, team.SignUp(t, "mallory"), team.Nobody(t)}
	for _, workspace := range []string{team.Workspace, "ws_" + strings.Repeat("1", 32), "canary"} { // the same for what there is, and for what there is not (R32)
		for _, who := range people {
			who.Get("/v1/workspaces/"+workspace+"/nothing").Problem(http.StatusNotFound, "no_such_address")
			who.Send(http.MethodPut, "/v1/workspaces/"+workspace+"/posts", nil).Problem(http.StatusMethodNotAllowed, "method_not_allowed")
		}
	}
	require.Equal(t, string(nobody.Get("/docs").Body), string(nobody.Get("/").Is(http.StatusOK).Body), "the bare address leads to the documentation")
	answer := nobody.Send(http.MethodPut, "/v1/users", nil)
	answer.Problem(http.StatusMethodNotAllowed, "method_not_allowed")
	require.Equal(t, "POST", answer.Header.Get("Allow"))
	require.Equal(t, []string{"GET", "HEAD"}, nobody.Send(http.MethodPost, "/docs", nil).Header.Values("Allow"))
	require.NotContains(t, w.Logs.String(), "canary", "paths and queries are not logged")
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	for _, path := range []string{"/v1/me", "/docs", "/nothing", "/healthz"} {
		header := w.Nobody(t).Get(path).Header
		require.Equal(t, "nosniff", header.Get("X-Content-Type-Options"), path)
		require.Equal(t, "DENY", header.Get("X-Frame-Options"), path)
		require.Equal(t, "no-referrer", header.Get("Referrer-Policy"), path)
		require.Equal(t, "no-store", header.Get("Cache-Control"), path)
		require.Contains(t, header.Get("Content-Security-Policy"), "default-src 'none'", path)
		require.Empty(t, header.Get("Strict-Transport-Security"), "not over http")
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	away := errors.New("dial tcp 10.0.0.1: canary-address")
	w := apitest.Start(t, web.Check{Name: "redis", Look: func(context.Context) (string, error) { return "", away }})
	w.Nobody(t).Get("/healthz").Is(http.StatusOK)
	var health web.Health
	answer := w.Nobody(t).Get("/readyz").Is(http.StatusOK).Read(&health)
	require.Equal(t, "degraded", health.Status)
	require.True(t, health.Checks["postgres"].OK)
	require.False(t, health.Checks["redis"].OK)
	require.NotContains(t, string(answer.Body), "canary")
	require.Contains(t, string(w.Nobody(t).Get("/metrics").Is(http.StatusOK).Body), `route="/readyz"`)
}

func TestNotReadyWithoutWhatIsRequired(t *testing.T) {
	t.Parallel()
	fails := func(context.Context) (string, error) { return "3 behind", errors.New("no") }
	works := func(context.Context) (string, error) { return "", nil }
	for name, check := range map[string]struct {
		checks []web.Check
		status int
		word   string
	}{
		"all well":      {[]web.Check{{Name: "a", Required: true, Look: works}, {Name: "b", Look: works}}, http.StatusOK, "ready"},
		"optional away": {[]web.Check{{Name: "a", Required: true, Look: works}, {Name: "b", Look: fails}}, http.StatusOK, "degraded"},
		"required away": {[]web.Check{{Name: "a", Required: true, Look: fails}, {Name: "b", Look: fails}}, http.StatusServiceUnavailable, "unavailable"},
	} {
		answer := httptest.NewRecorder()
		web.Ready(check.checks)(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
		require.Equal(t, check.status, answer.Code, name)
		require.Contains(t, answer.Body.String(), `"status":"`+check.word+`"`, name)
	}
}

func TestPanic(t *testing.T) {
	t.Parallel()
	handler := web.Recover(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("canary-panic") }))
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	require.Equal(t, http.StatusInternalServerError, answer.Code)
	require.Contains(t, answer.Body.String(), `"code":"internal"`)
	require.NotContains(t, answer.Body.String(), "canary")
}

// What breaks inside is told by the log alone.
func TestNothingInternalLeaks(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	_, err := w.Admin.Exec(t.Context(), "alter table signin.sessions rename to canary_sessions")
	require.NoError(t, err)
	answer := olivia.Get("/v1/me")
	answer.Problem(http.StatusInternalServerError, "internal")
	require.NotContains(t, string(answer.Body), "sessions")
	require.Contains(t, w.Logs.String(), "signin.sessions", "the log has the cause")
}
