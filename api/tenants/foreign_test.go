package tenants_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain"
)

// two are two workspaces: Acme, with all that there is, and Mallory's.
type two struct {
	*apitest.Team
	mallory *apitest.Person
	carl    *apitest.Person
	evil    string
	post    string // of Acme, as are all others
	invited string
	event   string
	medium  string
	export  string
	at      int64 // Mallory's views have reached it
}

func meet(t *testing.T) *two {
	t.Helper()
	team := apitest.StartTeam(t)
	both := &two{Team: team, carl: team.Join(t, "carl", "owner"), post: "post_" + strings.Repeat("2", 32)}
	var invited struct{ Invitation string }
	team.Olivia.Command(team.Workspace, "InviteClient", map[string]any{
		"email": "later@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Done().Data(t, "workspace.client_invited.v1", &invited)
	both.invited = invited.Invitation
	done := both.carl.Command(team.Workspace, "PublishPost", map[string]any{
		"post": both.post, "text": "canary of Acme", "targets": []map[string]string{{"account": team.Account}},
	}).Done()
	both.event = done.Events[0].ID
	both.medium = team.Olivia.Upload(team.Workspace)
	var requested struct{ Export string }
	team.Olivia.Command(team.Workspace, "ExportWorkspace", map[string]any{}).Done().Data(t, "workspace.export_requested.v1", &requested)
	both.export = requested.Export
	both.mallory = team.SignUp(t, "mallory")
	var created struct {
		Workspace string
		Position  int64
	}
	both.mallory.Post("/v1/workspaces", map[string]any{"name": "Evil"}).Is(http.StatusCreated).Read(&created)
	both.evil, both.at = created.Workspace, created.Position
	for _, list := range []string{"members", "invitations", "accounts", "posts"} {
		both.mallory.Get(apitest.At("/v1/workspaces/"+both.evil+"/"+list, both.at)).Is(http.StatusOK)
	}
	return both
}

// acmes are the words that no answer to Mallory may have, but where Mallory said them.
var acmes = regexp.MustCompile(`canary of Acme|Acme|[Oo]livia|[Cc]arl@|later@`)

type document struct {
	Paths map[string]map[string]struct {
		OperationID string
		Parameters  []struct{ Name, In string }
		RequestBody struct {
			Content map[string]struct{ Example json.RawMessage }
		}
	}
}

var anID = regexp.MustCompile(`(acc|post|usr|inv|evt|ws|med|exp)_[0-9a-f]{32}`)

// named puts Acme's ids where ids stand.
func (b *two) named(text string) string {
	ids := map[string]string{"acc": b.Account, "post": b.post, "usr": b.carl.ID, "inv": b.invited, "evt": b.event, "ws": b.Workspace, "med": b.medium, "exp": b.export}
	return anID.ReplaceAllStringFunc(text, func(id string) string {
		kind, _, _ := strings.Cut(id, "_")
		return ids[kind]
	})
}

// Mallory, in a workspace of their own, names everything of Acme in every path,
// body and filter that there is: nothing is read, and nothing of Acme changed.
func TestForeignIDsLeadNowhere(t *testing.T) {
	t.Parallel()
	both := meet(t)
	var described document
	both.Nobody(t).Get("/openapi.json").Is(http.StatusOK).Read(&described)
	before := both.history(t)
	asked := 0
	for path, methods := range described.Paths {
		for method, op := range methods {
			if !strings.HasPrefix(path, "/v1/workspaces/{workspace}/") || op.OperationID == "events" {
				continue
			}
			address := strings.NewReplacer("{workspace}", both.evil, "{account}", both.Account, "{post}", both.post, "{event}", both.event, "{media}", both.medium, "{export}", both.export).Replace(path)
			require.NotContains(t, address, "{", "an id that this test does not know")
			queries := []url.Values{{}}
			for _, parameter := range op.Parameters {
				if id := both.filter(parameter.Name); parameter.In == "query" && id != "" {
					queries = append(queries, url.Values{parameter.Name: {id}})
				}
			}
			for _, query := range queries {
				asked++
				example := string(op.RequestBody.Content["application/json"].Example)
				body := []byte(both.named(strings.ReplaceAll(example, "Acme", "Other")))
				for _, seen := range []string{`"0"`, ""} {
					answer := both.mallory.Send(strings.ToUpper(method), address+"?"+query.Encode(), body, "Content-Type", "application/json", "If-Match", seen)
					require.Less(t, answer.Status, http.StatusInternalServerError, "%s: %s", op.OperationID, answer.Body)
					require.NotRegexp(t, acmes, strings.ReplaceAll(string(answer.Body), "carl@example.com", ""), op.OperationID)
				}
			}
		}
	}
	require.Greater(t, asked, 40)
	require.Equal(t, before, both.history(t), "nothing of Acme has changed")
}

func (b *two) filter(name string) string {
	return map[string]string{"account": b.Account, "author": b.carl.ID, "member": b.carl.ID, "actor": b.carl.ID}[name]
}

// history is how many events Acme has. Commands of Mallory's may succeed, on
// Mallory's own workspace.
func (b *two) history(t *testing.T) (events int) {
	t.Helper()
	require.NoError(t, b.Admin.QueryRow(t.Context(), `
		select count(*)
		from log.events
		where workspace_id = $1`, [16]byte(parse[domain.WorkspaceID](t, b.Workspace))).Scan(&events))
	require.Positive(t, events)
	return events
}

// A cursor of one list is good for no other, and one's own id of a stream shows
// one's own workspace alone.
func TestForeignCursorsAndStreams(t *testing.T) {
	t.Parallel()
	both := meet(t)
	var page struct{ Next string }
	both.Olivia.Get("/v1/workspaces/" + both.Workspace + "/members?limit=1").Is(http.StatusOK).Read(&page)
	require.NotEmpty(t, page.Next)
	both.mallory.Get("/v1/workspaces/"+both.evil+"/members?limit=1&cursor="+page.Next).Problem(http.StatusBadRequest, "bad_cursor")
	both.mallory.Get("/v1/workspaces/"+both.Workspace+"/members?limit=1&cursor="+page.Next).Problem(http.StatusNotFound, "not_found")

	listener := both.mallory.Listen("/v1/workspaces/" + both.evil + "/events?after=1")
	both.Olivia.Command(both.Workspace, "ChangeCredentialMode", map[string]any{
		"member": both.carl.ID, "account": both.Account, "mode": "member",
	}).Is(http.StatusOK)
	own := both.mallory.Command(both.evil, "InviteClient", map[string]any{
		"email": "x@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Done()
	var seen []int64
	for !slices.Contains(seen, own.Position) {
		var told struct{ Position int64 }
		message := listener.Next().Read(t, &told)
		require.NotContains(t, message.Data, both.Account)
		require.NotContains(t, message.Data, both.carl.ID)
		require.Equal(t, strconv.FormatInt(told.Position, 10), message.ID)
		seen = append(seen, told.Position)
	}
	require.Len(t, seen, 2, "the workspace's beginning and the invitation")
}
