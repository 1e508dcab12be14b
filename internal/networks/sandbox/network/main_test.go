package network_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/browser"
	"behalf/internal/networks/sandbox/network/networktest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// connect returns a connector and olivia's credential, by the ordinary flow.
func connect(t *testing.T, s *networktest.Server) (*sandbox.Connector, networks.Credential) {
	t.Helper()
	c, err := sandbox.New(sandbox.Config{
		URL: s.URL, ClientID: networktest.ClientID, ClientSecret: networks.NewSecret(networktest.ClientSecret),
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	start, err := c.Authorize(t.Context(), networks.AuthRequest{RedirectURI: networktest.RedirectURI})
	require.NoError(t, err)
	person := browser.Person{Name: "olivia", Password: networktest.OliviaPassword, HTTP: s.Control.HTTP}
	back, err := person.Allow(t.Context(), start.URL)
	require.NoError(t, err)
	credential, err := c.Exchange(t.Context(), networks.Callback{Query: back.Query(), Pending: start.Pending})
	require.NoError(t, err)
	return c, credential
}

func token(credential networks.Credential) string {
	tokens, _ := credential.OAuth2()
	return tokens.AccessToken.Reveal()
}

// call makes a raw call; headers are pairs of name and value.
func call(t *testing.T, s *networktest.Server, method, path, body string, headers ...string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := s.Control.HTTP.Do(r)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	read, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(read)
}
