package command_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/internal/networks/sandbox/network/networktest"
)

// Olivia invites, Carl accepts and publishes: the main job, as commands.
func TestInviteAcceptPublish(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	done := carl.Command(team.Workspace, "PublishPost", map[string]any{
		"text": "Hello", "targets": []map[string]string{{"account": team.Account}},
	}).Done()
	require.Len(t, done.Events, 3)
	require.Equal(t, "post.written.v2", done.Events[0].Type)
	require.Equal(t, 1, done.Events[0].Version)
	require.Equal(t, "account.slot_reserved.v1", done.Events[2].Type)
	require.Equal(t, done.Position, done.Events[2].Position)
	require.True(t, strings.HasPrefix(done.Events[0].Stream, "post-"))

	changed := team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{
		"member": carl.ID, "account": team.Account, "mode": "member",
	}).Done()
	require.Equal(t, "workspace.credential_mode_changed.v1", changed.Events[0].Type)
	again := team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{
		"member": carl.ID, "account": team.Account, "mode": "member",
	}).Done()
	require.Empty(t, again.Events, "it is so already")
	require.NotZero(t, again.Position)
}

// R23: a link works once, for the invited person, for seven days.
func TestLinks(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	first := team.Invite(t, "carl@example.com", "owner")
	second := team.Invite(t, "carl@example.com", "owner")
	carl, mallory := team.SignUp(t, "carl"), team.SignUp(t, "mallory")
	other := mallory.CreateWorkspace("Evil")
	accept := func(p *apitest.Person, ws, token string) apitest.Answer {
		answer := p.Command(ws, "AcceptInvitation", map[string]any{"token": token})
		require.NotContains(t, string(answer.Body), token)
		return answer
	}
	require.Equal(t, "R23", accept(carl, team.Workspace, first).Problem(http.StatusConflict, "link_superseded").Rule)
	require.Equal(t, "R23", accept(mallory, team.Workspace, second).Problem(http.StatusForbidden, "other_address").Rule)
	accept(carl, other, second).Problem(http.StatusNotFound, "not_found")
	accept(carl, team.Workspace, forged(second)).Problem(http.StatusNotFound, "not_found")
	accept(carl, team.Workspace, second).Is(http.StatusOK)
	require.Equal(t, "R23", accept(carl, team.Workspace, second).Problem(http.StatusConflict, "link_used").Rule)

	late := team.Invite(t, "late@example.com", "owner")
	latecomer := team.SignUp(t, "late")
	team.Clock.Move(7*24*time.Hour + time.Second)
	accept(latecomer, team.Workspace, late).Problem(http.StatusConflict, "link_expired")
	require.NotContains(t, team.Logs.String(), second)
}

// forged is a token with another signature.
func forged(token string) string {
	last := token[:len(token)-4]
	return last + map[bool]string{true: "BBBB", false: "AAAA"}[strings.HasSuffix(token, "AAAA")]
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	refused := carl.Command(team.Workspace, "InviteClient", map[string]any{
		"email": "x@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Problem(http.StatusForbidden, "owner_only")
	require.Equal(t, "R2", refused.Rule)
	var people int
	require.NoError(t, team.Admin.QueryRow(t.Context(), "select count(*) from signin.people").Scan(&people))
	require.Equal(t, 2, people, "who may not invite adds nobody to the index of addresses")

	refused = team.Olivia.Command(team.Workspace, "InviteClient", map[string]any{
		"email": "x@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
		"assignments": []map[string]string{{"account": team.Account, "credential_mode": "owner"}},
	}).Problem(http.StatusUnprocessableEntity, "mode_without_manage_posts")
	require.Equal(t, "R19", refused.Rule)
	require.Equal(t, "assignments[0].credential_mode", refused.Errors[0].Location)
	team.Olivia.Command(team.Workspace, "InviteClient", map[string]any{
		"email": "carl@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Problem(http.StatusConflict, "already_member")
}

func TestIdempotency(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	body := map[string]any{"text": "Once", "targets": []map[string]string{{"account": team.Account}}}
	publish := func(p *apitest.Person, key string, body any) apitest.Answer {
		return p.Command(team.Workspace, "CreateDraft", body, "Idempotency-Key", key)
	}
	answers := make([]apitest.Answer, 8)
	var sending sync.WaitGroup
	for i := range answers {
		sending.Go(func() { answers[i] = publish(team.Olivia, "key", body) })
	}
	sending.Wait()
	first, replayed := answers[0].Done(), 0
	for _, answer := range answers {
		require.Equal(t, first, answer.Done())
		if answer.Header.Get("Idempotency-Replayed") == "true" {
			replayed++
		}
	}
	require.Equal(t, len(answers)-1, replayed)

	spaced := fmt.Appendf(nil, "{ \"targets\" : [ {\"account\":%q} ],\n \"text\":\"Once\" }", team.Account)
	same := team.Olivia.Send(http.MethodPost, "/v1/workspaces/"+team.Workspace+"/commands/CreateDraft",
		spaced, "Content-Type", "application/json", "Idempotency-Key", "key")
	require.Equal(t, "true", same.Header.Get("Idempotency-Replayed"), "only white space differs: %s", same.Body)

	body["text"] = "Twice"
	publish(team.Olivia, "key", body).Problem(http.StatusUnprocessableEntity, "key_reused")
	team.Olivia.Command(team.Workspace, "SchedulePost", map[string]any{
		"text": "Once", "targets": body["targets"], "at": time.Now().Add(time.Hour),
	}, "Idempotency-Key", "key").Problem(http.StatusUnprocessableEntity, "key_reused")
	carl := team.Join(t, "carl", "owner")
	require.NotEqual(t, first, publish(carl, "key", body).Done(), "another person's key is another key")
	publish(team.Olivia, strings.Repeat("k", 201), body).Problem(http.StatusBadRequest, "bad_request")
	publish(team.Olivia, strings.Repeat("k", 200), body).Is(http.StatusOK)
}

func TestCreatingAWorkspaceTwiceWithOneKey(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	create := func(name string) apitest.Answer {
		return olivia.Send(http.MethodPost, "/v1/workspaces", []byte(`{"name":"`+name+`"}`),
			"Content-Type", "application/json", "Idempotency-Key", "one")
	}
	first, second := create("Acme").Is(http.StatusCreated), create("Acme").Is(http.StatusCreated)
	require.Equal(t, string(first.Body), string(second.Body))
	require.Equal(t, "true", second.Header.Get("Idempotency-Replayed"))
	create("Other").Problem(http.StatusUnprocessableEntity, "key_reused")
}

func TestIfMatch(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	etag := team.Olivia.Get("/v1/workspaces/" + team.Workspace).Header.Get("ETag")
	change := func(mode, match string) apitest.Answer {
		return team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{
			"member": carl.ID, "account": team.Account, "mode": mode,
		}, "If-Match", match)
	}
	change("member", etag).Is(http.StatusOK)
	stale := change("owner", etag).Problem(http.StatusPreconditionFailed, "stale_version")
	require.Contains(t, stale.Detail, "version")
	for _, malformed := range []string{"7", `W/"7"`, `"x"`, "*", `"1","2"`} {
		change("owner", malformed).Problem(http.StatusBadRequest, "bad_request")
	}
}

// R31, R32: what somebody may not see has no version for them either: If-Match
// makes no difference between another's private draft and no post at all.
func TestIfMatchOnWhatIsHidden(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	hidden, nothing := "post_"+strings.Repeat("2", 32), "post_"+strings.Repeat("3", 32)
	targets := []map[string]string{{"account": team.Account}}
	team.Olivia.Command(team.Workspace, "CreateDraft", map[string]any{
		"post": hidden, "text": "Hers alone", "private": true, "targets": targets,
	}).Is(http.StatusOK)
	for _, name := range []string{"EditPost", "DeletePost", "SubmitPost", "SharePost"} {
		for _, match := range []string{`"0"`, `"1"`, `"9"`} {
			ask := func(post string) apitest.Answer {
				body := map[string]any{"post": post}
				if name == "EditPost" {
					body["text"], body["targets"] = "Mine", targets
				}
				return carl.Command(team.Workspace, name, body, "If-Match", match)
			}
			ask(hidden).Problem(http.StatusNotFound, "not_found")
			ask(nothing).Problem(http.StatusNotFound, "not_found")
		}
	}
}

// R32: the id of another workspace's post cannot be chosen for a new one, and
// the answer does not say why.
func TestAnotherWorkspacesPostID(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	body := map[string]any{
		"post": "post_" + strings.Repeat("2", 32), "text": "Hello", "targets": []map[string]string{{"account": team.Account}},
	}
	team.Olivia.Command(team.Workspace, "PublishPost", body).Is(http.StatusOK)
	team.Olivia.Command(team.Workspace, "PublishPost", body).Problem(http.StatusConflict, "post_exists")

	mallory := team.SignUp(t, "mallory")
	ws := mallory.CreateWorkspace("Evil")
	var added struct{ Account string }
	mallory.Connect(ws, "olivia", networktest.OliviaPassword).Done().Data(t, "workspace.account_added.v1", &added)
	body["targets"] = []map[string]string{{"account": added.Account}}
	mallory.Command(ws, "PublishPost", body).Problem(http.StatusNotFound, "not_found")
	mallory.Command(ws, "PublishPost", body, "Idempotency-Key", "key").Problem(http.StatusNotFound, "not_found")
	require.NotContains(t, team.Logs.String(), "request failed")
}
