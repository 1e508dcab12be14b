package canary_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/facebook/pages"
	"behalf/internal/networks/facebook/pages/pagestest"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/linkedin"
	"behalf/internal/networks/linkedin/linkedintest"
	"behalf/internal/networks/mastodon"
	"behalf/internal/networks/mastodon/mastodontest"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wire/guard"
	"behalf/internal/networks/wordpress"
	"behalf/internal/networks/wordpress/wordpresstest"
	"behalf/internal/networks/x"
	"behalf/internal/networks/x/xtest"
)

// startConsents serves the networks where a person's consent comes back in the
// browser: a code, or a whole password. registered is where Mastodon's servers
// keep what they gave this installation.
func startConsents(t *testing.T, registered networks.Registrations) []*aKind {
	t.Helper()
	page, _ := pagestest.Start(t, wire.Options{})
	own, _ := xtest.Start(t, wire.Options{})
	kinds := []*aKind{
		ofWorld(t, pages.Name, page), ofWorld(t, x.Name, own),
		ofWorld(t, linkedin.Name, linkedintest.Start(t, wire.Options{}, false)),
	}

	server := mastodontest.Start(t)
	open := mastodon.New(mastodon.Config{Registrations: registered, Guard: guard.Options{AllowLoopback: true}})
	t.Cleanup(open.Close)
	kinds = append(kinds, &aKind{
		network: mastodon.Name, connector: open, host: server.URL, front: &tapped{gate: server.Gate},
		consent: func(start string) *url.URL {
			back, err := server.Allow(t.Context(), start, mastodontest.Olivia)
			require.NoError(t, err)
			return back
		},
		secret: "code", posts: func() int { return len(server.Statuses(mastodontest.Olivia)) },
	})

	site := wordpresstest.Start(t)
	press := wordpress.New(wordpress.Config{Guard: guard.Options{AllowLoopback: true}})
	t.Cleanup(press.Close)
	return append(kinds, &aKind{
		network: wordpress.Name, connector: press, host: site.URL, front: &tapped{gate: site.Gate},
		consent: func(start string) *url.URL {
			back, err := site.Allow(start, "olivia")
			require.NoError(t, err)
			to, err := url.Parse(back)
			require.NoError(t, err)
			return to
		},
		secret: "password", posts: func() int { return len(site.Posts("publish")) },
	})
}

// ofWorld is a network of the conformance suite, whose client expects people at
// an address of its own.
func ofWorld(t *testing.T, network string, world *conformance.World) *aKind {
	t.Helper()
	return &aKind{
		network: network, connector: elsewhere{world.Connector, network}, front: &tapped{gate: world.Gate},
		consent: func(start string) *url.URL {
			to, err := url.Parse(fake.CallbackURI(network))
			require.NoError(t, err)
			to.RawQuery = fake.Visit(t.Context(), t, fake.Olivia, start, true).Encode()
			return to
		},
		secret: "code", posts: func() int { return len(world.Posts(t)) },
	}
}

// elsewhere has people come back to where the fakes send them; from there the
// test brings them to Behalf.
type elsewhere struct {
	networks.Connector
	network string
}

func (e elsewhere) Authorize(ctx context.Context, r networks.AuthRequest) (networks.AuthStart, error) {
	r.RedirectURI = fake.CallbackURI(e.network)
	return e.Connector.Authorize(ctx, r)
}

// visit has Olivia consent, and answers how she comes back: with what was agreed,
// or with something made up in its place.
func (u kindUser) visit(wrong bool) (finish func(into any) int) {
	u.t.Helper()
	var begun struct {
		URL string `json:"authorize_url"`
	}
	u.w.post(u.ctx, u.t, u.token, u.within+"/authorizations", map[string]any{"network": u.kind.network, "host": u.kind.host}, &begun)
	require.NotEmpty(u.t, begun.URL, u.kind.network)
	back := u.kind.consent(begun.URL)
	query := back.Query()
	require.NotEmpty(u.t, query.Get(u.kind.secret), u.kind.network)
	if wrong {
		u.kind.typed = append(u.kind.typed, query.Get(u.kind.secret))
		query.Set(u.kind.secret, strings.ToLower(rand.Text()))
	}
	u.kind.typed = append(u.kind.typed, query.Get(u.kind.secret))
	return func(into any) int {
		request, err := http.NewRequestWithContext(u.ctx, http.MethodGet,
			u.w.Addresses.API+back.Path+"?"+query.Encode(), http.NoBody)
		require.NoError(u.t, err)
		request.Header.Set("Authorization", "Bearer "+u.token)
		response, err := (&http.Client{Transport: u.w.Transport}).Do(request)
		require.NoError(u.t, err)
		defer func() { _ = response.Body.Close() }()
		if into != nil {
			answer, err := io.ReadAll(response.Body)
			require.NoError(u.t, err)
			require.Equal(u.t, http.StatusOK, response.StatusCode, "%s: %s", u.kind.network, answer)
			require.NoError(u.t, json.Unmarshal(answer, into))
		}
		return response.StatusCode
	}
}

// tapped is the gate before a fake: it knows every secret that came through.
type tapped struct {
	gate  *fake.Gate
	since int // how much had arrived when it began to repeat
}

func (f *tapped) repeat(repeats bool) {
	f.gate.Clear()
	if repeats {
		f.since = len(f.gate.Requests(""))
		f.gate.Arm(fake.Fault{Kind: fake.Echo})
	}
}

func (f *tapped) repeated() int { return len(f.gate.Requests("")) - f.since }

// secretNames are what secrets are called in queries and forms.
var secretNames = []string{
	"access_token", "appsecret_proof", "client_secret", "code", "code_verifier", "fb_exchange_token", "refresh_token", "token",
}

func (f *tapped) shown() (found []string) {
	keep := func(value string) {
		if len(value) >= 19 && !slices.Contains(found, value) {
			found = append(found, value)
		}
	}
	for _, r := range f.gate.Requests("") {
		asked := http.Request{Header: r.Header}
		if _, token, is := strings.Cut(r.Header.Get("Authorization"), "Bearer "); is {
			keep(token)
		}
		if _, password, is := asked.BasicAuth(); is {
			keep(password)
		}
		form, _ := url.ParseQuery(string(r.Body)) // of a body that is none there is nothing
		for _, name := range secretNames {
			keep(r.Query.Get(name))
			keep(form.Get(name))
		}
	}
	return found
}

// later is the vault that keeps registrations, once there is one.
type later struct{ networks.Registrations }
