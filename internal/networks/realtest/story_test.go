//go:build networks

package realtest_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wire/guard"
)

const redirect = "https://behalf.example/connect/callback"

var (
	loopback = guard.Options{AllowLoopback: true}
	patient  = wire.Options{Timeout: time.Minute}
)

// attempt is a post with a picture and a link.
func attempt(t *testing.T, key, text string) networks.Attempt {
	t.Helper()
	now := time.Now().UTC()
	picture := image.NewRGBA(image.Rect(0, 0, 40, 30))
	picture.Set(1, 1, color.White)
	var content bytes.Buffer
	require.NoError(t, png.Encode(&content, picture))
	return networks.Attempt{
		Key: key, Written: now, Due: now, Begun: now,
		Content: networks.Content{Text: text, Link: "https://acme.example/x?a=1&b=2", Media: []networks.Media{{
			ID: "med_1", Kind: networks.Image, Type: "image/png", Name: "a picture.png", Size: int64(content.Len()), Width: 40, Height: 30,
			Alt: "A dark field with a \"star\"",
			Open: func(context.Context) (io.ReadCloser, error) {
				return io.NopCloser(bytes.NewReader(content.Bytes())), nil
			},
		}}},
	}
}

func keeping(a *networks.Attempt) networks.Save {
	return func(_ context.Context, p networks.Prepared) error {
		a.Prepared = p
		return nil
	}
}

// publishes brings a post to the network and finds it there again.
func publishes(t *testing.T, c networks.Connector, s networks.Session, a networks.Attempt) networks.Published {
	t.Helper()
	var err error
	a.Prepared, err = c.Prepare(t.Context(), s, a, keeping(&a))
	require.NoError(t, err)
	verdict, err := c.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Absent, verdict.State)
	live, err := c.Publish(networks.SendBefore(t.Context(), time.Now().Add(time.Minute)), s, a)
	require.NoError(t, err)
	require.NotEmpty(t, live.URL)
	if c.Capabilities().Idempotency != networks.NotIdempotent {
		again, err := c.Publish(t.Context(), s, a)
		require.NoError(t, err)
		require.Equal(t, live, again, "published twice is one post")
	}
	verdict, err = c.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Verdict{State: networks.Live, Published: live}, verdict)
	return live
}

// findsOut breaks the publishing call, before and after the server kept the
// post, and asks what became of it (R59).
func findsOut(t *testing.T, c networks.Connector, s networks.Session, server *fake.Server, call fake.Fault) {
	t.Helper()
	for name, test := range map[string]struct {
		kind fake.Kind
		want networks.VerdictState
	}{
		"broken-before": {fake.ResetBefore, networks.Absent},
		"broken-after":  {fake.ResetAfter, networks.Live},
		"proxy-before":  {fake.FailBefore, networks.Absent},
		"proxy-after":   {fake.FailAfter, networks.Live},
	} {
		a := attempt(t, name, "An unclear end: "+name)
		var err error
		a.Prepared, err = c.Prepare(t.Context(), s, a, keeping(&a))
		require.NoError(t, err, name)
		call.Kind, call.Times = test.kind, 1
		server.Arm(call)
		_, err = c.Publish(t.Context(), s, a)
		require.Equal(t, networks.Ambiguous, networks.KindOf(err), name)
		verdict, err := c.Reconcile(t.Context(), s, a)
		require.NoError(t, err, name)
		require.Equal(t, test.want, verdict.State, name)
	}
}
