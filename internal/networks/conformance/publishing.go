package conformance

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
)

// textAndLink publishes words, with and without a link.
func (s Subject) textAndLink(t *testing.T) {
	for name, content := range map[string]networks.Content{
		"text":          hello,
		"text and link": {Text: hello.Text, Link: s.Link},
		"lines":         {Text: "One\n\nTwo \"quoted\" \\ and | {three} [four]"},
		"addresses":     {Text: "See example.org, https://example.com/photo/1?a=1&section=2 and http://example.com/video/2 & <more>"},
	} {
		s.run(t, name, func(t *testing.T) {
			w := s.begin(t, wire.Options{})
			limits, err := w.Limits(t.Context(), w.Account)
			require.NoError(t, err)
			if limits.NeedsMedia {
				t.Skip("the network takes no post without media")
			}
			require.Empty(t, limits.Check(content))
			a, published, post := w.published(content)
			w.reads(limits, content, post)
			w.stands(a, published)
		})
	}
}

// pictures publishes one, and as many as the network takes.
func (s Subject) pictures(t *testing.T) {
	limits, err := s.limitsOf(t)
	require.NoError(t, err)
	if limits.Images.Max == 0 {
		t.Skip("the network takes no pictures")
	}
	for _, count := range []int{1, min(limits.Images.Max, 4)} {
		s.run(t, fmt.Sprint(count), func(t *testing.T) {
			w := s.begin(t, wire.Options{})
			content := networks.Content{Text: hello.Text}
			for i := range count {
				m := public(Picture(t, i))
				if limits.MaxAlt > 0 {
					m.Alt = fmt.Sprintf("Grey pattern \"%d\" – ü", i)
				}
				content.Media = append(content.Media, m)
			}
			require.Empty(t, limits.Check(content))
			a, published, post := w.published(content)
			w.reads(limits, content, post)
			w.stands(a, published)
			if w.Uploads != nil {
				require.Equal(t, count, w.Uploads(t))
			}
		})
	}
}

// film publishes one.
func (s Subject) film(t *testing.T) {
	limits, err := s.limitsOf(t)
	require.NoError(t, err)
	if limits.Videos.Max == 0 {
		t.Skip("the network takes no films")
	}
	w := s.begin(t, wire.Options{})
	content := networks.Content{Text: hello.Text, Media: []networks.Media{public(clip())}}
	require.Empty(t, limits.Check(content))
	a, published, post := w.published(content)
	w.reads(limits, content, post)
	w.stands(a, published)
}

// postingAs appears as somebody else, and is refused as nobody (R36, R39).
func (s Subject) postingAs(t *testing.T) {
	w := s.begin(t, wire.Options{})
	require.Equal(t, w.Identity != "", w.caps.PostingIdentities)
	w.session.Identity = "nobody-at-all"
	_, err := w.VerifyAccess(t.Context(), w.session)
	require.Equal(t, networks.NoPermission, networks.KindOf(err), "%v", err)
	if w.Identity == "" {
		return
	}
	w.session.Identity = w.Identity
	_, err = w.VerifyAccess(t.Context(), w.session)
	require.NoError(t, err)
	_, _, post := w.published(hello)
	require.Equal(t, w.Identity, post.Identity)
}

// reads compares what stands on the network with what was to be said.
func (s scene) reads(limits networks.Limits, c networks.Content, post fake.Post) {
	s.t.Helper()
	if limits.Link == networks.LinkInText {
		require.Equal(s.t, c.TextWithLink(), post.Text)
	} else {
		require.Equal(s.t, c.Text, post.Text)
		require.Equal(s.t, c.Link, post.Link)
	}
	require.Len(s.t, post.Media, len(c.Media))
	for i, m := range c.Media {
		require.Equal(s.t, m.Kind, post.Media[i].Kind)
		require.Equal(s.t, m.Alt, post.Media[i].Alt)
		if post.Media[i].Size != 0 {
			require.Equal(s.t, m.Size, post.Media[i].Size)
		}
	}
}

// stands asks the network for what was just published.
func (s scene) stands(a networks.Attempt, published networks.Published) {
	s.t.Helper()
	if !s.knows() {
		require.Equal(s.t, networks.Verdict{State: networks.Unknown}, s.verdict(a))
		return
	}
	require.Equal(s.t, networks.Verdict{State: networks.Live, Published: published}, s.verdict(a))
}

func (s Subject) limitsOf(t *testing.T) (networks.Limits, error) {
	t.Helper()
	w := s.Start(t, wire.Options{})
	return w.Limits(t.Context(), w.Account)
}
