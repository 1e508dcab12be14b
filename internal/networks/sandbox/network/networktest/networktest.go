// Package networktest starts a sandbox network for a test.
package networktest

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/control"
)

// What every started network knows.
const (
	ClientID       = "behalf"
	ClientSecret   = "client-secret-of-the-test"
	RedirectURI    = "http://127.0.0.1/connect/callback"
	OliviaPassword = "password-of-olivia"
	CarlPassword   = "password-of-carl"
	Page           = network.DemoPage
	controlToken   = "control-token-of-the-test"
)

// Server is a network on a loopback port.
type Server struct {
	URL     string
	Control *control.Client
	stop    func()
}

// Stop ends it before the test does; stopping twice does nothing.
func (s *Server) Stop() { s.stop() }

// Start runs a network with the demo's people, page and a client until the test
// ends. What c leaves empty is filled in; clients of c are known beside the
// standard one.
func Start(t testing.TB, c network.Config) *Server {
	t.Helper()
	n := New(t, &c)
	server := httptest.NewServer(n.Handler())
	stop := func() {
		n.Close()
		server.Client().CloseIdleConnections()
		server.Close()
	}
	t.Cleanup(stop)
	return &Server{URL: server.URL, stop: stop, Control: &control.Client{
		URL: server.URL, Token: c.ControlToken, HTTP: server.Client(),
	}}
}

// New makes such a network for a test that serves it by itself.
func New(t testing.TB, c *network.Config) *network.Network {
	t.Helper()
	if c.ControlToken == "" {
		c.ControlToken = controlToken
	}
	n, err := network.New(*c)
	require.NoError(t, err)
	require.NoError(t, n.Seed(network.Demo{
		OliviaPassword: OliviaPassword, CarlPassword: CarlPassword,
		Client: network.Client{ID: ClientID, Secret: ClientSecret, RedirectURIs: []string{RedirectURI}},
	}))
	return n
}
