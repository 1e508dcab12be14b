package access_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain"
	"behalf/domain/catalog"
)

// parameter is one of an operation's, as the document describes it.
type parameter struct {
	Name, In string
	Required bool
	Schema   struct{ Type, Format string }
}

// asked is a query with all that an operation cannot do without.
func asked(team *apitest.Team, parameters []parameter) string {
	query := url.Values{}
	for _, one := range parameters {
		switch {
		case one.In != "query" || !one.Required:
		case one.Schema.Format == "date":
			query.Set(one.Name, "2026-11-01")
		case one.Schema.Type == "integer":
			query.Set(one.Name, "1")
		default:
			query.Set(one.Name, team.Olivia.ID)
		}
	}
	if len(query) == 0 {
		return ""
	}
	return "?" + query.Encode()
}

// operations are all that the document lists under a workspace, with their
// path's values and what their query needs filled in.
func operations(t *testing.T, team *apitest.Team, workspace, post string) map[string]string {
	t.Helper()
	var document struct {
		Paths map[string]map[string]struct{ Parameters []parameter }
	}
	team.Nobody(t).Get("/openapi.json").Is(http.StatusOK).Read(&document)
	fill := strings.NewReplacer("{workspace}", workspace, "{account}", team.Account, "{post}", post, "{media}", "med_"+strings.Repeat("4", 32), "{event}", "evt_"+strings.Repeat("3", 32),
		"{export}", "exp_"+strings.Repeat("5", 32))
	found := map[string]string{}
	for path, methods := range document.Paths {
		if strings.Contains(path, "{workspace}") {
			for method, operation := range methods {
				found[strings.ToUpper(method)+" "+path] = fill.Replace(path) + asked(team, operation.Parameters)
			}
		}
	}
	return found
}

// bodies are what the commands that outsiders reach have to say to get past
// validation; to everybody else nothing is said about a body.
var bodies = map[string]string{
	"AcceptInvitation":  `{"token":"` + strings.Repeat("A", 90) + `"}`,
	"DeclineInvitation": `{"token":"` + strings.Repeat("A", 90) + `"}`,
}

// R32: to an outsider a workspace and everything in it is like nothing at all,
// whether it exists or not and whatever the request says: one status, one body.
func TestOutsidersLearnNothing(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	mallory := team.SignUp(t, "mallory")
	mallory.CreateWorkspace("Evil")
	post := "post_" + strings.Repeat("2", 32)
	team.Olivia.Command(team.Workspace, "PublishPost", map[string]any{
		"post": post, "text": "Hello", "targets": []map[string]string{{"account": team.Account}},
	}).Is(http.StatusOK)

	answers := map[string]bool{}
	for _, workspace := range []string{team.Workspace, "ws_" + strings.Repeat("1", 32), "nonsense", "ws_" + strings.Repeat("0", 32)} {
		everything := operations(t, team, workspace, post)
		require.GreaterOrEqual(t, len(everything), 14)
		everything["POST unknown"] = "/v1/workspaces/" + workspace + "/commands/NoSuchCommand"
		everything["POST system"] = "/v1/workspaces/" + workspace + "/commands/ClaimTarget"
		everything["POST flow"] = "/v1/workspaces/" + workspace + "/commands/CreateWorkspace"
		for operation, path := range everything {
			method, _, _ := strings.Cut(operation, " ")
			var body []byte
			if method == http.MethodPatch {
				body = []byte(`{"alt":"A kite"}`)
			}
			if method == http.MethodPost {
				body = []byte(bodies[path[strings.LastIndex(path, "/")+1:]])
				if len(body) == 0 && strings.HasSuffix(path, "/authorizations") {
					body = []byte(`{"network":"sandbox"}`)
				}
				if len(body) == 0 {
					body = []byte(`{}`)
				}
			}
			for _, seen := range []string{"", `"0"`, `"1"`} {
				answer := mallory.Send(method, path, body, "Content-Type", "application/json", "If-Match", seen)
				refused := answer.Problem(http.StatusNotFound, "not_found")
				require.Equal(t, "R32", refused.Rule, operation)
				answers[strings.Replace(string(answer.Body), refused.RequestID, "", 1)] = true
			}
		}
	}
	require.Len(t, answers, 1, "all answers are the same: %v", answers)

	// the same requests make sense to a member: it is not that everything is refused
	for operation, path := range operations(t, team, team.Workspace, post) {
		if method, _, _ := strings.Cut(operation, " "); method == http.MethodGet && !strings.HasSuffix(operation, "/proof/{event}") && !strings.HasSuffix(operation, "/events") && !strings.HasSuffix(operation, "/media/{media}") && !strings.HasSuffix(operation, "/archive") {
			if takesPosition(operation) {
				separator := "?"
				if strings.Contains(path, "?") {
					separator = "&"
				}
				path += separator + "position=5"
			}
			team.Olivia.Get(path).Is(http.StatusOK)
		}
	}
}

// Who is nobody at all is told to sign in, before anything else.
func TestNobody(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	for operation, path := range operations(t, team, team.Workspace, "post_"+strings.Repeat("2", 32)) {
		method, _, _ := strings.Cut(operation, " ")
		for _, token := range []string{"", "bhs_" + strings.Repeat("A", 43), "bhf_" + strings.Repeat("A", 43), "nonsense"} {
			nobody := team.Nobody(t)
			nobody.Token = token
			answer := nobody.Send(method, path, nil)
			answer.Problem(http.StatusUnauthorized, "not_signed_in")
			require.Contains(t, answer.Header.Get("WWW-Authenticate"), "Bearer")
		}
	}
}

// Every command that the domain leaves to members is offered, and no other one.
func TestOfferedCommands(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	offered := operations(t, team, team.Workspace, "")
	for name, kind := range catalog.Commands() {
		_, found := offered["POST /v1/workspaces/{workspace}/commands/"+name]
		require.Equal(t, kind.Issuer == domain.ByMember, found, name)
	}
}

// takesPosition tells what is read from views from what is read from the log
// itself and from tables, which are always up to date.
func takesPosition(operation string) bool {
	for _, direct := range []string{"/history", "/media", "/connections", "/identities", "{account}/resolution"} {
		if strings.Contains(operation, direct) {
			return false
		}
	}
	return true
}
