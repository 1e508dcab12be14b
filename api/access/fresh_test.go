package access_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain"
	"behalf/domain/catalog"
)

// What is dangerous is taken from a person who proved who they are a moment
// ago, and from no program; and to an outsider it is like nothing at all.
func TestDangerousCommands(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	mallory := team.SignUp(t, "mallory")
	program := team.Olivia.With(t)
	var made struct{ Token string }
	team.Olivia.Post("/v1/tokens", map[string]any{"name": "program", "scopes": []string{"read", "workspaces"}}).Is(http.StatusCreated).Read(&made)
	program.Token = made.Token

	var dangerous []string
	for name, kind := range catalog.Commands() {
		if kind.Dangerous {
			require.Equal(t, domain.ByMember, kind.Issuer, "%s: only the generic handler asks for the proof", name)
			dangerous = append(dangerous, name)
		}
	}
	slices.Sort(dangerous)
	require.Equal(t, []string{"AcceptOwnership", "CloseWorkspace", "DeleteWorkspace", "ExportWorkspace", "OfferOwnership"}, dangerous)
	for _, name := range dangerous {
		program.Command(team.Workspace, name, map[string]any{}).Problem(http.StatusForbidden, "session_required")
	}
	team.Clock.Move(10 * time.Minute)
	for _, name := range dangerous {
		team.Olivia.Command(team.Workspace, name, map[string]any{}).Problem(http.StatusForbidden, "fresh_proof_needed")
		mallory.Command(team.Workspace, name, map[string]any{}).Problem(http.StatusNotFound, "not_found")
	}
	team.Olivia.Post("/v1/sessions/current/proof", map[string]any{"password": apitest.Password}).Is(http.StatusOK)
	team.Olivia.Command(team.Workspace, "CloseWorkspace", map[string]any{}).Is(http.StatusOK)
}

// A session that waits for its second factor gets nowhere: every operation that
// wants somebody to be signed in refuses it, but the two that prove the factor.
func TestWaitingSessionsGetNowhere(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	enrol(t, team.World, team.Olivia)
	waiting := waitingSession(t, team.World, team.Olivia)
	var open []string
	asked := 0
	for operation, path := range everything(t, team) {
		method, _, _ := strings.Cut(operation, " ")
		answer := waiting.Send(method, path, []byte(`{}`), "Content-Type", "application/json")
		if answer.Status == http.StatusUnauthorized && strings.Contains(string(answer.Body), `"second_factor_needed"`) {
			asked++
			continue
		}
		nobody := team.Nobody(t).Send(method, path, []byte(`{}`), "Content-Type", "application/json")
		if nobody.Status != http.StatusUnauthorized || !strings.Contains(string(nobody.Body), `"not_signed_in"`) {
			require.Equal(t, nobody.Status, answer.Status, "%s is public: the session makes no difference", operation)
			continue
		}
		open = append(open, operation)
	}
	slices.Sort(open)
	require.Equal(t, []string{"POST /v1/sessions/current/challenge", "POST /v1/sessions/current/proof"}, open)
	require.Greater(t, asked, 50)
}
