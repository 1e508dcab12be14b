package xtest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/x"
)

// Subject is the connector for the conformance suite, with a network of its own
// for each test. What was recorded of the network is added by who asks.
func Subject() conformance.Subject {
	return conformance.Subject{
		Start: func(t *testing.T, o wire.Options) *conformance.World { w, _ := Start(t, o); return w },
		Calls: conformance.Calls{
			Publish: "POST /2/tweets", Prepare: "POST /2/media/upload", Verify: "GET /2/users/me",
			Reconcile: "GET /2/users/{id}/tweets", Delete: "DELETE /2/tweets/{id}",
			Exchange: "POST /2/oauth2/token", Refresh: "POST /2/oauth2/token",
		},
		Spell: func(n int) string { return strings.Repeat("字", n/2) + strings.Repeat("x", n%2) },
	}
}

// Start makes a network and a connector to it.
func Start(t *testing.T, o wire.Options) (*conformance.World, *Network) {
	t.Helper()
	n := newNetwork(t)
	address, gate := fake.Serve(t, n.handler())
	connector, err := x.New(x.Config{
		ClientID: fake.ClientID, ClientSecret: networks.NewSecret(fake.ClientSecret),
		Addresses: x.Addresses{Web: address, API: address}, Wire: o,
	})
	require.NoError(t, err)
	t.Cleanup(connector.Close)
	return &conformance.World{
		Connector: connector, Gate: gate, Account: ids[fake.Olivia], Secrets: []string{fake.ClientSecret},
		Answer: func(t *testing.T, person string, start networks.AuthStart, allow bool) networks.Callback {
			return networks.Callback{Query: fake.Visit(t.Context(), t, person, start.URL, allow), Pending: start.Pending}
		},
		Posts: func(*testing.T) []fake.Post {
			n.Mu.Lock()
			defer n.Mu.Unlock()
			var posts []fake.Post
			for _, p := range n.Posts {
				posts = append(posts, p.Post)
			}
			return posts
		},
		Uploads: func(*testing.T) int {
			n.Mu.Lock()
			defer n.Mu.Unlock()
			return len(n.media)
		},
		Expire: func(t *testing.T) { n.oauth.Expire(t) },
		End:    func(t *testing.T, person string) { n.oauth.End(t, person) },
		Decline: func(_ *testing.T, person string) (scope string) {
			n.oauth.Decline(person, "tweet.write")
			return "tweet.write"
		},
	}, n
}
