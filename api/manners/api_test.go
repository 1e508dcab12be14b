package manners_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

// What was read before and has not changed is not sent again; access is decided
// all the same (R64).
func TestConditionalReads(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	path := apitest.At("/v1/workspaces/"+team.Workspace+"/accounts", 5) // the last event there is: nothing moves any more
	tag := team.Olivia.Get(path).Is(http.StatusOK).Header.Get("ETag")
	require.NotEmpty(t, tag)
	again := team.Olivia.Send(http.MethodGet, path, nil, "If-None-Match", tag).Is(http.StatusNotModified)
	require.Empty(t, again.Body)
	require.Equal(t, "no-store", again.Header.Get("Cache-Control"))
	team.SignUp(t, "mallory").Send(http.MethodGet, path, nil, "If-None-Match", tag).Problem(http.StatusNotFound, "not_found")

	version := team.Olivia.Get("/v1/workspaces/" + team.Workspace).Header.Get("ETag")
	require.Regexp(t, `^"[0-9]+"$`, version, "the version of the history, as If-Match takes it")
	team.Olivia.Send(http.MethodGet, "/v1/workspaces/"+team.Workspace, nil, "If-None-Match", version).Is(http.StatusNotModified)
}

// HEAD answers as GET does, without the body; the root leads to the documentation.
func TestHeadAndRoot(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	for _, path := range []string{"/docs", "/openapi.json", "/healthz", "/v1/workspaces", "/v1/workspaces/" + team.Workspace + "/events"} {
		answer := team.Olivia.Send(http.MethodHead, path, nil).Is(http.StatusOK)
		require.Empty(t, answer.Body, path)
		require.NotEmpty(t, answer.Header.Get("Content-Type"), path)
		require.Regexp(t, `^total;dur=`, answer.Header.Get("Server-Timing"), path)
	}
	team.Nobody(t).Send(http.MethodHead, "/v1/workspaces", nil).Is(http.StatusUnauthorized)
	require.Equal(t, "text/html; charset=utf-8", team.Nobody(t).Get("/").Is(http.StatusOK).Header.Get("Content-Type"))
}
