package notifications_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain"
	"behalf/domain/notice"
)

type notification struct {
	ID, Kind, Class, Subject, Text, Workspace string
	Name                                      string `json:"workspace_name"`
	Position                                  int64
	Read                                      bool
}

type list struct {
	Next          string
	Unread        int64
	Notifications []notification
}

const path = "/v1/me/notifications"

func notifications(p *apitest.Person, position int64) (found list) {
	p.Get(apitest.At(path, position)).Is(http.StatusOK).Read(&found)
	return found
}

// R20: an invitation to the address of somebody who is registered shows one
// that names the workspace; it can be read, and is then read everywhere.
func TestInvitedIsNotified(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.SignUp(t, "carl")
	listener := carl.Listen("/v1/me/events")
	var counter struct{ Unread int64 }
	listener.Next().Read(t, &counter)
	require.Zero(t, counter.Unread)

	done := team.Olivia.Command(team.Workspace, "InviteClient", map[string]any{
		"email": "carl@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Done()
	found := notifications(carl, done.Position)
	require.EqualValues(t, 1, found.Unread)
	told := found.Notifications[0]
	require.Equal(t, "You are invited to join “Acme” as a client.", told.Text)
	require.Equal(t, team.Workspace, told.Workspace)
	require.False(t, told.Read)

	var live notification
	message := listener.Next().Read(t, &live)
	require.Equal(t, "notification", message.Name)
	require.Equal(t, strconv.FormatInt(done.Position, 10), message.ID)
	require.Equal(t, told, live)
	require.Equal(t, "unread", listener.Next().Read(t, &counter).Name)
	require.EqualValues(t, 1, counter.Unread)

	for range 2 {
		carl.Post(path+"/read", map[string]any{"notifications": []string{told.ID}}).Is(http.StatusOK).Read(&counter)
		require.Zero(t, counter.Unread)
	}
	require.True(t, notifications(carl, 0).Notifications[0].Read)
	require.Equal(t, "unread", listener.Next().Read(t, &counter).Name)
	require.Zero(t, counter.Unread)
	require.Empty(t, notifications(team.Olivia, done.Position).Notifications, "nobody is told what they did")
}

// A reader comes back where they left off; pages follow each other, and
// everything up to a position is read at once.
func TestComingBackAndPages(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	var last apitest.Done
	for _, mode := range []string{"member", "owner", "member"} {
		last = team.Olivia.Command(team.Workspace, "ChangeCredentialMode", map[string]any{
			"member": carl.ID, "account": team.Account, "mode": mode,
		}).Done()
	}
	all := notifications(carl, last.Position)
	require.Len(t, all.Notifications, 5)
	require.EqualValues(t, 5, all.Unread)

	var pages []notification
	for cursor := ""; ; {
		var page list
		carl.Get(path + "?limit=2&cursor=" + cursor).Is(http.StatusOK).Read(&page)
		pages = append(pages, page.Notifications...)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	require.Equal(t, all.Notifications, pages)
	team.Olivia.Get(path+"?cursor=nonsense").Problem(http.StatusBadRequest, "bad_cursor")

	third := all.Notifications[2]
	listener := carl.Listen("/v1/me/events", "Last-Event-ID", strconv.FormatInt(third.Position, 10))
	for _, want := range []int{1, 0} {
		var told notification
		listener.Next().Read(t, &told)
		require.Equal(t, all.Notifications[want], told)
	}
	var counter struct{ Unread int64 }
	carl.Post(path+"/read", map[string]any{"up_to": third.Position}).Is(http.StatusOK).Read(&counter)
	require.EqualValues(t, 2, counter.Unread)
	var page list
	carl.Get(path + "?unread=true").Is(http.StatusOK).Read(&page)
	require.Len(t, page.Notifications, 2)
	carl.Post(path+"/read", map[string]any{}).Problem(http.StatusUnprocessableEntity, "invalid")
}

// R64: the stream ends with the session; R32: who was removed is told that, and
// nothing else of the workspace, even where the view has more.
func TestStreamEndsWithTheSession(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	listener := carl.Listen("/v1/me/events?after=0")
	require.Equal(t, "notification", listener.Next().Name)
	carl.Send(http.MethodDelete, "/v1/sessions/current", nil).Is(http.StatusNoContent)
	listener.Ends("not_signed_in")
}

func TestRemovedLearnNothingMore(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	removed := team.Olivia.Command(team.Workspace, "RemoveMember", map[string]any{"member": carl.ID}).Done()
	team.Olivia.Command(team.Workspace, "RenameWorkspace", map[string]any{"name": "Canary"}).Is(http.StatusOK)
	found := notifications(carl, removed.Position)
	require.Len(t, found.Notifications, 1)
	require.Equal(t, "You are no longer a member of “Acme”.", found.Notifications[0].Text)
	require.Equal(t, "notification", carl.Listen("/v1/me/events?after=0").Next().Name)
}

// What is not about oneself cannot be read, and programs are told nothing.
func TestForeignAndPrograms(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	var position int64
	require.NoError(t, team.Admin.QueryRow(t.Context(), "select max(position) from log.events").Scan(&position))
	theirs := notifications(carl, position).Notifications[0].ID
	team.Olivia.Post(path+"/read", map[string]any{"notifications": []string{theirs}}).Is(http.StatusOK)
	var stored int
	require.NoError(t, team.Admin.QueryRow(t.Context(), "select count(*) from notices.read").Scan(&stored))
	require.Zero(t, stored)
	for _, at := range []string{path, path + "/settings", "/v1/me/events"} {
		team.Nobody(t).Get(at).Problem(http.StatusUnauthorized, "not_signed_in")
	}
	carl.Send(http.MethodGet, "/v1/me/events", nil, "Last-Event-ID", "canary").Problem(http.StatusBadRequest, "bad_request")
}

type setting struct {
	Kind, Channel    string
	Wanted, Optional bool
}

func settings(answer apitest.Answer) map[string]setting {
	var body struct{ Settings []setting }
	answer.Is(http.StatusOK).Read(&body)
	found := map[string]setting{}
	for _, one := range body.Settings {
		found[one.Kind+" "+one.Channel] = one
	}
	return found
}

func change(kind, channel string, wanted bool) map[string]any {
	return map[string]any{"settings": []map[string]any{{"kind": kind, "channel": channel, "wanted": wanted}}}
}

// What is switched off is not shown; what protects the account stays on.
func TestSettings(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	before := settings(carl.Get(path + "/settings"))
	require.True(t, before["added product"].Wanted)
	require.False(t, before["password_changed email"].Optional)

	after := settings(carl.Post(path+"/settings", change("added", "product", false)))
	require.False(t, after["added product"].Wanted)
	require.True(t, after["added email"].Wanted)
	for _, told := range notifications(carl, 0).Notifications {
		require.NotEqual(t, "added", told.Kind)
	}
	require.True(t, settings(team.Olivia.Get(path + "/settings"))["added product"].Wanted, "everybody has their own")
	require.True(t, settings(carl.Post(path+"/settings", change("added", "product", true)))["added product"].Wanted)

	for _, kind := range []string{"password_changed", "reauthentication", "two_factor_required"} {
		refused := carl.Post(path+"/settings", change(kind, "email", false)).Problem(http.StatusUnprocessableEntity, "cannot_be_switched_off")
		require.Equal(t, "body.settings[0].kind", refused.Errors[0].Location)
		carl.Post(path+"/settings", change(kind, "email", true)).Is(http.StatusOK)
	}
	carl.Post(path+"/settings", change("canary", "email", false)).Problem(http.StatusUnprocessableEntity, "unknown_kind")
	carl.Post(path+"/settings", change("reminder", "product", false)).Problem(http.StatusUnprocessableEntity, "unknown_kind")
}

// RFC 8058: one POST by a mail program ends mails of the kind, without a
// sign-in; opening the link changes nothing.
func TestOneClick(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	var id domain.UserID
	require.NoError(t, id.UnmarshalText([]byte(carl.ID)))
	link := func(kind notice.Kind) string {
		return "/v1/unsubscribe/" + notice.NewUnsubscribeToken(apitest.InvitationKey, id, kind).Reveal()
	}
	wanted := func() map[string]setting { return settings(carl.Get(path + "/settings")) }

	page := w.Nobody(t).Get(link(notice.Reminder)).Is(http.StatusOK)
	require.Contains(t, string(page.Body), `<form method="post">`)
	require.Contains(t, page.Header.Get("Content-Security-Policy"), "form-action 'self'")
	require.True(t, wanted()["reminder email"].Wanted)

	click := func(at string) apitest.Answer {
		return w.Nobody(t).Send(http.MethodPost, at, []byte("List-Unsubscribe=One-Click"), "Content-Type", "application/x-www-form-urlencoded")
	}
	for range 2 {
		click(link(notice.Reminder)).Is(http.StatusOK)
		require.False(t, wanted()["reminder email"].Wanted)
	}
	require.True(t, wanted()["added email"].Wanted)
	click(link("digest")).Is(http.StatusOK)
	require.False(t, wanted()["added email"].Wanted)
	require.True(t, wanted()["added product"].Wanted)
	require.True(t, wanted()["password_changed email"].Wanted)

	forged := link(notice.Reminder)
	click(forged[:len(forged)-2]+"AA").Problem(http.StatusNotFound, "not_found")
	click("/v1/unsubscribe/canary").Problem(http.StatusNotFound, "not_found")
	w.Nobody(t).Send(http.MethodPost, link(notice.Added), []byte("{}"), "Content-Type", "application/json").
		Problem(http.StatusUnsupportedMediaType, "unsupported_media_type")
	w.Nobody(t).Send(http.MethodPost, link(notice.Added), []byte(strings.Repeat("x", 5000)), "Content-Type", "application/x-www-form-urlencoded").
		Problem(http.StatusRequestEntityTooLarge, "body_too_large")
}

// Every kind is in the document's list, and the answer holds what it says.
func TestKindsAreDocumented(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]json.RawMessage
			}
		}
	}
	w.Nobody(t).Get("/openapi.json").Is(http.StatusOK).Read(&document)
	var described struct{ Enum []string }
	found := false
	for name, schema := range document.Components.Schemas {
		if strings.HasSuffix(name, "Notification") {
			found = true
			require.NoError(t, json.Unmarshal(schema.Properties["kind"], &described))
		}
	}
	require.True(t, found)
	for _, kind := range notice.Kinds() {
		if kind.In(notice.Product) {
			require.Contains(t, described.Enum, string(kind))
		}
	}
}

// R63: whom a second factor is asked of is told that, and nothing else of the
// workspace before they have enabled one.
func TestBlockedUntilTheSecondFactor(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	done := team.Olivia.Command(team.Workspace, "RequireTwoFactor", map[string]string{"member": carl.ID}).Done()
	kinds := func(found []notification) (kinds []string) {
		for _, n := range found {
			kinds = append(kinds, n.Kind)
		}
		return kinds
	}
	require.Equal(t, []string{"two_factor_required", "invitation"}, kinds(notifications(carl, done.Position).Notifications))
	listener := carl.Listen("/v1/me/events?after=0")
	for _, want := range []string{"invitation", "two_factor_required"} {
		var told notification
		require.Equal(t, "notification", listener.Next().Read(t, &told).Name)
		require.Equal(t, want, told.Kind)
	}
}
