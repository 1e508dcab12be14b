package pagestest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/facebook/pages"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

// Subject is the connector for the conformance suite, with a network of its own
// for each test. What was recorded of the network is added by who asks.
func Subject() conformance.Subject {
	v := "/" + pages.Version
	return conformance.Subject{
		Start: func(t *testing.T, o wire.Options) *conformance.World { w, _ := Start(t, o); return w },
		Calls: conformance.Calls{
			Publish: "POST " + v + "/{page}/feed", Prepare: "POST " + v + "/{page}/photos", Verify: "GET " + v + "/",
			Reconcile: "GET " + v + "/{page}/published_posts", Exchange: "GET " + v + "/oauth/access_token",
			Delete: "DELETE " + v + "/{id}",
		},
	}
}

// Start makes a network and a connector to it.
func Start(t *testing.T, o wire.Options) (*conformance.World, *Graph) {
	t.Helper()
	g := newGraph(t)
	address, gate := fake.Serve(t, g.handler())
	connector, err := pages.New(pages.Config{
		AppID: fake.ClientID, AppSecret: networks.NewSecret(fake.ClientSecret),
		Addresses: pages.Addresses{Web: address, Graph: address, Video: address}, Wire: o,
	})
	require.NoError(t, err)
	t.Cleanup(connector.Close)
	return &conformance.World{
		Connector: connector, Gate: gate, Account: PageID, Secrets: []string{fake.ClientSecret},
		Answer: func(t *testing.T, person string, start networks.AuthStart, allow bool) networks.Callback {
			return networks.Callback{Query: fake.Visit(t.Context(), t, person, start.URL, allow), Pending: start.Pending}
		},
		Posts: func(*testing.T) []fake.Post {
			g.mu.Lock()
			defer g.mu.Unlock()
			var posts []fake.Post
			for _, p := range g.posts {
				posts = append(posts, p.Post)
			}
			return posts
		},
		Uploads: func(*testing.T) int {
			g.mu.Lock()
			defer g.mu.Unlock()
			return g.arrived
		},
		Left: func(*testing.T) int {
			g.mu.Lock()
			defer g.mu.Unlock()
			return len(g.photos) - len(g.used)
		},
		Expire: func(*testing.T) { g.end("", 463) },
		End:    func(_ *testing.T, person string) { g.end(person, 458) },
		Decline: func(_ *testing.T, person string) string {
			g.Decline(person, "pages_manage_posts")
			return "pages_manage_posts"
		},
		Demote: func(_ *testing.T, person string) {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.tasks[person] = []string{"ANALYZE"}
		},
	}, g
}
