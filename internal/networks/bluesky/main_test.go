package bluesky_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"behalf/internal/networks"
	"behalf/internal/networks/bluesky"
	"behalf/internal/networks/bluesky/blueskytest"
	"behalf/internal/networks/wire/guard"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a server with a connector to it.
type world struct {
	*blueskytest.Server
	*bluesky.Connector
}

func newWorld(t *testing.T) world {
	t.Helper()
	s := blueskytest.Start(t)
	c := bluesky.New(bluesky.Config{Host: s.URL, Directory: s.URL, Guard: guard.Options{AllowLoopback: true}})
	t.Cleanup(c.Close)
	return world{s, c}
}

func (w world) form(t *testing.T, fields map[string]string) networks.Callback {
	t.Helper()
	start, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: "https://behalf.example/connect/callback"})
	require.NoError(t, err)
	require.Empty(t, start.URL)
	cb := networks.Callback{Pending: start.Pending, Fields: map[string]networks.Secret{}}
	for name, value := range fields {
		cb.Fields[name] = networks.NewSecret(value)
	}
	return cb
}

func (w world) session(t *testing.T, handle string) networks.Session {
	t.Helper()
	credential, err := w.Exchange(t.Context(), w.form(t, map[string]string{"handle": handle, "password": w.Password(handle)}))
	require.NoError(t, err)
	return networks.Session{Credential: credential, Account: w.DID(handle)}
}

func keeping(a *networks.Attempt) networks.Save {
	return func(_ context.Context, p networks.Prepared) error {
		a.Prepared = p
		return nil
	}
}

func picture(alt string) networks.Media {
	content := []byte("\x89PNG of the test")
	return networks.Media{
		ID: "med_1", Kind: networks.Image, Type: "image/png", Name: "picture.png", Size: int64(len(content)), Width: 40, Height: 30, Alt: alt,
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
	}
}

func hello() networks.Attempt {
	return networks.Attempt{
		Key: "Key_-1", Content: networks.Content{Text: "Grüße an @carl.test und @nobody.test: #Neues 👩‍👩‍👧", Link: "https://acme.example/x"},
		Written: time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC), Due: time.Date(2026, 11, 22, 13, 0, 0, 0, time.UTC),
	}
}
