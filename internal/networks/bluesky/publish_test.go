package bluesky_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/bluesky/blueskytest"
	"behalf/internal/networks/fake"
)

func TestPublishingTwiceIsOnePost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, blueskytest.Olivia)
	a := hello()
	verdict, err := w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Absent, verdict.State)
	a.Prepared, err = w.Prepare(t.Context(), s, a, keeping(&a))
	require.NoError(t, err)
	first, err := w.Publish(t.Context(), s, a)
	require.NoError(t, err)
	again, err := w.Publish(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, w.Records(blueskytest.Olivia), 1)
	require.True(t, strings.HasPrefix(first.URL, "https://bsky.app/profile/"+s.Account+"/post/"))

	record := w.Records(blueskytest.Olivia)[first.RemoteID]
	require.JSONEq(t, `{
		"$type": "app.bsky.feed.post", "createdAt": "2026-11-22T13:00:00.000Z",
		"text": "Grüße an @carl.test und @nobody.test: #Neues 👩‍👩‍👧\n\nhttps://acme.example/x",
		"facets": [
			{"index": {"byteStart": 67, "byteEnd": 89}, "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://acme.example/x"}]},
			{"index": {"byteStart": 11, "byteEnd": 21}, "features": [{"$type": "app.bsky.richtext.facet#mention", "did": "`+w.DID(blueskytest.Carl)+`"}]},
			{"index": {"byteStart": 40, "byteEnd": 46}, "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "Neues"}]}
		],
		"embed": {"$type": "app.bsky.embed.external", "external": {"uri": "https://acme.example/x", "title": "acme.example/x", "description": ""}}
	}`, string(record))
	verdict, err = w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Verdict{State: networks.Live, Published: first}, verdict)

	require.NoError(t, w.Delete(t.Context(), s, first.RemoteID))
	require.NoError(t, w.Delete(t.Context(), s, first.RemoteID))
	require.Empty(t, w.Records(blueskytest.Olivia))
	require.Equal(t, networks.Rejected, networks.KindOf(w.Delete(t.Context(), s, "at://"+w.DID(blueskytest.Carl)+"/app.bsky.feed.post/x")))
}

func TestNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, blueskytest.Olivia)
	seen := map[string]bool{}
	for _, key := range []string{"a", "b", "c", "Key-1", "Key-2"} {
		for _, written := range []time.Time{hello().Written, hello().Written.Add(time.Millisecond)} {
			a := networks.Attempt{Key: key, Written: written, Due: written, Content: networks.Content{Text: key}}
			live, err := w.Publish(t.Context(), s, a)
			require.NoError(t, err)
			require.False(t, seen[live.RemoteID])
			seen[live.RemoteID] = true
			name := live.RemoteID[strings.LastIndexByte(live.RemoteID, '/')+1:]
			require.Len(t, name, 13)
			require.True(t, strings.HasPrefix(name, "3n2vkvr"), "sorted by its time: %s", name)
		}
	}
}

func TestPicturesAndFilms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, blueskytest.Olivia)
	a := hello()
	a.Content.Media = []networks.Media{picture("a cat"), picture("")}
	w.Arm(fake.Fault{On: "POST /xrpc/com.atproto.repo.uploadBlob", Kind: fake.RefuseAfter, Answer: fake.Answer{Status: http.StatusBadGateway}, Times: 1})
	_, err := w.Prepare(t.Context(), s, a, keeping(&a))
	require.Equal(t, networks.Unavailable, networks.KindOf(err))
	_, err = w.Publish(t.Context(), s, a)
	require.Equal(t, networks.Rejected, networks.KindOf(err), "not prepared")
	a.Prepared, err = w.Prepare(t.Context(), s, a, keeping(&a))
	require.NoError(t, err)
	again, err := w.Prepare(t.Context(), s, a, keeping(&a))
	require.NoError(t, err)
	require.JSONEq(t, string(a.Prepared), string(again))
	require.Len(t, w.Requests("POST /xrpc/com.atproto.repo.uploadBlob"), 3)
	live, err := w.Publish(t.Context(), s, a)
	require.NoError(t, err)
	var record struct {
		Embed struct {
			Images []struct {
				Alt   string         `json:"alt"`
				Shape map[string]int `json:"aspectRatio"`
			} `json:"images"`
		} `json:"embed"`
	}
	require.NoError(t, json.Unmarshal(w.Records(blueskytest.Olivia)[live.RemoteID], &record))
	require.Len(t, record.Embed.Images, 2)
	require.Equal(t, "a cat", record.Embed.Images[0].Alt)
	require.Equal(t, map[string]int{"width": 40, "height": 30}, record.Embed.Images[0].Shape)

	film := picture("a film")
	film.Kind, film.Type = networks.Video, "video/mp4"
	b := hello()
	b.Key, b.Content.Media = "film", []networks.Media{film}
	b.Prepared, err = w.Prepare(t.Context(), s, b, keeping(&b))
	require.NoError(t, err)
	live, err = w.Publish(t.Context(), s, b)
	require.NoError(t, err)
	require.Contains(t, string(w.Records(blueskytest.Olivia)[live.RemoteID]), `"app.bsky.embed.video"`)

	large := picture("")
	content := bytes.Repeat([]byte("x"), 6<<20)
	large.Size = int64(len(content))
	large.Open = func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	b.Content.Media, b.Prepared = []networks.Media{large}, nil
	_, err = w.Prepare(t.Context(), s, b, keeping(&b))
	require.Equal(t, networks.Rejected, networks.KindOf(err))
}

// R59: an unclear end is found out, before the server kept it and after.
func TestUnclearEnds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault fake.Fault
		want  networks.VerdictState
	}{
		"broken before":   {fake.Fault{Kind: fake.ResetBefore, Times: 1}, networks.Absent},
		"broken after":    {fake.Fault{Kind: fake.ResetAfter, Times: 1}, networks.Live},
		"a proxy's error": {fake.Fault{Kind: fake.RefuseAfter, Answer: fake.Answer{Status: 504, Body: "<html>"}, Times: 1}, networks.Live},
		"its own error":   {fake.Fault{Kind: fake.Refuse, Answer: fake.Answer{Status: 500, Body: `{"error":"InternalServerError"}`}, Times: 1}, networks.Absent},
		"half an answer":  {fake.Fault{Kind: fake.RefuseAfter, Answer: fake.Answer{Status: 200, Body: `{"uri":`}, Times: 1}, networks.Live},
	} {
		w := newWorld(t)
		s := w.session(t, blueskytest.Olivia)
		test.fault.On = "POST /xrpc/com.atproto.repo.putRecord"
		w.Arm(test.fault)
		a := hello()
		_, err := w.Publish(t.Context(), s, a)
		require.Equal(t, networks.Ambiguous, networks.KindOf(err), name)
		w.ExpireAccess() // it takes no token to ask
		verdict, err := w.Reconcile(t.Context(), s, a)
		require.NoError(t, err, name)
		require.Equal(t, test.want, verdict.State, name)
	}
	w := newWorld(t)
	s := w.session(t, blueskytest.Olivia)
	w.Arm(fake.Fault{On: "GET /xrpc/com.atproto.repo.getRecord", Kind: fake.Refuse, Answer: fake.Answer{Status: 502}, Times: 1})
	verdict, err := w.Reconcile(t.Context(), s, hello())
	require.Equal(t, networks.Unavailable, networks.KindOf(err))
	require.Equal(t, networks.Unknown, verdict.State)
}

func TestRefusedPosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session(t, blueskytest.Olivia)
	limits, err := w.Limits(t.Context(), s.Account)
	require.NoError(t, err)
	umlauts := strings.Repeat("ä", limits.Text.Max)
	require.Empty(t, limits.Check(networks.Content{Text: umlauts}))
	require.NotEmpty(t, limits.Check(networks.Content{Text: umlauts + "!"}))
	require.Equal(t, 166, limits.Text.Count(strings.Repeat("👩‍👩‍👧", 166)), "of 18 bytes each")
	require.Equal(t, limits.Text.Max+1, limits.Text.Count(strings.Repeat("👩‍👩‍👧", 167)), "3,000 bytes are a limit, too")
	a := hello()
	a.Content = networks.Content{Text: strings.Repeat("a", 301)}
	_, err = w.Publish(t.Context(), s, a)
	require.Equal(t, networks.Rejected, networks.KindOf(err))
	w.Deactivate(blueskytest.Olivia)
	_, err = w.Publish(t.Context(), s, hello())
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	_, err = w.VerifyAccess(t.Context(), s)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
}

// The bodies are those of the reference server.
func TestClassify(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, test := range map[string]struct {
		call   networks.Call
		status int
		body   string
		want   networks.FailureKind
	}{
		"expired":            {networks.CallPublish, 400, `{"error":"ExpiredToken"}`, networks.Reauth},
		"revoked":            {networks.CallRefresh, 400, `{"error":"ExpiredToken","message":"Token has been revoked"}`, networks.Reauth},
		"malformed token":    {networks.CallRead, 400, `{"error":"InvalidToken"}`, networks.Reauth},
		"no token":           {networks.CallRead, 401, `{"error":"AuthMissing"}`, networks.Reauth},
		"wrong password":     {networks.CallExchange, 401, `{"error":"AuthenticationRequired"}`, networks.Reauth},
		"another repository": {networks.CallPublish, 401, `{"error":"AuthenticationRequired"}`, networks.NoPermission},
		"takedown":           {networks.CallPublish, 401, `{"error":"AccountTakedown"}`, networks.NoPermission},
		"no account":         {networks.CallPublish, 403, `{"error":"AccountNotFound"}`, networks.Gone},
		"limit":              {networks.CallPublish, 429, `{"error":"RateLimitExceeded"}`, networks.RateLimited},
		"invalid":            {networks.CallPublish, 400, `{"error":"InvalidRequest"}`, networks.Rejected},
		"no blob":            {networks.CallPublish, 400, `{"error":"BlobNotFound"}`, networks.Rejected},
		"too large":          {networks.CallPrepare, 413, `{"error":"PayloadTooLarge"}`, networks.Rejected},
		"broken":             {networks.CallPublish, 500, `{"error":"InternalServerError"}`, networks.Ambiguous},
		"upstream":           {networks.CallRead, 502, `{"error":"UpstreamFailure"}`, networks.Unavailable},
		"bare 401 (R45)":     {networks.CallPublish, 401, ``, networks.Ambiguous},
		"bare 400":           {networks.CallRead, 400, `<html>`, networks.Unavailable},
		"500 with a name":    {networks.CallPublish, 500, `{"error":"ExpiredToken"}`, networks.Ambiguous},
	} {
		failure := w.Classify(networks.Answer{Call: test.call, Status: test.status, Body: []byte(test.body), Header: http.Header{
			"Ratelimit-Reset": {"1795348830"}, "Date": {"Sun, 22 Nov 2026 12:00:00 GMT"},
		}})
		require.Equal(t, test.want, failure.Kind, name)
		if test.want == networks.RateLimited {
			require.Equal(t, 30*time.Second, failure.RetryAfter)
		}
	}
}
