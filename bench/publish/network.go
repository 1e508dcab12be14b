package publish

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"behalf/bench/measure"
	"behalf/domain"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/browser"
	"behalf/internal/networks/sandbox/network/control"
)

// answering is how long the network takes for an answer.
const answering = 20 * time.Millisecond

const (
	clientID     = "behalf"
	clientSecret = "client-secret-of-the-bench"
	redirectURI  = "http://127.0.0.1/connect/callback"
	password     = "password-of-olivia"
)

// site20 is the sandbox network, on loopback, in memory: it notes when a
// request that publishes arrives, and answers 20 ms later.
type site20 struct {
	url       string
	network   *network.Network
	next      http.Handler
	connector *sandbox.Connector

	mutex   sync.Mutex
	arrived map[string][]time.Time // by page
	count   int
}

func openNetwork(ctx context.Context, bench *measure.Bench) (*site20, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	n := &site20{url: "http://" + listener.Addr().String(), arrived: map[string][]time.Time{}}
	if n.network, err = network.New(network.Config{
		URL: n.url, ControlToken: "control-token-of-the-bench",
		AccessTokenLifetime: 24 * time.Hour, // all connections share one authorization, which only one of them could refresh
	}); err != nil {
		return nil, err
	}
	err = n.network.Seed(network.Demo{OliviaPassword: password, CarlPassword: password, Client: network.Client{
		ID: clientID, Secret: clientSecret, RedirectURIs: []string{redirectURI},
	}})
	if err != nil {
		return nil, err
	}
	n.next = n.network.Handler()
	server := &http.Server{Handler: n, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // ends with Close
	bench.Cleanup(func() error { n.network.Close(); return server.Close() })
	n.connector, err = sandbox.New(sandbox.Config{URL: n.url, ClientID: clientID, ClientSecret: networks.NewSecret(clientSecret)})
	if err != nil {
		return nil, err
	}
	bench.Cleanup(func() error { n.connector.Close(); return nil })
	return n, nil
}

// ServeHTTP implements http.Handler.
func (n *site20) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := time.Now()
	if page, publishes := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/api/pages/"), "/posts"); publishes && r.Method == http.MethodPost {
		n.mutex.Lock()
		n.arrived[page] = append(n.arrived[page], at)
		n.count++
		n.mutex.Unlock()
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		time.Sleep(answering)
	}
	n.next.ServeHTTP(w, r)
}

// forget begins to count anew.
func (n *site20) forget() {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.arrived, n.count = map[string][]time.Time{}, 0
}

// await waits until so many requests have arrived, and answers when, by page.
func (n *site20) await(ctx context.Context, requests int) (map[string][]time.Time, error) {
	for {
		n.mutex.Lock()
		if n.count >= requests {
			defer n.mutex.Unlock()
			return n.arrived, nil
		}
		n.mutex.Unlock()
		measure.Pause(ctx, time.Millisecond)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

// page adds one, named after its account.
func (n *site20) page(id domain.AccountID) (string, error) {
	slug := "p" + strings.ReplaceAll(id.String(), "_", "-")
	slug = slug[:min(len(slug), 40)]
	return slug, n.network.AddPage(control.Page{Slug: slug, Name: slug, Admins: []string{"olivia"}})
}

// authorized is what comes of signing in there.
func (n *site20) authorized(ctx context.Context) (networks.Credential, error) {
	start, err := n.connector.Authorize(ctx, networks.AuthRequest{RedirectURI: redirectURI})
	if err != nil {
		return networks.Credential{}, err
	}
	back, err := browser.Person{Name: "olivia", Password: password}.Allow(ctx, start.URL)
	if err != nil {
		return networks.Credential{}, err
	}
	return n.connector.Exchange(ctx, networks.Callback{Query: back.Query(), Pending: start.Pending})
}
