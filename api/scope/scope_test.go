package scope_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/api/scope"
	"behalf/api/signin"
	"behalf/domain"
)

// operation is one that the document lists.
type operation struct {
	method, path, takes string
	public              bool
}

func operations(t *testing.T, w *apitest.World) (found []operation) {
	t.Helper()
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	w.Nobody(t).Get("/openapi.json").Is(http.StatusOK).Read(&document)
	for path, methods := range document.Paths {
		for method, raw := range methods {
			if !slices.Contains([]string{"get", "post", "put", "patch", "delete"}, method) {
				continue
			}
			var described struct {
				Security *[]map[string][]string
				Scope    string `json:"x-scope"`
			}
			require.NoError(t, json.Unmarshal(raw, &described))
			found = append(found, operation{
				method: strings.ToUpper(method), path: path, takes: described.Scope, public: described.Security != nil,
			})
		}
	}
	require.Greater(t, len(found), 40)
	return found
}

// token is Olivia with an API token.
func token(olivia *apitest.Person, body map[string]any) *apitest.Person {
	body["name"] = "test"
	var made struct{ Token string }
	olivia.Post("/v1/tokens", body).Is(http.StatusCreated).Read(&made)
	program := *olivia
	program.Token = made.Token
	return &program
}

// codeOf is the code of a problem; empty for an answer.
func codeOf(t *testing.T, answer apitest.Answer) string {
	t.Helper()
	if answer.Status < 400 {
		return ""
	}
	var problem apitest.Problem
	answer.Read(&problem)
	return problem.Code
}

// unmakeable is Olivia with an API token for operating, which she cannot make:
// she is no operator, or not any more.
func unmakeable(t *testing.T, team *apitest.Team) *apitest.Person {
	t.Helper()
	var olivia domain.UserID
	require.NoError(t, olivia.UnmarshalText([]byte(team.Olivia.ID)))
	_, secret, err := signin.New(team.Admin, apitest.EmailIndexKey, team.Clock.Now).
		AddToken(t.Context(), olivia, signin.APIToken{Name: "test", Scopes: []signin.Scope{signin.ToOperate}})
	require.NoError(t, err)
	program := *team.Olivia
	program.Token = secret.Reveal()
	return &program
}

var parameter = regexp.MustCompile(`\{[^}]+\}`)

// Every operation of the document × every scope: the document says what is
// taken, and exactly that is let through. What takes a session is refused to
// all tokens together.
func TestEveryOperationHoldsToItsScope(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	programs := map[string]*apitest.Person{}
	for _, one := range signin.Scopes() {
		if one != signin.ToOperate { // made for operators alone; it opens nothing to others
			programs[string(one)] = token(team.Olivia, map[string]any{"scopes": []signin.Scope{one}})
		}
	}
	programs[string(signin.ToOperate)] = unmakeable(t, team)
	taken := map[string]int{}
	for _, op := range operations(t, team.World) {
		if op.public {
			require.Empty(t, op.takes, op.path)
			continue
		}
		taken[op.takes]++
		path := parameter.ReplaceAllString(strings.Replace(op.path, "{workspace}", team.Workspace, 1), "x")
		if op.takes == "read" && strings.HasSuffix(path, "/events") {
			continue // never ends; its scope is that of every other read
		}
		for given, program := range programs {
			code := codeOf(t, program.Send(op.method, path, nil))
			switch op.takes {
			case scope.Session:
				require.Equal(t, "session_required", code, "%s %s with %s", op.method, op.path, given)
			case given:
				require.NotContains(t, []string{"session_required", "insufficient_scope"}, code, "%s %s with %s", op.method, op.path, given)
			default:
				require.Equal(t, "insufficient_scope", code, "%s %s with %s", op.method, op.path, given)
			}
		}
	}
	for _, one := range signin.Scopes() {
		require.Positive(t, taken[string(one)], "%s covers something", one)
	}
	require.Len(t, taken, len(signin.Scopes())+1, "nothing takes a scope that there is not: %v", taken)
}

// What the groups are, by some of each.
func TestScopes(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	takes := map[string]string{}
	for _, op := range operations(t, w) {
		takes[op.method+" "+op.path] = op.takes
	}
	const inside = "/v1/workspaces/{workspace}"
	for operation, want := range map[string]string{
		"GET /v1/me":                                        "read",
		"GET /v1/workspaces":                                "read",
		"GET " + inside + "/members":                        "read",
		"POST /v1/workspaces":                               "workspaces",
		"POST " + inside + "/commands/InviteClient":         "workspaces",
		"POST " + inside + "/commands/ChangeCredentialMode": "workspaces",
		"POST " + inside + "/commands/ConnectAccount":       "accounts",
		"POST " + inside + "/authorizations":                "accounts",
		"POST " + inside + "/commands/PublishPost":          "posts",
		"GET " + inside + "/history":                        "audit",
		"GET " + inside + "/history/proof/{event}":          "audit",
		"POST " + inside + "/commands/CloseWorkspace":       "session",
		"POST /v1/tokens":                                   "session",
		"GET /v1/operator/queues":                           "operate",
		"DELETE /v1/me":                                     "session",
		"PATCH /v1/me":                                      "session",
		"POST /v1/me/password":                              "session",
		"GET /v1/sessions":                                  "session",
		"POST /v1/sessions":                                 "",
	} {
		require.Equal(t, want, takes[operation], operation)
	}
}

// A token that is for some workspaces does not know the others, nor what is
// about all of them; a person's session is not held to anything.
func TestTokensForSomeWorkspaces(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	acme, evil := olivia.CreateWorkspace("Acme"), olivia.CreateWorkspace("Evil")
	program := token(olivia, map[string]any{"scopes": []string{"read", "workspaces", "audit"}, "workspaces": []string{acme}})
	program.Get("/v1/workspaces/" + acme).Is(http.StatusOK)
	program.Get("/v1/me").Is(http.StatusOK)
	for _, other := range []string{evil, "ws_" + strings.Repeat("1", 32), "nonsense"} {
		program.Get("/v1/workspaces/"+other).Problem(http.StatusNotFound, "not_found")
		program.Get("/v1/workspaces/"+other+"/history").Problem(http.StatusNotFound, "not_found")
		program.Command(other, "InviteClient", map[string]any{}).Problem(http.StatusNotFound, "not_found")
		program.Command(other, "NoSuchCommand", map[string]any{}).Problem(http.StatusNotFound, "not_found")
	}
	refused := program.Get("/v1/workspaces")
	refused.Problem(http.StatusForbidden, "insufficient_scope")
	program.Post("/v1/workspaces", map[string]any{"name": "Third"}).Problem(http.StatusForbidden, "insufficient_scope")
	answer := program.Command(acme, "PublishPost", map[string]any{})
	answer.Problem(http.StatusForbidden, "insufficient_scope")
	require.Contains(t, answer.Header.Get("WWW-Authenticate"), `scope="posts"`)
	program.Command(acme, "NoSuchCommand", map[string]any{}).Problem(http.StatusNotFound, "unknown_command")
	olivia.Get("/v1/workspaces/" + evil).Is(http.StatusOK)
}
