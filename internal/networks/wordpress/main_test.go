package wordpress_test

import (
	"bytes"
	"context"
	"io"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wire/guard"
	"behalf/internal/networks/wordpress"
	"behalf/internal/networks/wordpress/wordpresstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const redirect = "https://behalf.example/connect/callback"

// world is a site with a connector to it.
type world struct {
	*wordpresstest.Site
	*wordpress.Connector
}

func newWorld(t *testing.T) world {
	t.Helper()
	return world{Site: wordpresstest.Start(t), Connector: connect(t, wire.Options{})}
}

func connect(t *testing.T, o wire.Options) *wordpress.Connector {
	t.Helper()
	c := wordpress.New(wordpress.Config{Guard: guard.Options{AllowLoopback: true}, Wire: o})
	t.Cleanup(c.Close)
	return c
}

func (w world) session(user string) networks.Session {
	return networks.Session{Account: w.URL, Credential: networks.NewAppPassword(networks.AppPassword{
		Site: w.URL, User: user, Password: networks.NewSecret(w.Password(user)),
	})}
}

func callback(t *testing.T, start networks.AuthStart, back string) networks.Callback {
	t.Helper()
	address, err := url.Parse(back)
	require.NoError(t, err)
	require.Equal(t, start.State, address.Query().Get("state"))
	return networks.Callback{Query: address.Query(), Pending: start.Pending}
}

// keeping is what the publisher does with what Prepare has made so far.
func keeping(a *networks.Attempt) networks.Save {
	return func(_ context.Context, p networks.Prepared) error {
		a.Prepared = p
		return nil
	}
}

func picture(alt string) networks.Media {
	content := []byte("\x89PNG is enough of one for the fake")
	return networks.Media{
		ID: "med_1", Kind: networks.Image, Type: "image/png", Name: "a picture.png", Size: int64(len(content)), Alt: alt,
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
	}
}

func hello() networks.Attempt {
	return networks.Attempt{Key: "Key_-1", Content: networks.Content{Text: "News of the day\n\nHello <world> & all [gallery]", Link: "https://acme.example/x"}}
}
