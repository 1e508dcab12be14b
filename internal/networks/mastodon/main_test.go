package mastodon_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"behalf/internal/networks"
	"behalf/internal/networks/mastodon"
	"behalf/internal/networks/mastodon/mastodontest"
	"behalf/internal/networks/wire/guard"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const redirect = "https://behalf.example/connect/callback"

// world is a server with a connector to it.
type world struct {
	*mastodontest.Server
	*mastodon.Connector
}

func newWorld(t *testing.T) world {
	t.Helper()
	c := mastodon.New(mastodon.Config{
		Registrations: &mastodontest.Registrations{}, Guard: guard.Options{AllowLoopback: true}, Poll: time.Millisecond,
	})
	t.Cleanup(c.Close)
	return world{mastodontest.Start(t), c}
}

func (w world) start(t *testing.T) networks.AuthStart {
	t.Helper()
	start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: w.URL + "/@olivia"})
	require.NoError(t, err)
	return start
}

func (w world) callback(t *testing.T, name string) networks.Callback {
	t.Helper()
	start := w.start(t)
	back, err := w.Allow(t.Context(), start.URL, name)
	require.NoError(t, err)
	require.Equal(t, start.State, back.Query().Get("state"))
	return networks.Callback{Query: back.Query(), Pending: start.Pending}
}

func (w world) session(t *testing.T, name string) networks.Session {
	t.Helper()
	credential, err := w.Exchange(t.Context(), w.callback(t, name))
	require.NoError(t, err)
	accounts, err := w.Accounts(t.Context(), credential)
	require.NoError(t, err)
	require.Len(t, accounts, 1)
	return networks.Session{Credential: credential, Account: accounts[0].RemoteID}
}

func keeping(a *networks.Attempt) networks.Save {
	return func(_ context.Context, p networks.Prepared) error {
		a.Prepared = p
		return nil
	}
}

func medium(kind networks.MediaKind, mediaType, alt string) networks.Media {
	content := []byte("\x89PNG of the test")
	return networks.Media{
		ID: "med_1", Kind: kind, Type: mediaType, Name: "a \"file\".png", Size: int64(len(content)), Alt: alt,
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
	}
}

func hello() networks.Attempt {
	return networks.Attempt{
		Key: "Key_-1", Begun: time.Now(),
		Content: networks.Content{Text: "Hello <world> & @carl@other.example\nsecond line", Link: "https://acme.example/x?y=1&z=2"},
	}
}
