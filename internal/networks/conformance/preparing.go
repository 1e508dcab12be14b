package conformance

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

func keep(context.Context, networks.Prepared) error { return nil }

var errKilled = errors.New("killed")

// illustrated is a content with as many pictures as the network takes, two at most.
func (s scene) illustrated() networks.Content {
	s.t.Helper()
	limits, err := s.Limits(s.t.Context(), s.Account)
	require.NoError(s.t, err)
	content := networks.Content{Text: hello.Text}
	for i := range min(limits.Images.Max, 2) {
		m := public(Picture(s.t, i))
		if limits.MaxAlt > 0 {
			m.Alt = "Grey"
		}
		content.Media = append(content.Media, m)
	}
	return content
}

// interrupted kills Prepare right after every one of its saves, and goes on
// from what was saved: nothing is uploaded twice, and one post comes of it.
func (s Subject) interrupted(t *testing.T) {
	for saves := 1; ; saves++ {
		w := s.begin(t, wire.Options{})
		a := attempt(w.illustrated())
		killed := w.killedAfter(&a, saves)
		var err error
		a.Prepared, err = w.Prepare(t.Context(), w.session, a, keep)
		require.NoError(t, err)
		published, err := w.Publish(t.Context(), w.session, a)
		require.NoError(t, err)
		posts := w.Posts(t)
		require.Len(t, posts, 1)
		require.Equal(t, posts[0].ID, published.RemoteID)
		require.Len(t, posts[0].Media, len(a.Content.Media))
		if w.Uploads != nil {
			require.Equal(t, len(a.Content.Media), w.Uploads(t), "killed after save %d", saves)
		}
		if !killed {
			return
		}
	}
}

// killedAfter prepares and ends at that many saves; false when there are fewer.
func (s scene) killedAfter(a *networks.Attempt, saves int) (killed bool) {
	s.t.Helper()
	ctx, kill := context.WithCancel(s.t.Context())
	defer kill()
	prepared, err := s.Prepare(ctx, s.session, *a, func(_ context.Context, p networks.Prepared) error {
		s.bounded(p)
		a.Prepared = p
		if saves--; saves == 0 {
			kill()
			return errKilled
		}
		return nil
	})
	if saves > 0 {
		require.NoError(s.t, err)
		a.Prepared = prepared
		return false
	}
	require.ErrorIs(s.t, err, errKilled, "when saving fails, preparing ends")
	return true
}

// preparingFails is harmless: nobody has seen anything, it is done again.
func (s Subject) preparingFails(t *testing.T) {
	if s.Calls.Prepare == "" {
		t.Skip("nothing is prepared")
	}
	for _, kind := range []fake.Kind{
		fake.FailBefore, fake.FailAfter, fake.ResetBefore, fake.ResetAfter, fake.Redirect, fake.Malformed,
	} {
		w := s.begin(t, wire.Options{})
		a := attempt(w.illustrated())
		w.Gate.Arm(fake.Fault{On: s.Calls.Prepare, Kind: kind, Times: 1})
		_, err := w.Prepare(t.Context(), w.session, a, func(_ context.Context, p networks.Prepared) error {
			a.Prepared = p
			return nil
		})
		require.Equal(t, networks.Unavailable, networks.KindOf(err), "%s: %v", kind, err)
		require.Empty(t, w.Posts(t))
		a = w.prepared(t.Context(), a)
		_, err = w.Publish(t.Context(), w.session, a)
		require.NoError(t, err)
		require.Len(t, w.Posts(t), 1)
	}
}

// discarding removes what was prepared in vain, as often as one likes.
func (s Subject) discarding(t *testing.T) {
	w := s.begin(t, wire.Options{})
	require.NoError(t, w.Discard(t.Context(), w.session, nil), "nothing was prepared")
	a := w.prepared(t.Context(), attempt(w.illustrated()))
	require.NoError(t, w.Discard(t.Context(), w.session, a.Prepared))
	require.NoError(t, w.Discard(t.Context(), w.session, a.Prepared))
	if w.Left != nil {
		require.Zero(t, w.Left(t))
	}
	require.Empty(t, w.Posts(t))
}

// deleting removes a post, as often as one likes.
func (s Subject) deleting(t *testing.T) {
	w := s.begin(t, wire.Options{})
	_, published, _ := w.published(hello)
	err := w.Delete(t.Context(), w.session, published.RemoteID)
	if !w.caps.Deleting {
		require.ErrorIs(t, err, networks.ErrUnsupported)
		return
	}
	require.NoError(t, err)
	require.Empty(t, w.Posts(t))
	require.NoError(t, w.Delete(t.Context(), w.session, published.RemoteID), "gone already is no failure")
}
