package links_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks/links"
)

func TestFind(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"none here, nor http:// or https://?":                    nil,
		"See https://a.example.":                                 {"https://a.example"},
		"(https://a.example/x_(y))":                              {"https://a.example/x_(y)"},
		"ä https://bücher.example/ö?x=1#y! and http://b.example": {"https://bücher.example/ö?x=1#y", "http://b.example"},
		"xhttps://a.example":                                     nil,
		"<https://a.example>":                                    {"https://a.example"},
		"https://a.example…":                                     {"https://a.example"},
		"\"https://a.example/b\"":                                {"https://a.example/b"},
		"https://user:pass@a.example/":                           nil,
		"https://a.example\nhttps://b.example":                   {"https://a.example", "https://b.example"},
	} {
		var found []string
		for _, span := range links.Find(text) {
			found = append(found, text[span.Start:span.End])
		}
		require.Equal(t, want, found, text)
	}
}

func FuzzFind(f *testing.F) {
	f.Add("See https://a.example/(x)). https://b")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, span := range links.Find(text) {
			require.GreaterOrEqual(t, span.Start, last)
			require.Greater(t, span.End, span.Start)
			require.LessOrEqual(t, span.End, len(text))
			last = span.End
		}
	})
}
