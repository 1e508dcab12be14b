package tenants_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/internal/networks/sandbox/network/control"
)

// ids are one of everything that has an id, by the id's prefix.
type ids map[string]string

func (b *two) acmesIDs() ids {
	return ids{"acc": b.Account, "post": b.post, "usr": b.carl.ID, "inv": b.invited, "evt": b.event, "ws": b.Workspace, "exp": b.export}
}

// own gives Mallory's workspace one of everything, so that a request can be
// right in all but one place.
func (b *two) own(t *testing.T) ids {
	t.Helper()
	const page, password = "evil-page", "password-of-mallory"
	require.NoError(t, b.Sandbox.Control.AddPerson(t.Context(), control.Person{Name: "mallory", Password: password}))
	require.NoError(t, b.Sandbox.Control.AddPage(t.Context(), control.Page{Slug: page, Name: "Evil Page", Admins: []string{"mallory"}}))
	authorized := b.mallory.Authorize(b.evil, "mallory", password)
	var added struct{ Account string }
	b.mallory.Command(b.evil, "ConnectAccount", map[string]any{"authorization": authorized.Authorization, "remote": page}).
		Done().Data(t, "workspace.account_added.v1", &added)
	evil := &apitest.Team{World: b.World, Olivia: b.mallory, Workspace: b.evil, Account: added.Account}
	eve := evil.Join(t, "eve", "owner")
	var invited struct{ Invitation string }
	b.mallory.Command(b.evil, "InviteClient", map[string]any{
		"email": "x@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Done().Data(t, "workspace.client_invited.v1", &invited)
	post := "post_" + strings.Repeat("4", 32)
	done := b.mallory.Command(b.evil, "PublishPost", map[string]any{
		"post": post, "text": "Evil", "targets": []map[string]string{{"account": added.Account}},
	}).Done()
	var requested struct{ Export string }
	b.mallory.Command(b.evil, "ExportWorkspace", map[string]any{}).Done().Data(t, "workspace.export_requested.v1", &requested)
	for _, list := range []string{"members", "invitations", "accounts", "posts"} {
		b.mallory.Get(apitest.At("/v1/workspaces/"+b.evil+"/"+list, done.Position)).Is(http.StatusOK)
	}
	return ids{"acc": added.Account, "post": post, "usr": eve.ID, "inv": invited.Invitation, "evt": done.Events[0].ID, "ws": b.evil, "exp": requested.Export}
}

// variants are a text with the ids of mine, and then one after the other each
// place for an id with that of theirs.
func variants(text string, mine, theirs ids) []string {
	places := anID.FindAllStringIndex(text, -1)
	fill := func(foreign int) string {
		var filled strings.Builder
		end := 0
		for i, place := range places {
			filled.WriteString(text[end:place[0]])
			kind, _, _ := strings.Cut(text[place[0]:place[1]], "_")
			if i == foreign {
				filled.WriteString(theirs[kind])
			} else {
				filled.WriteString(mine[kind])
			}
			end = place[1]
		}
		filled.WriteString(text[end:])
		return filled.String()
	}
	var all []string
	for i := range places {
		all = append(all, fill(i))
	}
	return all
}

// A request of Mallory's that is right in all but one id, which is Acme's: for
// every operation that there is, and every place in path, query and body where it
// takes an id. Nothing of Acme is read, and nothing changed.
func TestOneForeignIDAmongOwnOnes(t *testing.T) {
	t.Parallel()
	both := meet(t)
	mine, theirs := both.own(t), both.acmesIDs()
	var described document
	both.Nobody(t).Get("/openapi.json").Is(http.StatusOK).Read(&described)
	before := both.history(t)
	bodies, paths, queries := 0, 0, 0
	ask := func(operation, method, address string, body []byte) {
		answer := both.mallory.Send(strings.ToUpper(method), address, body, "Content-Type", "application/json")
		require.Less(t, answer.Status, http.StatusInternalServerError, "%s: %s", operation, answer.Body)
		require.NotRegexp(t, acmes, strings.ReplaceAll(string(answer.Body), "carl@example.com", ""), "%s %s", operation, body)
	}
	for path, methods := range described.Paths {
		for method, op := range methods {
			at := strings.NewReplacer("{workspace}", mine["ws"], "{account}", mine["acc"], "{post}", mine["post"], "{event}", mine["evt"], "{export}", mine["exp"]).Replace(path)
			example := strings.ReplaceAll(string(op.RequestBody.Content["application/json"].Example), "Acme", "Other")
			for _, body := range variants(example, mine, theirs) {
				bodies++
				ask(op.OperationID, method, at, []byte(body))
			}
			filled := strings.NewReplacer("{workspace}", sample("ws"), "{account}", sample("acc"), "{post}", sample("post"), "{event}", sample("evt"), "{export}", sample("exp")).Replace(path)
			for _, address := range variants(filled, mine, theirs) {
				if strings.EqualFold(method, http.MethodGet) {
					paths++
					ask(op.OperationID, method, address, nil)
				}
			}
			for _, parameter := range op.Parameters {
				if id := both.filter(parameter.Name); parameter.In == "query" && id != "" {
					queries++
					ask(op.OperationID, method, at+"?"+url.Values{parameter.Name: {id}}.Encode(), nil)
				}
			}
		}
	}
	require.Greater(t, bodies, 30)
	require.Greater(t, paths, 18)
	require.Greater(t, queries, 5)
	require.Equal(t, before, both.history(t), "nothing of Acme has changed")
}

func sample(kind string) string { return kind + "_" + strings.Repeat("0", 31) + "1" }

// A cursor of any list of Acme's is good for none of Mallory's, and at Acme's own
// address there is nothing.
func TestForeignCursors(t *testing.T) {
	t.Parallel()
	both := meet(t)
	both.Olivia.Command(both.Workspace, "InviteClient", map[string]any{
		"email": "another@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Is(http.StatusOK)
	done := both.Olivia.Command(both.Workspace, "SchedulePost", map[string]any{
		"at": both.Clock.Now().Add(time.Hour), "text": "canary of Acme", "targets": []map[string]string{{"account": both.Account}},
	}).Done()
	both.Olivia.CreateWorkspace("Acme Two")
	cursors := 0
	for _, list := range []string{"/members", "/invitations", "/posts", "/accounts", "/departures", ""} {
		mine, theirs := "/v1/workspaces/"+both.evil+list, "/v1/workspaces/"+both.Workspace+list
		if list == "" {
			mine, theirs = "/v1/workspaces", "/v1/workspaces"
		}
		var page struct{ Next string }
		both.Olivia.Get(apitest.At(theirs, done.Position) + "&limit=1").Is(http.StatusOK).Read(&page)
		if page.Next == "" {
			continue // a list of one
		}
		cursors++
		both.mallory.Get(mine+"?limit=1&cursor="+page.Next).Problem(http.StatusBadRequest, "bad_cursor")
		if list != "" {
			both.mallory.Get(theirs+"?limit=1&cursor="+page.Next).Problem(http.StatusNotFound, "not_found")
		}
	}
	require.GreaterOrEqual(t, cursors, 4)
}

// Acme's stream is no stream to Mallory, from whatever position; and Mallory's
// own streams hold nothing of Acme, though they begin before all of it.
func TestForeignStreams(t *testing.T) {
	t.Parallel()
	both := meet(t)
	for _, from := range []string{"", "?after=1", "?after=0"} {
		both.mallory.Get("/v1/workspaces/"+both.Workspace+"/events"+from).Problem(http.StatusNotFound, "not_found")
	}
	both.mallory.Send(http.MethodGet, "/v1/workspaces/"+both.Workspace+"/events", nil, "Last-Event-ID", "1").
		Problem(http.StatusNotFound, "not_found")
	listener := both.mallory.Listen("/v1/me/events?after=1")
	evil := &apitest.Team{World: both.World, Olivia: both.mallory, Workspace: both.evil}
	both.Olivia.Command(both.Workspace, "RenameWorkspace", map[string]any{"name": "Acme News"}).Is(http.StatusOK)
	both.carl.Command(both.Workspace, "LeaveWorkspace", map[string]any{}).Is(http.StatusOK) // tells Olivia
	done := both.carl.CreateWorkspace("Carl's")
	invited := both.carl.Command(done, "InviteClient", map[string]any{
		"email": evil.Olivia.Email, "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Done()
	var told json.RawMessage
	message := listener.Next().Read(t, &told)
	require.NotContains(t, string(told), both.Workspace)
	require.NotRegexp(t, acmes, message.Data)
	require.NotEmpty(t, invited.Events)
}

// Sessions and API tokens are ended by their own person alone.
func TestForeignSessionsAndTokens(t *testing.T) {
	t.Parallel()
	both := meet(t)
	var token struct{ ID, Token string }
	both.Olivia.Post("/v1/tokens", map[string]any{"name": "hers"}).Is(http.StatusCreated).Read(&token)
	var held struct{ Sessions []struct{ ID string } }
	both.Olivia.Get("/v1/sessions").Is(http.StatusOK).Read(&held)
	require.NotEmpty(t, held.Sessions)
	for _, address := range []string{"/v1/tokens/" + token.ID, "/v1/sessions/" + held.Sessions[0].ID} {
		both.mallory.Send(http.MethodDelete, address, nil).Is(http.StatusNotFound)
	}
	both.Olivia.Get("/v1/sessions").Is(http.StatusOK)
	program := both.Olivia.With(t)
	program.Token = token.Token
	program.Get("/v1/workspaces/" + both.Workspace).Is(http.StatusOK)
}
