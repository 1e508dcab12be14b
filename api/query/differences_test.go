package query

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/post"
)

// Whatever the two texts are, both can be put together again from the lines.
func TestLinesHoldBothTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 1, 8).Draw(t, "lines"), "\n")
		})
		from, to := text.Draw(t, "from"), text.Draw(t, "to")
		var one, other []string
		for _, line := range lines(from, to) {
			if line.In != "to" {
				one = append(one, line.Text)
			}
			if line.In != "from" {
				other = append(other, line.Text)
			}
		}
		require.Equal(t, from, strings.Join(one, "\n"))
		require.Equal(t, to, strings.Join(other, "\n"))
	})
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	news, blog, shop := domain.AccountID{15: 1}, domain.AccountID{15: 2}, domain.AccountID{15: 3}
	picture, described := post.Media{ID: domain.MediaID{15: 1}}, post.Media{ID: domain.MediaID{15: 1}, Alt: "A cat."}
	from := Revision{Text: "Hello\nyou", Link: "https://example.com/a", Media: []post.Media{picture}, Targets: []post.Destination{
		{Account: news}, {Account: blog, Identity: "author-1", Text: "Own"},
	}}
	to := Revision{Text: "Hello\nall", Link: "https://example.com/b", Media: []post.Media{described}, Targets: []post.Destination{
		{Account: blog, Identity: "author-2", Text: "Own"}, {Account: shop},
	}}
	require.Equal(t, []Change{
		{What: "text", Lines: []Line{{"both", "Hello"}, {"from", "you"}, {"to", "all"}}},
		{What: "link", From: "https://example.com/a", To: "https://example.com/b"},
		{What: "media", Added: []post.Media{described}, Removed: []post.Media{picture}},
		{What: "identity", Account: blog, From: "author-1", To: "author-2"},
		{What: "target_added", Account: shop},
		{What: "target_removed", Account: news},
	}, differences(from, to))
	require.Empty(t, differences(from, from))
}
