//go:build networks

package realtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/bluesky"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

// TestBlueskyConformance asks of the connector, with a real PDS, what is asked of
// it with the fake one: all but what would take two hours, the end of an access
// token. Every test has people of its own.
func TestBlueskyConformance(t *testing.T) {
	p := startPDS(t)
	tests := 0
	conformance.Run(t, conformance.Subject{
		Outlives: true, Sequential: true, Recorded: conformance.Recorded(t, "../bluesky/testdata/errors.json"),
		Calls: conformance.Calls{
			Publish: "POST /xrpc/com.atproto.repo.putRecord", Prepare: "POST /xrpc/com.atproto.repo.uploadBlob",
			Verify: "GET /xrpc/com.atproto.server.getSession", Reconcile: "GET /xrpc/com.atproto.repo.getRecord",
			Exchange: "POST /xrpc/com.atproto.server.createSession", Refresh: "POST /xrpc/com.atproto.server.refreshSession",
			Delete: "POST /xrpc/com.atproto.repo.deleteRecord",
		},
		Start: func(t *testing.T, o wire.Options) *conformance.World {
			tests++
			return p.world(t, o, tests)
		},
	})
}

func (p pds) world(t *testing.T, o wire.Options, number int) *conformance.World {
	t.Helper()
	handle := func(person string) string { return fmt.Sprintf("%s%d.test", person, number) }
	own := map[string]string{}
	for _, person := range []string{fake.Olivia, fake.Carl} {
		own[person] = p.register(t, handle(person))
	}
	// the server is behind a gate, wherever its own address is told
	var address string
	address, gate := fake.Serve(t, p.renamed(p.direct, &address))
	directory, _ := fake.Serve(t, p.renamed(p.directory, &address))
	c := bluesky.New(bluesky.Config{Host: address, Directory: directory, Guard: loopback, Wire: o})
	t.Cleanup(c.Close)
	passwords := 0
	olivia := p.did(t, handle(fake.Olivia))
	return &conformance.World{
		Connector: c, Gate: gate, Account: olivia,
		Answer: func(t *testing.T, person string, start networks.AuthStart, _ bool) networks.Callback {
			passwords++
			return networks.Callback{Pending: start.Pending, Fields: map[string]networks.Secret{
				"handle":   networks.NewSecret(handle(person)),
				"password": networks.NewSecret(p.password(t, own[person], fmt.Sprintf("behalf-%d", passwords))),
			}}
		},
		Posts: func(t *testing.T) []fake.Post { return p.posts(t, olivia, own[fake.Olivia]) },
		Demote: func(t *testing.T, person string) {
			p.call(t, "com.atproto.server.deactivateAccount", own[person], map[string]string{})
		},
	}
}

// renamed is a server behind something that it calls itself.
func (p pds) renamed(behind string, address *string) http.Handler {
	to, err := url.Parse(behind)
	if err != nil {
		panic(err)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Header.Del("Accept-Encoding") // what is read is what was written
		},
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			body = bytes.ReplaceAll(body, []byte(p.direct), []byte(*address))
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			r.Header.Set("Content-Length", fmt.Sprint(len(body)))
			return nil
		},
	}
}

// get reads from the server, past everything.
func (p pds) get(t *testing.T, method string, query url.Values, into any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.direct+"/xrpc/"+method+"?"+query.Encode(), nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	require.Equal(t, http.StatusOK, response.StatusCode, method)
	require.NoError(t, json.NewDecoder(response.Body).Decode(into))
}

func (p pds) did(t *testing.T, handle string) string {
	t.Helper()
	var found struct{ DID string }
	p.get(t, "com.atproto.identity.resolveHandle", url.Values{"handle": {handle}}, &found)
	return found.DID
}

// posts reads what somebody has posted. A server shows nothing of who has
// deactivated their account: they are back for that.
func (p pds) posts(t *testing.T, did, token string) (found []fake.Post) {
	t.Helper()
	p.call(t, "com.atproto.server.activateAccount", token, nil)
	var list struct {
		Records []struct {
			URI   string
			Value struct {
				Text  string
				Embed struct {
					Images []struct{ Alt string }
					Video  json.RawMessage
					Alt    string
				}
			}
		}
	}
	p.get(t, "com.atproto.repo.listRecords", url.Values{"repo": {did}, "collection": {"app.bsky.feed.post"}, "limit": {"100"}}, &list)
	for _, one := range list.Records {
		key := one.URI[strings.LastIndexByte(one.URI, '/')+1:]
		post := fake.Post{ID: one.URI, Text: one.Value.Text, URL: "https://bsky.app/profile/" + did + "/post/" + key}
		for _, picture := range one.Value.Embed.Images {
			post.Media = append(post.Media, fake.Medium{Kind: networks.Image, Alt: picture.Alt})
		}
		if one.Value.Embed.Video != nil {
			post.Media = append(post.Media, fake.Medium{Kind: networks.Video, Alt: one.Value.Embed.Alt})
		}
		found = append(found, post)
	}
	slices.SortFunc(found, func(a, b fake.Post) int { return strings.Compare(a.ID, b.ID) })
	return found
}
