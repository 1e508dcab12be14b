package sandbox_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/browser"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/networks/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a network with a connector to it.
type world struct {
	*networktest.Server
	*sandbox.Connector
	olivia, carl browser.Person
}

func newWorld(t *testing.T, o wire.Options) world {
	t.Helper()
	server := networktest.Start(t, network.Config{})
	return world{
		Server: server, Connector: connect(t, server.URL, o),
		olivia: browser.Person{Name: "olivia", Password: networktest.OliviaPassword, HTTP: server.Control.HTTP},
		carl:   browser.Person{Name: "carl", Password: networktest.CarlPassword, HTTP: server.Control.HTTP},
	}
}

func connect(t *testing.T, url string, o wire.Options) *sandbox.Connector {
	t.Helper()
	connector, err := sandbox.New(sandbox.Config{
		URL: url, ClientID: networktest.ClientID, ClientSecret: networks.NewSecret(networktest.ClientSecret), Wire: o,
	})
	require.NoError(t, err)
	t.Cleanup(connector.Close)
	return connector
}

// authorized walks a person through the whole authorization.
func (w world) authorized(t *testing.T, person browser.Person) networks.Credential {
	t.Helper()
	start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: networktest.RedirectURI})
	require.NoError(t, err)
	back, err := person.Allow(t.Context(), start.URL)
	require.NoError(t, err)
	require.Equal(t, start.State, back.Query().Get("state"))
	credential, err := w.Exchange(t.Context(), networks.Callback{Query: back.Query(), Pending: start.Pending})
	require.NoError(t, err)
	return credential
}

func (w world) session(c networks.Credential) networks.Session {
	return networks.Session{Credential: c, Account: networktest.Page}
}
