package live_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

type change struct {
	Position              int64
	Type                  string
	Account, Post, Member string
}

func events(workspace string) string { return "/v1/workspaces/" + workspace + "/events" }

func publish(person *apitest.Person, team *apitest.Team, text string) apitest.Done {
	return person.Command(team.Workspace, "PublishPost", map[string]any{
		"text": text, "targets": []map[string]string{{"account": team.Account}},
	}).Done()
}

// R27: the Owner is told everything, a member what is theirs; nobody is told
// what is in it.
func TestWhoIsToldWhat(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	done := team.Olivia.Command(team.Workspace, "InviteClient", map[string]any{
		"email": "reader@example.com", "access": map[string]bool{"add_accounts": true, "manage_posts": false},
	}).Done()
	reader := team.SignUp(t, "reader")
	accepted := reader.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": team.Link(t, done)}).Done()
	after := "?after=" + strconv.FormatInt(accepted.Position, 10)
	olivias, carls := team.Olivia.Listen(events(team.Workspace)+after), carl.Listen(events(team.Workspace)+after)
	readers := reader.Listen(events(team.Workspace) + "?after=" + strconv.FormatInt(accepted.Position-1, 10))

	invited := team.Olivia.Command(team.Workspace, "InviteClient", map[string]any{
		"email": "other@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Done()
	post := publish(carl, team, "canary-text")
	changed := team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{
		"member": carl.ID, "account": team.Account, "mode": "member",
	}).Done()

	var told change
	olivias.Next().Read(t, &told)
	require.Equal(t, "workspace.client_invited.v1", told.Type)
	require.Equal(t, invited.Position, told.Position)
	for name, listener := range map[string]*apitest.Listener{"owner": olivias, "member": carls} {
		first := listener.Next()
		require.NotContains(t, first.Data, "canary")
		first.Read(t, &told)
		require.Equal(t, "post.written.v2", told.Type, name)
		require.Equal(t, strings.Replace(post.Events[0].Stream, "post-", "post_", 1), told.Post)
		require.Equal(t, strconv.FormatInt(told.Position, 10), first.ID)
		listener.Next().Read(t, &told)
		require.Equal(t, "post.scheduled.v1", told.Type, name)
		told = change{}
		listener.Next().Read(t, &told)
		require.Equal(t, change{changed.Position, "workspace.credential_mode_changed.v1", team.Account, "", carl.ID}, told, name)
	}

	// who has no account is told of themselves alone
	readers.Next().Read(t, &told)
	require.Equal(t, "workspace.invitation_accepted.v1", told.Type)
	reader.Send(http.MethodDelete, "/v1/sessions/current", nil).Is(http.StatusNoContent)
	require.Empty(t, readers.Ends("not_signed_in"))
}

// A reader comes back where they left off, and misses nothing.
func TestComingBack(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	first := team.Olivia.Listen(events(team.Workspace))
	publish(team.Olivia, team, "one")
	var told change
	var id string
	for told.Type != "post.written.v2" { // what was just done before may still be on its way
		id = first.Next().Read(t, &told).ID
	}
	team.Olivia.Command(team.Workspace, "SchedulePost", map[string]any{
		"text": "two", "targets": []map[string]string{{"account": team.Account}}, "at": time.Now().Add(time.Hour),
	}).Done()
	again := team.Olivia.Listen(events(team.Workspace), "Last-Event-ID", id)
	for _, want := range []string{"post.scheduled.v1", "post.written.v2", "post.scheduled.v1"} {
		again.Next().Read(t, &told)
		require.Equal(t, want, told.Type)
	}
}

// An id of another log, or of long ago, tells to read everything again.
func TestReset(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	message := team.Olivia.Listen(events(team.Workspace), "Last-Event-ID", "999999999999").Next()
	require.Equal(t, "reset", message.Name)
	var reset struct{ Position int64 }
	message.Read(t, &reset)
	require.Positive(t, reset.Position)
	require.Equal(t, strconv.FormatInt(reset.Position, 10), message.ID)
	team.Olivia.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/accounts", reset.Position)).Is(http.StatusOK)

	refused := team.Olivia.Send(http.MethodGet, events(team.Workspace), nil, "Last-Event-ID", "canary").Problem(http.StatusBadRequest, "bad_request")
	require.Equal(t, "header.Last-Event-ID", refused.Errors[0].Location)
}

// R64: signing out ends the stream.
func TestSigningOutEndsTheStream(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	listener := carl.Listen(events(team.Workspace))
	carl.Send(http.MethodDelete, "/v1/sessions/current", nil).Is(http.StatusNoContent)
	publish(team.Olivia, team, "not for who has signed out")
	require.Empty(t, listener.Ends("not_signed_in"))
}

// R64: who is removed is told of nothing that happens from then on, and of why
// no more than an outsider is (R32); who stays is told of the removal.
func TestLosingAccessEndsTheStream(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl, dora := team.Join(t, "carl", "owner"), team.Join(t, "dora", "owner")
	carls, doras, olivias := carl.Listen(events(team.Workspace)), dora.Listen(events(team.Workspace)), team.Olivia.Listen(events(team.Workspace))
	removed := team.Olivia.Command(team.Workspace, "RemoveMember", map[string]any{"member": carl.ID}).Done()
	publish(dora, team, "not for Carl")
	require.Empty(t, carls.Ends("not_found"))
	carl.Get(events(team.Workspace)).Problem(http.StatusNotFound, "not_found")

	var told change
	olivias.Next().Read(t, &told)
	require.Equal(t, change{removed.Position, "workspace.member_removed.v1", "", "", carl.ID}, told)
	doras.Next().Read(t, &told)
	require.Equal(t, "post.written.v2", told.Type, "who else was removed is no business of Dora's")

	team.Olivia.Command(team.Workspace, "RequireTwoFactor", map[string]any{"member": dora.ID}).Is(http.StatusOK)
	doras.Ends("two_factor_required")
}

// R27: an account that is unassigned is not told of any more, at the moment of
// sending, whatever was so when it happened.
func TestLosingAnAccount(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	done := publish(team.Olivia, team, "while Carl has the account")
	team.Olivia.Command(team.Workspace, "UnassignAccount", map[string]any{"member": carl.ID, "account": team.Account}).Is(http.StatusOK)
	listener := carl.Listen(events(team.Workspace) + "?after=" + strconv.FormatInt(done.Events[0].Position-1, 10))
	var told change
	listener.Next().Read(t, &told)
	require.Equal(t, "workspace.account_unassigned.v1", told.Type, "nothing of the post, which came before")
	require.Equal(t, carl.ID, told.Member)
	renamed := team.Olivia.Command(team.Workspace, "RenameWorkspace", map[string]any{"name": "Acme & Co"}).Done()
	listener.Next().Read(t, &told)
	require.Equal(t, renamed.Position, told.Position, "the workspace's name is everybody's")
	graced := team.Olivia.Command(team.Workspace, "SetGrace", map[string]any{"minutes": 30}).Done()
	listener.Next().Read(t, &told)
	require.Equal(t, graced.Position, told.Position, "and so is its grace, which each of them can read")
}

// R32: to an outsider the stream does not exist.
func TestOutsiders(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	team.SignUp(t, "mallory").Get(events(team.Workspace)).Problem(http.StatusNotFound, "not_found")
	team.Nobody(t).Get(events(team.Workspace)).Problem(http.StatusUnauthorized, "not_signed_in")
}

// A person has so many streams and no more; one that is closed makes room.
func TestTooManyStreams(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	for range 16 {
		team.Olivia.Listen(events(team.Workspace))
	}
	refused := team.Olivia.Get(events(team.Workspace))
	refused.Problem(http.StatusTooManyRequests, "too_many_streams")
	require.NotEmpty(t, refused.Header.Get("Retry-After"))
}
