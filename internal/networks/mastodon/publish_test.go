package mastodon_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/mastodon/mastodontest"
)

func TestPublishing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, mastodontest.Olivia)
	a := hello()
	verdict, err := w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Absent, verdict.State)
	a.Prepared, err = w.Prepare(t.Context(), s, a, keeping(&a))
	require.NoError(t, err)
	require.Empty(t, a.Prepared)
	first, err := w.Publish(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, w.URL+"/@olivia/"+first.RemoteID, first.URL)
	again, err := w.Publish(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, first, again, "a server that heeds the key")
	require.Equal(t, "Key_-1", w.Requests("POST /api/v1/statuses")[0].Header.Get("Idempotency-Key"))

	verdict, err = w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Verdict{State: networks.Live, Published: first}, verdict)
	require.NoError(t, w.Delete(t.Context(), s, first.RemoteID))
	require.NoError(t, w.Delete(t.Context(), s, first.RemoteID))
	require.Empty(t, w.Statuses(mastodontest.Olivia))
}

func TestMedia(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, mastodontest.Olivia)
	a := hello()
	a.Content.Media = []networks.Media{medium(networks.Image, "image/png", "a cat"), medium(networks.Video, "video/mp4", "")}
	_, err := w.Publish(t.Context(), s, a)
	require.Equal(t, networks.Rejected, networks.KindOf(err), "not prepared")
	w.Arm(fake.Fault{On: "GET /api/v1/media/{id}", Kind: fake.Refuse, Answer: fake.Answer{Status: http.StatusBadGateway}, Times: 1})
	_, err = w.Prepare(t.Context(), s, a, keeping(&a))
	require.Equal(t, networks.Unavailable, networks.KindOf(err))
	a.Prepared, err = w.Prepare(t.Context(), s, a, keeping(&a))
	require.NoError(t, err)
	require.Len(t, w.Media(), 2, "nothing is uploaded twice")
	require.Len(t, w.Requests("GET /api/v1/media/{id}"), 4, "asked until it was ready")
	live, err := w.Publish(t.Context(), s, a)
	require.NoError(t, err)
	require.Len(t, w.Statuses(mastodontest.Olivia)[0].Media, 2)
	verdict, err := w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, live, verdict.Published)

	b := hello()
	b.Content.Media = []networks.Media{medium(networks.Image, "image/png", "")}
	b.Prepared, err = w.Prepare(t.Context(), s, b, keeping(&b))
	require.NoError(t, err)
	require.Len(t, w.Media(), 3)
	require.NoError(t, w.Discard(t.Context(), s, b.Prepared))
	require.NoError(t, w.Discard(t.Context(), s, b.Prepared))
	require.Len(t, w.Media(), 2)
	b.Content.Media = []networks.Media{medium(networks.Image, "image/tiff", "")}
	b.Prepared = nil
	_, err = w.Prepare(t.Context(), s, b, keeping(&b))
	require.Equal(t, networks.Rejected, networks.KindOf(err))
}

func TestWaitingForMediaEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, mastodontest.Olivia)
	a := hello()
	a.Content.Media = []networks.Media{medium(networks.Video, "video/mp4", "")}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := w.Prepare(ctx, s, a, func(_ context.Context, p networks.Prepared) error {
		a.Prepared = p
		cancel()
		return nil
	})
	require.ErrorIs(t, err, context.Canceled)
	a.Prepared, err = w.Prepare(t.Context(), s, a, keeping(&a))
	require.NoError(t, err)
	require.Len(t, w.Media(), 1)
}

// R59: an unclear end is found out, before the server kept it and after, on
// servers that heed the key and on those that do not.
func TestUnclearEnds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault fake.Fault
		want  networks.VerdictState
	}{
		"broken before":   {fake.Fault{Kind: fake.ResetBefore, Times: 1}, networks.Absent},
		"broken after":    {fake.Fault{Kind: fake.ResetAfter, Times: 1}, networks.Live},
		"a proxy's error": {fake.Fault{Kind: fake.RefuseAfter, Answer: fake.Answer{Status: 504, Body: "<html>"}, Times: 1}, networks.Live},
		"its own error":   {fake.Fault{Kind: fake.Refuse, Answer: fake.Answer{Status: 500, Body: `{"error":"oops"}`}, Times: 1}, networks.Absent},
		"half an answer":  {fake.Fault{Kind: fake.RefuseAfter, Answer: fake.Answer{Status: 200, Body: `{"id":`}, Times: 1}, networks.Live},
	} {
		w := newWorld(t)
		w.Forgets = true
		s := w.session(t, mastodontest.Olivia)
		w.Post(mastodontest.Olivia, "something else")
		test.fault.On = "POST /api/v1/statuses"
		w.Arm(test.fault)
		a := hello()
		_, err := w.Publish(t.Context(), s, a)
		require.Equal(t, networks.Ambiguous, networks.KindOf(err), name)
		require.Len(t, w.Requests("POST /api/v1/statuses"), 1, "sent once")
		verdict, err := w.Reconcile(t.Context(), s, a)
		require.NoError(t, err, name)
		require.Equal(t, test.want, verdict.State, name)
	}
}

func TestScanning(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, mastodontest.Olivia)
	a := hello()
	_, err := w.Publish(t.Context(), s, a)
	require.NoError(t, err)
	for i := range 60 {
		w.Post(mastodontest.Olivia, fmt.Sprint("later ", i))
	}
	verdict, err := w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Live, verdict.State, "on the second page")
	for i := range 200 {
		w.Post(mastodontest.Olivia, fmt.Sprint("much later ", i))
	}
	verdict, err = w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Unknown, verdict.State, "more than are read")
	a.Begun = time.Now().Add(time.Hour)
	verdict, err = w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Absent, verdict.State, "an older post is another one")
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for _, old := range []bool{false, true} {
		w := newWorld(t)
		w.MaxCharacters, w.Old = 5000, old
		limits, err := w.Limits(t.Context(), w.URL+"#1")
		require.NoError(t, err)
		require.Equal(t, 5000, limits.Text.Max)
		require.Equal(t, []string{"video/mp4"}, limits.Videos.Types)
		require.Equal(t, 4, limits.MaxMedia)
		asked := len(w.Requests("GET /api/{version}/instance"))
		_, err = w.Limits(t.Context(), w.URL+"#2")
		require.NoError(t, err)
		require.Len(t, w.Requests("GET /api/{version}/instance"), asked, "remembered")

		count := limits.Text.Count
		require.Equal(t, 23, count("https://acme.example/"+strings.Repeat("x", 200)))
		require.Equal(t, 5+23+1, count("See: https://a.example!"))
		require.Equal(t, 5, count("@carl@other.example"))
		require.Equal(t, 2, count("👩‍👩‍👧ä"))
	}
	w := newWorld(t)
	_, err := w.Limits(t.Context(), "nonsense")
	require.Equal(t, networks.Rejected, networks.KindOf(err))
}

// The bodies are those of the documentation, and of another server of the API.
func TestClassify(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, test := range map[string]struct {
		call   networks.Call
		status int
		body   string
		want   networks.FailureKind
	}{
		"invalid token":       {networks.CallPublish, 401, `{"error":"The access token is invalid"}`, networks.Reauth},
		"revoked token":       {networks.CallRead, 401, `{"error":"The access token was revoked"}`, networks.Reauth},
		"scopes":              {networks.CallPublish, 403, `{"error":"This action is outside the authorized scopes"}`, networks.NoPermission},
		"scopes elsewhere":    {networks.CallPublish, 403, `{"error":"Forbidden: token has insufficient scope permission"}`, networks.NoPermission},
		"disabled":            {networks.CallPublish, 403, `{"error":"Your login is currently disabled"}`, networks.NoPermission},
		"too long":            {networks.CallPublish, 422, `{"error":"Validation failed: Text character limit of 500 exceeded"}`, networks.Rejected},
		"too long, elsewhere": {networks.CallPublish, 400, `{"error":"Bad Request: too long"}`, networks.Rejected},
		"no such":             {networks.CallDelete, 404, `{"error":"Record not found"}`, networks.Rejected},
		"slow":                {networks.CallPublish, 429, `{"error":"Too many requests"}`, networks.RateLimited},
		"thumbnail":           {networks.CallPrepare, 500, `{"error":"Error processing thumbnail for uploaded media"}`, networks.Rejected},
		"code":                {networks.CallExchange, 400, `{"error":"invalid_grant"}`, networks.Reauth},
		"client":              {networks.CallExchange, 401, `{"error":"invalid_client"}`, networks.Misconfigured},
		"broken":              {networks.CallPublish, 500, `{"error":"The access token is invalid"}`, networks.Ambiguous},
		"bare 401 (R45)":      {networks.CallPublish, 401, ``, networks.Ambiguous},
		"another 401 (R45)":   {networks.CallPublish, 401, `{"error":"who knows"}`, networks.Ambiguous},
		"a firewall":          {networks.CallRead, 403, `<html>`, networks.Unavailable},
	} {
		failure := w.Classify(networks.Answer{Call: test.call, Status: test.status, Body: []byte(test.body), Header: http.Header{
			"X-Ratelimit-Reset": {"2026-11-22T12:00:30.000Z"}, "Date": {"Sun, 22 Nov 2026 12:00:00 GMT"},
		}})
		require.Equal(t, test.want, failure.Kind, name)
		if test.want == networks.RateLimited {
			require.Equal(t, 30*time.Second, failure.RetryAfter)
		}
	}
}

// A post without words cannot be told from another one, in either direction.
func TestPicturesAloneAreNotRecognised(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, mastodontest.Olivia)
	byHand := networks.Attempt{Key: "by hand", Content: networks.Content{Media: []networks.Media{medium(networks.Image, "image/png", "")}}}
	var err error
	byHand.Prepared, err = w.Prepare(t.Context(), s, byHand, keeping(&byHand))
	require.NoError(t, err)
	_, err = w.Publish(t.Context(), s, byHand)
	require.NoError(t, err)
	verdict, err := w.Reconcile(t.Context(), s, networks.Attempt{
		Key: "ours", Begun: time.Now(), Content: networks.Content{Media: []networks.Media{medium(networks.Image, "image/png", "")}},
	})
	require.NoError(t, err)
	require.Equal(t, networks.Verdict{State: networks.Unknown}, verdict)
}
