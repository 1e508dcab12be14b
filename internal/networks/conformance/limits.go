package conformance

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
)

// limits holds the connector's counting to the network's: what is exactly long
// enough is taken by both, one more by neither (R60).
func (s Subject) limits(t *testing.T) {
	limits, err := s.limitsOf(t)
	require.NoError(t, err)
	require.NotNil(t, limits.Text.Count)
	require.NotEmpty(t, limits.Text.Unit)
	require.Contains(t, []networks.LinkPlace{networks.LinkInText, networks.LinkCard}, limits.Link)
	s.wrongMedia(t, limits)
	if limits.Text.Max == 0 || limits.NeedsMedia {
		return
	}
	longest := networks.Content{Text: s.Spell(limits.Text.Max)}
	require.Equal(t, limits.Text.Max, limits.Text.Count(longest.Text))
	require.Empty(t, limits.Check(longest))
	more := networks.Content{Text: s.Spell(limits.Text.Max + 1)}
	require.Equal(t, limits.Text.Max+1, limits.Text.Count(more.Text))
	require.Equal(t, []string{"text_too_long"}, codes(limits.Check(more)))
	if limits.Text.Min > 0 {
		require.Equal(t, []string{"text_too_short"}, codes(limits.Check(networks.Content{})))
	}
	if s.Calls.Publish == "" {
		return // nothing to publish with
	}
	w := s.begin(t, wire.Options{})
	w.published(longest)

	other := s.begin(t, wire.Options{})
	a := attempt(more)
	a.Prepared, err = other.Prepare(t.Context(), other.session, a, keep)
	if err == nil { // unless preparing makes a draft that is refused already
		_, err = other.Publish(t.Context(), other.session, a)
	}
	require.Equal(t, networks.Rejected, networks.KindOf(err), "%v", err)
	require.Empty(t, other.Posts(t))
}

// wrongMedia names every kind of medium that the network does not take.
func (s Subject) wrongMedia(t *testing.T, limits networks.Limits) {
	t.Helper()
	for kind, limit := range map[networks.MediaKind]networks.MediaLimit{
		networks.Image: limits.Images, networks.Video: limits.Videos,
	} {
		if limit.Max == 0 {
			continue
		}
		require.NotEmpty(t, limit.Types, kind)
		wrong := networks.Media{Kind: kind, Type: "application/x-behalf", Duration: limit.MinDuration}
		require.Contains(t, codes(limits.Check(networks.Content{Text: "x", Media: []networks.Media{wrong}})), "wrong_type")
		if limit.MaxBytes > 0 {
			large := networks.Media{Kind: kind, Type: limit.Types[0], Size: limit.MaxBytes + 1, Duration: limit.MinDuration}
			require.Contains(t, codes(limits.Check(networks.Content{Text: "x", Media: []networks.Media{large}})), "too_large")
		}
	}
	many := slices.Repeat([]networks.Media{Picture(t, 0)}, limits.MaxMedia+1)
	require.Contains(t, codes(limits.Check(networks.Content{Text: "x", Media: many})), "too_many_media")
}

// capabilities agree with each other.
func (s Subject) capabilities(t *testing.T) {
	w := s.Start(t, wire.Options{})
	caps := w.Capabilities()
	require.NotEmpty(t, caps.Title)
	require.NotEmpty(t, caps.API.Source)
	require.Equal(t, caps.Idempotency == networks.IdempotencyKey, caps.KeyLasts > 0)
	if !caps.Manual {
		require.NotEmpty(t, caps.Idempotency)
		require.NotEmpty(t, caps.Reconciling)
	}
	if !caps.API.Retires.IsZero() {
		require.NotEmpty(t, caps.API.Version)
	}
}

func codes(violations []networks.Violation) []string {
	var found []string
	for _, v := range violations {
		found = append(found, v.Code)
	}
	return found
}
