// Package network is the sandbox: a social network of its own, that behaves as
// its documentation (served at /docs) says and fails when it is told to. It is
// spoken to over HTTP like any network; nothing in it knows Behalf.
package network

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
	"sync"
	"time"

	"behalf/internal/networks/sandbox/network/api"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/fault"
	"behalf/internal/networks/sandbox/network/oauth"
	"behalf/internal/networks/sandbox/network/store"
	"behalf/internal/networks/sandbox/network/web"
)

const (
	maxBody         = 64 << 10 // bytes of any request
	accessLifetime  = 10 * time.Minute
	refreshLifetime = 30 * 24 * time.Hour
)

// Client is an application that people can authorize.
type Client = oauth.Client

// Config of a network; the zero value is a network in memory that nobody controls.
type Config struct {
	URL                 string        // public address without a trailing slash; the request's host when empty
	File                string        // keeps people, pages, posts and tokens across restarts; memory only when empty
	ControlToken        string        // for /control; without it those calls are refused
	Clients             []Client      // not kept in the file
	AccessTokenLifetime time.Duration // ten minutes when zero
}

// Network is safe for concurrent use.
type Network struct {
	config Config
	store  *store.Store
	oauth  *oauth.Server
	faults *fault.Faults
}

// New opens a network; serve its Handler and Close it.
func New(c Config) (*Network, error) {
	kept, err := store.Open(c.File)
	if err != nil {
		return nil, err
	}
	if c.AccessTokenLifetime == 0 {
		c.AccessTokenLifetime = accessLifetime
	}
	c.URL = strings.TrimSuffix(c.URL, "/")
	n := &Network{config: c, store: kept, faults: fault.New()}
	n.oauth = oauth.New(kept, oauth.Config{
		AccessTokenLifetime:  c.AccessTokenLifetime,
		RefreshTokenLifetime: refreshLifetime,
		BaseURL:              n.baseURL,
		SignIn:               n.signIn,
	})
	for _, client := range c.Clients {
		if err := n.Register(client); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// Register adds or replaces a client.
func (n *Network) Register(c Client) error { return n.oauth.Register(c) }

// Close ends the calls that hang or wait. Shut the HTTP server down after it.
func (n *Network) Close() { n.faults.Close() }

// Handler serves the whole network.
func (n *Network) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /oauth/authorize", n.oauth.Authorize)
	mux.HandleFunc("POST /oauth/authorize", n.oauth.Authorize)
	mux.Handle("POST /oauth/token", n.faults.StrikeToken(http.HandlerFunc(n.oauth.Token)))
	mux.HandleFunc("POST /oauth/revoke", n.oauth.Revoke)
	mux.HandleFunc("GET /.well-known/oauth-authorization-server", n.oauth.Metadata)
	api.New(n.store, n.oauth, n.baseURL).Mount(mux, n.faults.Strike)
	web.New(n.store, n.baseURL, n.config.AccessTokenLifetime).Mount(mux)
	mux.Handle("/control/", n.controlled(n.controls()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		mux.ServeHTTP(w, r)
	})
}

func (n *Network) baseURL(r *http.Request) string {
	if n.config.URL != "" {
		return n.config.URL
	}
	return "http://" + r.Host
}

// nobody is compared with when a name is unknown, so that names cannot be told by the time it takes.
var nobody = sync.OnceValue(func() string {
	hash, err := oauth.Hash("nobody")
	if err != nil {
		panic(err) // bcrypt refuses only lengths that cannot occur here
	}
	return hash
})

func (n *Network) signIn(name, password string) bool {
	hash, known := n.store.PasswordHash(name)
	if !known {
		hash = nobody()
	}
	return oauth.Matches(hash, password) && known
}

// controlled lets nobody in without the control token.
func (n *Network) controlled(next http.Handler) http.Handler {
	want := sha256.Sum256([]byte(n.config.ControlToken))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := sha256.Sum256([]byte(r.Header.Get(control.Header)))
		if n.config.ControlToken == "" || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			api.Refuse(w, "wrong_control_token")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Demo is what the sandbox shows to somebody new.
type Demo struct {
	OliviaPassword string
	CarlPassword   string
	Client         Client
}

// Seed adds olivia and carl, the page "Acme News" that olivia administers, and
// the client. Seeding again changes passwords and client, and leaves a page
// that is there already as it is.
func (n *Network) Seed(d Demo) error {
	for name, password := range map[string]string{"olivia": d.OliviaPassword, "carl": d.CarlPassword} {
		if err := n.AddPerson(control.Person{Name: name, Password: password}); err != nil {
			return err
		}
	}
	if err := n.Register(d.Client); err != nil {
		return err
	}
	if _, known := n.store.Page(DemoPage); known {
		return nil
	}
	return n.AddPage(control.Page{
		Slug: DemoPage, Name: "Acme News", Admins: []string{"olivia"},
		Identities: []control.Identity{{ID: "newsroom", Name: "Acme Newsroom"}},
	})
}

// DemoPage is the slug of "Acme News".
const DemoPage = "acme-news"
