package people_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/apitest"
)

func erase(p *apitest.Person, password string) apitest.Answer {
	return p.Send(http.MethodDelete, "/v1/me", []byte(`{"password":"`+password+`"}`), "Content-Type", "application/json")
}

// Carl is a member of Olivia's workspace and has himself erased (R66).
func TestBeingErased(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.SignUp(t, "carl")
	carl.Command(team.Workspace, "AcceptInvitation", map[string]string{"token": team.Invite(t, "carl@example.com", "owner")}).Is(http.StatusOK)
	program := *carl
	var added struct{ Token string }
	carl.Post("/v1/tokens", map[string]any{"name": "program"}).Is(http.StatusCreated).Read(&added)
	program.Token = added.Token

	erase(&program, apitest.Password).Problem(http.StatusForbidden, "session_required")
	erase(carl, "not my password").Problem(http.StatusUnauthorized, "wrong_credentials")
	carl.Get("/v1/me").Is(http.StatusOK)
	answer := erase(carl, apitest.Password).Is(http.StatusNoContent)
	require.Contains(t, answer.Header.Get("Set-Cookie"), "Max-Age=0")

	carl.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	program.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	team.Nobody(t).Post("/v1/sessions", map[string]any{"email": "carl@example.com", "password": apitest.Password}).
		Problem(http.StatusUnauthorized, "wrong_credentials")

	var seen struct {
		Members []struct{ User, Name, Email, Role string }
	}
	team.Olivia.Get("/v1/workspaces/" + team.Workspace + "/members").Is(http.StatusOK).Read(&seen)
	require.Len(t, seen.Members, 2, "who was erased is a member until the workers let them leave")
	require.Equal(t, "olivia@example.com", seen.Members[0].Email)
	require.Equal(t, carl.ID, seen.Members[1].User)
	require.Equal(t, "erased person", seen.Members[1].Name)
	require.Equal(t, "erased person", seen.Members[1].Email)
	var offers struct{ Invitations []struct{ Email string } }
	team.Olivia.Get("/v1/workspaces/" + team.Workspace + "/invitations").Is(http.StatusOK).Read(&offers)
	require.Equal(t, "erased person", offers.Invitations[0].Email)

	again := team.SignUp(t, "carl")
	require.NotEqual(t, carl.ID, again.ID, "whoever registers the address is another person")
	again.Get("/v1/workspaces/"+team.Workspace).Problem(http.StatusNotFound, "not_found")
}

// An Owner cannot leave (R12), however short a time ago they became one.
func TestOwnersAreNotErased(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	acme := olivia.CreateWorkspace("Acme")
	refused := erase(olivia, apitest.Password).Problem(http.StatusConflict, "owns_workspace")
	require.Equal(t, "R12", refused.Rule)
	olivia.Get("/v1/me").Is(http.StatusOK)

	// R13: they close it, as the refusal says
	olivia.Command(acme, "CloseWorkspace", map[string]any{}).Is(http.StatusOK)
	require.Less(t, erase(olivia, apitest.Password).Status, 300)
}

// The process ends between the event and its effects: nothing is lost, and
// asking again completes it.
func TestBrokenOffErasure(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	broken := w.Handler(t, func(d *api.Deps) {
		d.Erase = func(context.Context) error { return errors.New("the process ended") }
	})
	request := httptest.NewRequestWithContext(t.Context(), http.MethodDelete, "/v1/me", strings.NewReader(`{"password":"`+apitest.Password+`"}`))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+carl.Token)
	answer := httptest.NewRecorder()
	broken.ServeHTTP(answer, request)
	require.Equal(t, http.StatusInternalServerError, answer.Code)

	erase(carl, apitest.Password).Is(http.StatusNoContent)
	carl.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	var keys int
	require.NoError(t, w.Admin.QueryRow(t.Context(), "select count(*) from persons.keys where wrapped is not null").Scan(&keys))
	require.Zero(t, keys)
}

// Every command tells where it came from, sealed; headers are not believed.
func TestClientAddressesAreSealed(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	olivia.Send(http.MethodPost, "/v1/workspaces", []byte(`{"name":"Acme"}`),
		"Content-Type", "application/json", "X-Forwarded-For", "203.0.113.9").Is(http.StatusCreated)
	var metadata string
	require.NoError(t, w.Admin.QueryRow(t.Context(), `
		select convert_from(metadata, 'UTF8')
		from log.events
		where type = 'workspace.created.v1'`).Scan(&metadata))
	require.Contains(t, metadata, `"client":{"person":"`+olivia.ID+`","sealed":"`)
	require.NotContains(t, metadata, "127.0.0.1")
	require.NotContains(t, metadata, "203.0.113.9")
}
