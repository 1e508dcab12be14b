package linkedintest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/linkedin"
	"behalf/internal/networks/wire"
)

// Subject is the connector for the conformance suite, for people or organizations,
// with a network of its own for each test. What was recorded of the network is
// added by who asks.
func Subject(organizations bool) conformance.Subject {
	calls := conformance.Calls{
		Publish: "POST /rest/posts", Prepare: "POST /rest/images", Delete: "DELETE /rest/posts/{urn}",
		Exchange: "POST /oauth/v2/accessToken", Refresh: "POST /oauth/v2/accessToken", Verify: "GET /v2/userinfo",
	}
	if organizations {
		calls.Verify, calls.Reconcile = "GET /rest/organizationAcls", "GET /rest/posts"
	}
	return conformance.Subject{
		Start: func(t *testing.T, o wire.Options) *conformance.World { return Start(t, o, organizations) }, Calls: calls,
	}
}

// Start makes a network and a connector to it.
func Start(t *testing.T, o wire.Options, organizations bool) *conformance.World {
	t.Helper()
	n := newNetwork(t, organizations)
	address, gate := fake.Serve(t, n.handler())
	connector, err := linkedin.New(linkedin.Config{
		Organizations: organizations, ClientID: fake.ClientID, ClientSecret: networks.NewSecret(fake.ClientSecret),
		Addresses: linkedin.Addresses{Web: address, API: address, Uploads: address}, Wire: o,
	})
	require.NoError(t, err)
	t.Cleanup(connector.Close)
	posting := "w_member_social"
	if organizations {
		posting = "w_organization_social"
	}
	w := &conformance.World{
		Connector: connector, Gate: gate, Account: personURN(fake.Olivia), Secrets: []string{fake.ClientSecret},
		Answer: func(t *testing.T, person string, start networks.AuthStart, allow bool) networks.Callback {
			return networks.Callback{Query: fake.Visit(t.Context(), t, person, start.URL, allow), Pending: start.Pending}
		},
		Posts: func(*testing.T) []fake.Post {
			n.mu.Lock()
			defer n.mu.Unlock()
			var posts []fake.Post
			for _, p := range n.posts {
				posts = append(posts, p.Post)
			}
			return posts
		},
		Uploads: func(*testing.T) int {
			n.mu.Lock()
			defer n.mu.Unlock()
			return len(n.arrived)
		},
		Expire: func(t *testing.T) { n.oauth.Expire(t) },
		End:    func(t *testing.T, person string) { n.oauth.End(t, person) },
		Decline: func(_ *testing.T, person string) (scope string) {
			n.oauth.Decline(person, posting)
			return posting
		},
	}
	if organizations {
		w.Account = OrganizationURN
		w.Demote = func(_ *testing.T, person string) {
			n.mu.Lock()
			defer n.mu.Unlock()
			n.roles[person] = "ANALYST"
		}
	}
	return w
}
