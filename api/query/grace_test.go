package query_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

// R56: the Owner sets how late a post may still be sent, and every member reads it.
func TestGraceOfAWorkspace(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	type graced struct {
		Grace int `json:"grace_minutes"`
	}
	grace := func() int {
		var one graced
		carl.Get("/v1/workspaces/" + team.Workspace).Is(http.StatusOK).Read(&one)
		return one.Grace
	}
	listed := func(position int64) int {
		var mine struct{ Workspaces []graced }
		carl.Get(apitest.At("/v1/workspaces", position)).Is(http.StatusOK).Read(&mine)
		require.Len(t, mine.Workspaces, 1)
		return mine.Workspaces[0].Grace
	}
	require.Equal(t, 15, grace())

	set := func(by *apitest.Person, minutes any) apitest.Answer {
		return by.Command(team.Workspace, "SetGrace", map[string]any{"minutes": minutes})
	}
	done := set(team.Olivia, 30).Done()
	require.Equal(t, "workspace.grace_set.v1", done.Events[0].Type)
	require.Equal(t, 30, grace())
	require.Equal(t, 30, listed(done.Position))
	require.Empty(t, set(team.Olivia, 30).Done().Events, "it is so already")

	for _, minutes := range []int{-1, 0, 1441} {
		require.Equal(t, "R56", set(team.Olivia, minutes).Problem(http.StatusUnprocessableEntity, "grace_out_of_range").Rule)
	}
	set(team.Olivia, 1.5).Problem(http.StatusUnprocessableEntity, "invalid")
	set(team.Olivia, "30").Problem(http.StatusUnprocessableEntity, "invalid")
	team.Olivia.Command(team.Workspace, "SetGrace", map[string]any{}).Problem(http.StatusUnprocessableEntity, "invalid")
	require.Equal(t, "R2", set(carl, 60).Problem(http.StatusForbidden, "owner_only").Rule)
	set(team.SignUp(t, "mallory"), 60).Problem(http.StatusNotFound, "not_found")
	require.Equal(t, 30, grace())

	var diff struct {
		Differences []struct {
			Subject, Field string
			Before, After  json.RawMessage
		}
	}
	team.Olivia.Get(fmt.Sprintf("/v1/workspaces/%s/history/diff?from=%d&to=%d", team.Workspace, done.Position-1, done.Position)).Is(http.StatusOK).Read(&diff)
	require.Len(t, diff.Differences, 1)
	require.Equal(t, "workspace grace_minutes 15 30", fmt.Sprintf("%s %s %s %s",
		diff.Differences[0].Subject, diff.Differences[0].Field, diff.Differences[0].Before, diff.Differences[0].After))
}

// A workspace that has just been created says its grace, and so does the list.
func TestGraceOfANewWorkspace(t *testing.T) {
	t.Parallel()
	olivia := apitest.Start(t).SignUp(t, "olivia")
	type graced struct {
		Grace int `json:"grace_minutes"`
	}
	var created struct {
		graced
		Position int64
	}
	olivia.Post("/v1/workspaces", map[string]any{"name": "Acme"}).Is(http.StatusCreated).Read(&created)
	require.Equal(t, 15, created.Grace)
	var listed struct{ Workspaces []graced }
	olivia.Get(apitest.At("/v1/workspaces", created.Position)).Is(http.StatusOK).Read(&listed)
	require.Equal(t, []graced{{15}}, listed.Workspaces)
}
