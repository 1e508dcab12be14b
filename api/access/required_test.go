package access_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

// enrol adds an authenticator app, and answers its id.
func enrol(t testing.TB, w *apitest.World, p *apitest.Person) string {
	t.Helper()
	const path = "/v1/me/two-factor/authenticators"
	var begun struct{ ID, Secret string }
	p.Post(path, map[string]any{}).Is(http.StatusCreated).Read(&begun)
	code, err := totp.GenerateCode(begun.Secret, w.Clock.Now())
	require.NoError(t, err)
	p.Post(path+"/"+begun.ID+"/confirm", map[string]string{"code": code}).Is(http.StatusOK)
	return begun.ID
}

// waitingSession signs somebody in who has a second factor, one of two steps.
func waitingSession(t testing.TB, w *apitest.World, p *apitest.Person) *apitest.Person {
	t.Helper()
	var session struct{ Token string }
	w.Nobody(t).Post("/v1/sessions", map[string]any{"email": p.Email, "password": apitest.Password, "delivery": "token"}).
		Is(http.StatusCreated).Read(&session)
	waiting := p.With(t)
	waiting.Token = session.Token
	return waiting
}

// everything is all that the document lists, with their path's values filled in.
func everything(t testing.TB, team *apitest.Team) map[string]string {
	t.Helper()
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	team.Nobody(t).Get("/openapi.json").Is(http.StatusOK).Read(&document)
	found := map[string]string{}
	for path, methods := range document.Paths {
		filled := strings.ReplaceAll(path, "{workspace}", team.Workspace)
		for strings.Contains(filled, "{") {
			before, after, _ := strings.Cut(filled, "{")
			_, after, _ = strings.Cut(after, "}")
			filled = before + "x" + after
		}
		for method := range methods {
			found[strings.ToUpper(method)+" "+path] = filled
		}
	}
	return found
}

// R63: who has to enable two-factor authentication, and has not, can do nothing
// in that workspace: no command, no query, no history, no live updates, neither
// in a session nor by an API token. Having enabled it, they can, at the next request.
func TestRequiredTwoFactor(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	program := carl.With(t)
	var made struct{ Token string }
	carl.Post("/v1/tokens", map[string]any{"name": "program", "scopes": []string{"read", "workspaces", "accounts", "posts", "audit"}}).
		Is(http.StatusCreated).Read(&made)
	program.Token = made.Token
	carl.Get("/v1/workspaces/" + team.Workspace).Is(http.StatusOK)
	team.Olivia.Command(team.Workspace, "RequireTwoFactor", map[string]string{"member": carl.ID}).Is(http.StatusOK)

	elsewhere := carl.CreateWorkspace("Mine")
	refused := 0
	for operation, path := range operations(t, team, team.Workspace, "post_"+strings.Repeat("2", 32)) {
		method, _, _ := strings.Cut(operation, " ")
		body := `{}`
		if strings.HasSuffix(path, "/authorizations") {
			body = `{"network":"sandbox"}`
		}
		if method == http.MethodPatch {
			body = `{"alt":"A kite"}`
		}
		for _, who := range []*apitest.Person{carl, program} {
			answer := who.Send(method, path, []byte(body), "Content-Type", "application/json")
			if strings.HasSuffix(path, "/AcceptInvitation") || strings.HasSuffix(path, "/DeclineInvitation") {
				require.GreaterOrEqual(t, answer.Status, 400, "%s: proves itself by its link, and there is none", operation)
				continue
			}
			if who == program && strings.Contains(path, "/exports/") {
				answer.Problem(http.StatusForbidden, "session_required") // no program gets there at all
				continue
			}
			problem := answer.Problem(http.StatusForbidden, "two_factor_required")
			require.Equal(t, "R63", problem.Rule, operation)
			refused++
		}
	}
	require.Greater(t, refused, 60)
	carl.Get("/v1/workspaces/" + elsewhere).Is(http.StatusOK) // that workspace, and no other one

	factor := enrol(t, team.World, carl)
	carl.Get("/v1/workspaces/" + team.Workspace).Is(http.StatusOK)
	program.Get("/v1/workspaces/" + team.Workspace).Is(http.StatusOK) // it was made by a fresh proof; having a factor is enough

	var seen struct {
		Members []struct {
			User      string
			TwoFactor bool `json:"two_factor"`
		}
	}
	head, err := team.Store.Head(t.Context())
	require.NoError(t, err)
	team.Olivia.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/members", head)).Is(http.StatusOK).Read(&seen)
	for _, member := range seen.Members {
		require.Equal(t, member.User == carl.ID, member.TwoFactor, "the Owner sees who has enabled it")
	}

	// it cannot be disabled meanwhile
	remove := "/v1/me/two-factor/factors/" + factor
	kept := carl.Send(http.MethodDelete, remove, nil).Problem(http.StatusConflict, "two_factor_in_use")
	require.Equal(t, "R63", kept.Rule)
	carl.Get("/v1/workspaces/" + team.Workspace).Is(http.StatusOK)
	team.Olivia.Command(team.Workspace, "LiftTwoFactorRequirement", map[string]string{"member": carl.ID}).Is(http.StatusOK)
	carl.Send(http.MethodDelete, remove, nil).Is(http.StatusNoContent)
	carl.Get("/v1/workspaces/" + team.Workspace).Is(http.StatusOK)
}

// An invitation may require it: then the new member's first step is to enable it.
func TestInvitedWithTwoFactor(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	done := team.Olivia.Command(team.Workspace, "InviteClient", map[string]any{
		"email": "carl@example.com", "access": map[string]bool{"add_accounts": true, "manage_posts": false}, "require_two_factor": true,
	}).Done()
	link := team.Link(t, done)
	carl := team.SignUp(t, "carl")
	carl.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": link}).Is(http.StatusOK)
	carl.Get("/v1/workspaces/"+team.Workspace).Problem(http.StatusForbidden, "two_factor_required")
	enrol(t, team.World, carl)
	carl.Get("/v1/workspaces/" + team.Workspace).Is(http.StatusOK)

	// a second session has to prove it, too
	team.Clock.Move(time.Minute)
	waitingSession(t, team.World, carl).Get("/v1/workspaces/"+team.Workspace).Problem(http.StatusUnauthorized, "second_factor_needed")
}

// A stream of live updates that is open when the requirement comes ends.
func TestRequiredTwoFactorEndsStreams(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	listener := carl.Listen("/v1/workspaces/" + team.Workspace + "/events")
	team.Olivia.Command(team.Workspace, "RequireTwoFactor", map[string]string{"member": carl.ID}).Is(http.StatusOK)
	listener.Ends("two_factor_required")
}
