package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/browser"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/networks/wire"
)

// Pages of every class keep what their capabilities promise.
func TestConformance(t *testing.T) {
	t.Parallel()
	for _, class := range sandbox.Classes() {
		t.Run(sandbox.NameOf(class), func(t *testing.T) {
			t.Parallel()
			conformance.Run(t, conformance.Subject{
				Start:       func(t *testing.T, o wire.Options) *conformance.World { return conforming(t, class, o) },
				RedirectURI: networktest.RedirectURI,
				Recorded:    conformance.Recorded(t, "testdata/errors.json"),
				Calls:       callsOf(class),
			})
		})
	}
}

func callsOf(class sandbox.Class) conformance.Calls {
	calls := conformance.Calls{
		Publish: "POST /api/pages/{page}/posts", Prepare: "POST /api/pages/{page}/media", Verify: "GET /api/pages/{page}",
		Reconcile: "GET /api/pages/{page}/posts", Exchange: "POST /oauth/token", Refresh: "POST /oauth/token",
	}
	switch class {
	case sandbox.ClientKey:
		calls.Reconcile = "GET /api/pages/{page}/posts/{key}"
	case sandbox.TwoPhase:
		calls.Publish, calls.Reconcile = "POST /api/pages/{page}/drafts/{draft}/publish", "GET /api/pages/{page}/drafts/{draft}"
	}
	return calls
}

func conforming(t *testing.T, class sandbox.Class, o wire.Options) *conformance.World {
	t.Helper()
	config := network.Config{}
	n := networktest.New(t, &config)
	require.NoError(t, n.AddPage(control.Page{
		Slug: networktest.Page, Name: "Acme News", Admins: []string{fake.Olivia}, Class: control.Class(class),
		Identities: []control.Identity{{ID: "newsroom", Name: "Acme Newsroom"}},
	}))
	address, gate := fake.Serve(t, n.Handler())
	t.Cleanup(n.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport}
	controls := &control.Client{URL: address, Token: config.ControlToken, HTTP: client}
	connector, err := sandbox.New(sandbox.Config{
		URL: address, ClientID: networktest.ClientID, ClientSecret: networks.NewSecret(networktest.ClientSecret), Class: class, Wire: o,
	})
	require.NoError(t, err)
	t.Cleanup(connector.Close)
	log := func(t *testing.T) control.Log {
		log, err := controls.Log(t.Context())
		require.NoError(t, err)
		return log
	}
	return &conformance.World{
		Connector: connector, Gate: gate,
		Account: networktest.Page, Identity: "newsroom", Secrets: []string{networktest.ClientSecret},
		Answer: func(t *testing.T, name string, start networks.AuthStart, allow bool) networks.Callback {
			return networks.Callback{Query: answer(t, client, name, start.URL, allow), Pending: start.Pending}
		},
		Posts:   func(t *testing.T) []fake.Post { return standing(log(t), address) },
		Uploads: func(t *testing.T) int { return len(log(t).Media) },
		Left: func(t *testing.T) (open int) {
			for _, draft := range log(t).Drafts {
				if !draft.Discarded && draft.Post == "" {
					open++
				}
			}
			return open
		},
		Expire: func(t *testing.T) { require.NoError(t, controls.ExpireAccessTokens(t.Context())) },
		End:    func(t *testing.T, person string) { require.NoError(t, controls.Revoke(t.Context(), person)) },
		Demote: func(t *testing.T, person string) {
			require.NoError(t, controls.RemoveAdmin(t.Context(), networktest.Page, person))
		},
	}
}

func answer(t *testing.T, client *http.Client, name, address string, allow bool) map[string][]string {
	t.Helper()
	passwords := map[string]string{fake.Olivia: networktest.OliviaPassword, fake.Carl: networktest.CarlPassword}
	person := browser.Person{Name: name, Password: passwords[name], HTTP: client}
	decide := person.Allow
	if !allow {
		decide = person.Deny
	}
	back, err := decide(t.Context(), address)
	require.NoError(t, err)
	return back.Query()
}

// standing are the posts that were not deleted.
func standing(log control.Log, address string) []fake.Post {
	media := map[string]control.Medium{}
	for _, m := range log.Media {
		media[m.ID] = m
	}
	var posts []fake.Post
	for _, p := range log.Posts {
		if p.Deleted {
			continue
		}
		post := fake.Post{
			ID: p.ID, Account: p.Page, Person: p.Person, Text: p.Text, Identity: p.Identity,
			URL: address + "/pages/" + p.Page + "/posts/" + p.ID,
		}
		for _, id := range p.Media {
			kind := networks.Image
			if strings.HasPrefix(media[id].Type, "video/") {
				kind = networks.Video
			}
			post.Media = append(post.Media, fake.Medium{Kind: kind, Size: int64(media[id].Size)})
		}
		posts = append(posts, post)
	}
	return posts
}
