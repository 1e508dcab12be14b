package canary_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/dev"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/networks/bluesky"
	"behalf/internal/networks/bluesky/blueskytest"
	"behalf/internal/networks/discord"
	"behalf/internal/networks/discord/discordtest"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire/guard"
	"behalf/internal/networks/wordpress"
	"behalf/internal/networks/wordpress/wordpresstest"
)

// aKind is one kind of credential, on a fake of the network that has it.
type aKind struct {
	network   string
	connector networks.Connector
	host      string
	fields    func() map[string]string    // what its person types; nil where they consent in a browser
	wrong     map[string]string           // what the network refuses
	consent   func(start string) *url.URL // where the network sends its person then
	secret    string                      // what it is called that comes back from a consent
	typed     []string
	posts     func() int // live on the network
	front     front
}

// front stands before a network: it hears every secret that the network is shown,
// and can repeat in its answers everything that it was sent.
type front interface {
	repeat(repeats bool)
	repeated() int // how many answers
	shown() []string
}

// startKinds serves the networks where people fill in a form: with an application
// password, with what opens a session, with the address of a webhook.
func startKinds(t *testing.T) []*aKind {
	t.Helper()
	allow := guard.Options{AllowLoopback: true}

	site := wordpresstest.Start(t)
	site.WithoutConsent()
	blog := listenBefore(t, site)
	site.CallHome(blog.URL)
	press := wordpress.New(wordpress.Config{Guard: allow})
	t.Cleanup(press.Close)

	server := blueskytest.Start(t)
	pds := listenBefore(t, server)
	server.CallItself(pds.URL)
	sky := bluesky.New(bluesky.Config{Host: pds.URL, Directory: pds.URL, Guard: allow})
	t.Cleanup(sky.Close)

	guild := &discordtest.Network{}
	hooks := listenBefore(t, guild.Handler(t))
	chat := discord.New(discord.Config{Address: hooks.URL, PublicURL: discordtest.PublicURL})
	t.Cleanup(chat.Close)
	hook, other := discordtest.Hooks[fake.Olivia], discordtest.Hooks[fake.Olivia]
	other.Token = strings.ToLower(rand.Text() + rand.Text())

	return []*aKind{
		{
			network: wordpress.Name, connector: press, host: blog.URL, front: blog,
			fields: func() map[string]string {
				return map[string]string{"user": "olivia", "password": site.Password("olivia")}
			},
			wrong: map[string]string{"user": "olivia", "password": rand.Text()},
			posts: func() int { return len(site.Posts("publish")) },
		},
		{
			network: bluesky.Name, connector: sky, front: pds,
			fields: func() map[string]string {
				return map[string]string{"handle": blueskytest.Olivia, "password": server.Password(blueskytest.Olivia)}
			},
			wrong: map[string]string{"handle": blueskytest.Olivia, "password": "none-such-pass-wrd0"},
			posts: func() int { return len(server.Records(blueskytest.Olivia)) },
		},
		{
			network: discord.Name, connector: chat, front: hooks,
			fields: func() map[string]string { return map[string]string{"webhook": hook.Address()} },
			wrong:  map[string]string{"webhook": other.Address()},
			posts:  func() int { return len(guild.Posts()) },
		},
	}
}

func connectors(kinds []*aKind) networks.Registry {
	made := networks.Registry{}
	for _, kind := range kinds {
		made[kind.network] = kind.connector
	}
	return made
}

// secrets are what was typed, and every token and password that the network was shown.
func (k *aKind) secrets(t *testing.T) []string {
	t.Helper()
	found := append(k.front.shown(), k.typed...)
	require.Greater(t, len(found), 3, "%s was shown nothing", k.network)
	if _, is := k.connector.(elsewhere); is {
		require.Contains(t, found, fake.ClientSecret, "%s was not shown who asks", k.network)
	}
	return found
}

// kindPatience bounds each wait: what is ended at a network and could not be is
// tried again a minute later, and two.
const kindPatience = 4 * time.Minute

// useKind has Olivia connect an account with a credential of a kind, after one
// that the network refuses, publish, and give it up; and all that once more
// with a network that repeats in its answers everything that it was sent.
func (w house) useKind(ctx context.Context, t *testing.T, kind *aKind) {
	t.Helper()
	for _, repeats := range []bool{false, true} {
		of := w.newKindUser(ctx, t, kind)
		require.NotEqual(t, http.StatusOK, of.ask(true)(nil), kind.network)
		account, again := of.connect(), of.ask(false)
		kind.front.repeat(repeats)
		of.command("PublishPost", map[string]any{"text": "Live.", "targets": []map[string]any{{"account": account}}}, nil)
		require.Eventually(t, func() bool { return kind.posts() == 1 && (!repeats || kind.front.repeated() > 0) }, kindPatience, 10*time.Millisecond, kind.network)
		if repeats {
			require.NotEqual(t, http.StatusOK, again(nil), kind.network)
		}
		kind.front.repeat(false)
		of.command("DisconnectAccount", map[string]any{"account": account}, nil)
		pool, err := w.Pool(ctx, eventstore.RoleEngine)
		require.NoError(t, err)
		require.Eventually(t, func() bool {
			var left int
			require.NoError(t, pool.QueryRow(ctx, `
				select (select count(*) from vault.connections where network = $1)
				     + (select count(*) from vault.revocations where network = $1)`, kind.network).Scan(&left))
			return left == 0
		}, kindPatience, 10*time.Millisecond, kind.network)
	}
}

// kindUser is Olivia, in a workspace for one kind.
type kindUser struct {
	ctx    context.Context
	t      *testing.T
	w      house
	kind   *aKind
	token  string
	within string // the workspace's path
}

func (w house) newKindUser(ctx context.Context, t *testing.T, kind *aKind) kindUser {
	t.Helper()
	var session struct{ Token string }
	w.post(ctx, t, "", "/v1/sessions", map[string]any{"email": dev.OliviaEmail, "password": w.Secrets.Olivia, "delivery": "token"}, &session)
	var created struct{ Workspace string }
	w.post(ctx, t, session.Token, "/v1/workspaces", map[string]any{"name": kind.network}, &created)
	return kindUser{ctx, t, w, kind, session.Token, "/v1/workspaces/" + created.Workspace}
}

// ask begins to connect, and answers how that ends.
func (u kindUser) ask(wrong bool) (finish func(into any) int) {
	u.t.Helper()
	if u.kind.consent != nil {
		return u.visit(wrong)
	}
	state, fields := u.begin(), u.kind.wrong
	if !wrong {
		fields = u.kind.fields()
	}
	return func(into any) int { return u.fill(state, fields, into) }
}

func (u kindUser) begin() (state string) {
	u.t.Helper()
	var begun struct{ State string }
	u.w.post(u.ctx, u.t, u.token, u.within+"/authorizations", map[string]any{"network": u.kind.network, "host": u.kind.host}, &begun)
	require.NotEmpty(u.t, begun.State, u.kind.network)
	return begun.State
}

func (u kindUser) fill(state string, fields map[string]string, into any) int {
	u.t.Helper()
	if password, is := fields["password"]; is {
		u.kind.typed = append(u.kind.typed, password)
	}
	if hook, is := fields["webhook"]; is {
		u.kind.typed = append(u.kind.typed, hook, hook[strings.LastIndex(hook, "/")+1:])
	}
	return u.w.post(u.ctx, u.t, u.token, "/v1/authorizations/form", map[string]any{"state": state, "fields": fields}, into)
}

func (u kindUser) command(name string, body map[string]any, into any) {
	u.t.Helper()
	require.Equal(u.t, http.StatusOK, u.w.post(u.ctx, u.t, u.token, u.within+"/commands/"+name, body, into), "%s: %s", u.kind.network, name)
}

func (u kindUser) connect() (account string) {
	u.t.Helper()
	var done struct {
		Authorization string
		Accounts      []struct{ Remote string }
	}
	require.Equal(u.t, http.StatusOK, u.ask(false)(&done), u.kind.network)
	require.Len(u.t, done.Accounts, 1)
	var connected struct{ Events []struct{ Stream string } }
	u.command("ConnectAccount", map[string]any{"authorization": done.Authorization, "remote": done.Accounts[0].Remote}, &connected)
	for _, event := range connected.Events {
		if id, is := strings.CutPrefix(event.Stream, "account-"); is {
			return "acc_" + id
		}
	}
	require.Fail(u.t, "no account", u.kind.network)
	return ""
}

// eavesdropper stands before a fake, hears the tokens that it is shown, and can
// repeat in its answers everything that it was sent.
type eavesdropper struct {
	URL  string
	next http.Handler

	mu      sync.Mutex
	tokens  []string
	repeats bool
	answers int // that repeated something
}

func listenBefore(t *testing.T, next http.Handler) *eavesdropper {
	t.Helper()
	l := &eavesdropper{next: next}
	server := httptest.NewServer(l)
	t.Cleanup(server.Close)
	l.URL = server.URL
	return l
}

func (l *eavesdropper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	header := r.Header.Get("Authorization")
	if _, token, is := strings.Cut(header, "Bearer "); is {
		l.tokens = append(l.tokens, token)
	}
	if user, password, is := r.BasicAuth(); is && user != "" {
		l.tokens = append(l.tokens, password)
	}
	repeats := l.repeats
	if repeats {
		l.answers++
	}
	l.mu.Unlock()
	if !repeats {
		l.next.ServeHTTP(w, r)
		return
	}
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	said, _ := json.Marshal(header + " " + r.URL.String() + " " + string(body))
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write(bytes.ReplaceAll([]byte(`{"error":%,"message":%,"code":%}`), []byte("%"), said))
}

func (l *eavesdropper) repeat(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.repeats = on
}

func (l *eavesdropper) repeated() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.answers
}

func (l *eavesdropper) shown() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string{}, l.tokens...)
}
