package sandbox_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/networks/wire"
)

// classed is a world whose page is of a class, with a session there.
type classed struct {
	world
	session networks.Session
}

func newClassed(t *testing.T, class sandbox.Class, lasts time.Duration) classed {
	t.Helper()
	w := newWorld(t, wire.Options{})
	require.NoError(t, w.Control.AddPage(t.Context(), control.Page{
		Slug: networktest.Page, Name: "Acme News", Admins: []string{"olivia"},
		Class: control.Class(class), KeyLastsMS: int(lasts / time.Millisecond),
	}))
	session := w.session(w.authorized(t, w.olivia))
	connector, err := sandbox.New(sandbox.Config{
		URL: w.URL, ClientID: networktest.ClientID, ClientSecret: networks.NewSecret(networktest.ClientSecret),
		Class: class, KeyLasts: lasts,
	})
	require.NoError(t, err)
	t.Cleanup(connector.Close)
	w.Connector = connector
	return classed{world: w, session: session}
}

func attemptOf(key string) networks.Attempt {
	return networks.Attempt{Key: key, Begun: time.Now(), Content: networks.Content{
		Text: "what " + key + " says",
		Media: []networks.Media{{
			ID: "med_1", Kind: networks.Image, Type: "image/png", Size: 3,
			Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader([]byte("png"))), nil },
		}},
	}}
}

func (w classed) prepare(t *testing.T, a networks.Attempt) networks.Attempt {
	t.Helper()
	prepared, err := w.Prepare(t.Context(), w.session, a, func(context.Context, networks.Prepared) error { return nil })
	require.NoError(t, err)
	a.Prepared = prepared
	return a
}

func (w classed) log(t *testing.T) control.Log {
	t.Helper()
	log, err := w.Control.Log(t.Context())
	require.NoError(t, err)
	return log
}

// What publishing the same attempt twice makes, and what the network says
// about it afterwards.
func TestClasses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		class  sandbox.Class
		posts  int
		before networks.VerdictState
		after  networks.VerdictState
	}{
		{sandbox.ClientKey, 1, networks.Absent, networks.Live},
		{sandbox.TwoPhase, 1, networks.Absent, networks.Live},
		{sandbox.ExpiringKey, 1, networks.Absent, networks.Live},
		{sandbox.Listed, 2, networks.Absent, networks.Live},
		{sandbox.Silent, 2, networks.Unknown, networks.Unknown},
	} {
		t.Run(sandbox.NameOf(c.class), func(t *testing.T) {
			t.Parallel()
			w := newClassed(t, c.class, time.Hour)
			a := w.prepare(t, attemptOf("k1"))
			verdict, err := w.Reconcile(t.Context(), w.session, a)
			require.NoError(t, err)
			require.Equal(t, c.before, verdict.State)
			for range 2 {
				_, err := w.Publish(t.Context(), w.session, a)
				require.NoError(t, err)
			}
			require.Len(t, w.log(t).Posts, c.posts)
			require.Len(t, w.log(t).Media, 1)
			verdict, err = w.Reconcile(t.Context(), w.session, a)
			require.NoError(t, err)
			require.Equal(t, c.after, verdict.State)
			require.NoError(t, w.Delete(t.Context(), w.session, w.log(t).Posts[0].ID))
			require.True(t, w.log(t).Posts[0].Deleted)
		})
	}
}

// A key that has expired makes a second post.
func TestAKeyExpires(t *testing.T) {
	t.Parallel()
	w := newClassed(t, sandbox.ExpiringKey, time.Millisecond)
	require.Equal(t, time.Millisecond, w.Capabilities().KeyLasts)
	a := w.prepare(t, attemptOf("k1"))
	for range 2 {
		_, err := w.Publish(t.Context(), w.session, a)
		require.NoError(t, err)
		time.Sleep(2 * time.Millisecond) // what the network counts in its own time
	}
	require.Len(t, w.log(t).Posts, 2)
}

// Whoever goes on from what was saved uploads nothing twice.
func TestPreparingGoesOnFromWhatWasSaved(t *testing.T) {
	t.Parallel()
	w := newClassed(t, sandbox.TwoPhase, 0)
	a := attemptOf("k1")
	died := errors.New("died")
	_, err := w.Prepare(t.Context(), w.session, a, func(_ context.Context, p networks.Prepared) error {
		a.Prepared = p
		return died
	})
	require.ErrorIs(t, err, died)
	a = w.prepare(t, a)
	a = w.prepare(t, a)
	require.Len(t, w.log(t).Media, 1)
	require.Len(t, w.log(t).Drafts, 1)

	require.NoError(t, w.Discard(t.Context(), w.session, a.Prepared))
	require.True(t, w.log(t).Drafts[0].Discarded)
	require.NoError(t, w.Discard(t.Context(), w.session, a.Prepared), "discarding again changes nothing")
	_, err = w.Publish(t.Context(), w.session, a)
	require.Equal(t, networks.Rejected, networks.KindOf(err))
	require.Empty(t, w.log(t).Posts)
}

// Preparing fails without harm: it is invisible, and done again.
func TestFaultsOfPreparing(t *testing.T) {
	t.Parallel()
	for _, call := range []control.Call{control.Upload, control.Drafting} {
		for _, kind := range []control.Kind{control.FailBefore, control.FailAfter, control.ResetAfter} {
			t.Run(string(call)+" "+string(kind), func(t *testing.T) {
				t.Parallel()
				w := newClassed(t, sandbox.TwoPhase, 0)
				require.NoError(t, w.Control.Arm(t.Context(), control.Fault{Call: call, Kind: kind, Times: 1}))
				_, err := w.Prepare(t.Context(), w.session, attemptOf("k1"), func(context.Context, networks.Prepared) error { return nil })
				require.Equal(t, networks.Unavailable, networks.KindOf(err))
				_, err = w.Publish(t.Context(), w.session, w.prepare(t, attemptOf("k1")))
				require.NoError(t, err)
				require.Len(t, w.log(t).Posts, 1)
			})
		}
	}
}
