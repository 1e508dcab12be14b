package query_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

// A list is cut into pages that neither repeat nor hide anything, whatever is
// added meanwhile.
func TestPages(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	var position int64
	write := func(text string) {
		position = team.Olivia.Command(team.Workspace, "CreateDraft", map[string]any{
			"text": text, "targets": []map[string]string{{"account": team.Account}},
		}).Done().Position
	}
	for _, text := range []string{"one", "two", "three"} {
		write(text)
	}
	var page struct {
		Posts []struct{ Text string }
		Next  string
	}
	path := "/v1/workspaces/" + team.Workspace + "/posts"
	team.Olivia.Get(apitest.At(path, position) + "&limit=2").Is(http.StatusOK).Read(&page)
	require.Len(t, page.Posts, 2)
	require.Equal(t, "three", page.Posts[0].Text)
	write("four, in between")
	next := apitest.At(path, position) + "&limit=2&cursor=" + page.Next
	page.Next = ""
	team.Olivia.Get(next).Is(http.StatusOK).Read(&page)
	require.Len(t, page.Posts, 1)
	require.Equal(t, "one", page.Posts[0].Text)
	require.Empty(t, page.Next)
	for _, limit := range []string{"0", "101", "-1", "canary"} {
		team.Olivia.Get(path+"?limit="+limit).Problem(http.StatusUnprocessableEntity, "invalid")
	}
}

// Every list has pages, filters, and cursors that are good for nothing else.
func TestEveryListHasPages(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	team.Olivia.CreateWorkspace("Another")
	var position int64
	for _, name := range []string{"one", "two"} {
		team.Olivia.Command(team.Workspace, "InviteClient", map[string]any{
			"email": name + "@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
		}).Done()
		position = carl.Command(team.Workspace, "CreateDraft", map[string]any{
			"text": name, "targets": []map[string]string{{"account": team.Account}},
		}).Done().Position
	}
	in := "/v1/workspaces/" + team.Workspace
	cursors := map[string]string{}
	for name, list := range map[string]struct {
		path  string
		total int
	}{
		"workspaces": {"/v1/workspaces", 2}, "members": {in + "/members", 2}, "invitations": {in + "/invitations", 3},
		"accounts": {in + "/accounts", 1}, "posts": {in + "/posts", 2},
	} {
		seen, cursor := 0, ""
		for pages := 0; ; pages++ {
			require.LessOrEqual(t, pages, list.total, name)
			answer := team.Olivia.Get(apitest.At(list.path, position) + "&limit=1" + cursor).Is(http.StatusOK)
			var page map[string]json.RawMessage
			answer.Read(&page)
			var rows []json.RawMessage
			require.NoError(t, json.Unmarshal(page[name], &rows))
			require.Len(t, rows, 1, name)
			seen++
			if page["next"] == nil {
				break
			}
			cursors[name] = strings.Trim(string(page["next"]), `"`)
			cursor = "&cursor=" + cursors[name]
		}
		require.Equal(t, list.total, seen, name)
	}
	for _, foreign := range []string{
		in + "/members?cursor=" + cursors["invitations"], in + "/members?role=owner&cursor=" + cursors["members"],
		in + "/posts?cursor=canary", "/v1/workspaces?cursor=" + cursors["members"],
	} {
		answer := team.Olivia.Get(foreign)
		require.Equal(t, "query.cursor", answer.Problem(http.StatusBadRequest, "bad_cursor").Errors[0].Location)
		require.NotContains(t, string(answer.Body), "canary")
	}
	// another member's cursor is no more than a guess
	carl.Get(in+"/posts?cursor="+cursors["posts"]).Problem(http.StatusBadRequest, "bad_cursor")
}

func TestFilters(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	position := carl.Command(team.Workspace, "PublishPost", map[string]any{
		"text": "Hello", "targets": []map[string]string{{"account": team.Account}},
	}).Done().Position
	for path, found := range map[string]bool{
		"members?role=client&":                               true,
		"members?role=editor&":                               false,
		"members?account=" + team.Account + "&":              true,
		"invitations?status=accepted&":                       true,
		"invitations?status=pending&":                        false,
		"invitations?role=client&":                           true,
		"accounts?network=sandbox&":                          true,
		"accounts?network=wordpress&":                        false,
		"posts?author=" + carl.ID + "&":                      true,
		"posts?author=" + team.Olivia.ID + "&":               false,
		"posts?account=" + team.Account + "&":                true,
		"posts?account=acc_" + strings.Repeat("9", 32) + "&": false,
		"posts?state=scheduled&":                             true,
		"posts?state=failed&":                                false,
	} {
		name, _, _ := strings.Cut(path, "?")
		var list map[string]json.RawMessage
		team.Olivia.Get("/v1/workspaces/" + team.Workspace + "/" + path + "position=" + strconv.FormatInt(position, 10)).Is(http.StatusOK).Read(&list)
		var rows []json.RawMessage
		require.NoError(t, json.Unmarshal(list[name], &rows))
		require.Equal(t, found, len(rows) == 1, "%s: %s", path, list[name])
	}
	for _, wrong := range []string{"members?role=canary", "posts?author=canary", "posts?account=usr_" + strings.Repeat("1", 32), "posts?state=canary", "posts?before=1"} {
		answer := team.Olivia.Get("/v1/workspaces/" + team.Workspace + "/" + wrong)
		answer.Problem(http.StatusUnprocessableEntity, "invalid")
		require.NotContains(t, string(answer.Body), "canary")
	}
}
