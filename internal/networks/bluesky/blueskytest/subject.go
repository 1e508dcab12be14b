package blueskytest

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/bluesky"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wire/guard"
)

// Subject is the connector for the conformance suite, with a network of its own
// for each test. What was recorded of the network is added by who asks.
func Subject() conformance.Subject {
	return conformance.Subject{
		Start: start, Outlives: true,
		Calls: conformance.Calls{
			Publish: "POST /xrpc/com.atproto.repo.putRecord", Prepare: "POST /xrpc/com.atproto.repo.uploadBlob",
			Verify: "GET /xrpc/com.atproto.server.getSession", Reconcile: "GET /xrpc/com.atproto.repo.getRecord",
			Exchange: "POST /xrpc/com.atproto.server.createSession", Refresh: "POST /xrpc/com.atproto.server.refreshSession",
			Delete: "POST /xrpc/com.atproto.repo.deleteRecord",
		},
	}
}

func start(t *testing.T, o wire.Options) *conformance.World {
	s := Start(t)
	address, gate := fake.Serve(t, s)
	s.CallItself(address)
	c := bluesky.New(bluesky.Config{Host: address, Directory: address, Guard: guard.Options{AllowLoopback: true}, Wire: o})
	t.Cleanup(c.Close)
	handle := func(person string) string { return person + ".test" }
	return &conformance.World{
		Connector: c, Gate: gate, Account: s.DID(Olivia),
		Answer: func(_ *testing.T, person string, start networks.AuthStart, _ bool) networks.Callback {
			return networks.Callback{Pending: start.Pending, Fields: map[string]networks.Secret{
				"handle": networks.NewSecret(handle(person)), "password": networks.NewSecret(s.Password(handle(person))),
			}}
		},
		Posts:   func(t *testing.T) []fake.Post { return readAll(t, s) },
		Uploads: func(*testing.T) int { return s.Blobs() },
		Expire:  func(*testing.T) { s.ExpireAccess() },
		End: func(_ *testing.T, person string) {
			s.RevokePasswords(handle(person))
			s.ExpireAccess() // in time: an access token outlives its session by two hours at most
		},
		Demote: func(_ *testing.T, person string) { s.Deactivate(handle(person)) },
	}
}

func readAll(t *testing.T, s *Server) (found []fake.Post) {
	t.Helper()
	for uri, record := range s.Records(Olivia) {
		var read struct {
			Text  string `json:"text"`
			Embed struct {
				Images []struct {
					Alt string `json:"alt"`
				} `json:"images"`
				Video json.RawMessage `json:"video"`
				Alt   string          `json:"alt"`
			} `json:"embed"`
		}
		require.NoError(t, json.Unmarshal(record, &read))
		key := uri[strings.LastIndexByte(uri, '/')+1:]
		post := fake.Post{ID: uri, Text: read.Text, URL: "https://bsky.app/profile/" + s.DID(Olivia) + "/post/" + key}
		for _, one := range read.Embed.Images {
			post.Media = append(post.Media, fake.Medium{Kind: networks.Image, Alt: one.Alt})
		}
		if read.Embed.Video != nil {
			post.Media = append(post.Media, fake.Medium{Kind: networks.Video, Alt: read.Embed.Alt})
		}
		found = append(found, post)
	}
	slices.SortFunc(found, func(a, b fake.Post) int { return strings.Compare(a.ID, b.ID) })
	return found
}
