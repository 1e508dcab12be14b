package text_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks/text"
)

func TestUTF16(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"": 0, "aä字": 3, "👾": 2, "a👩‍🚀b": 7} {
		require.Equal(t, want, text.UTF16(s), s)
	}
	require.Equal(t, 5, text.CodePoints("a👩‍🚀b"))
}

// The figures are those of X's page on counting characters and of its rules.
func TestWeighted(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{
		"":                                0,
		"abc":                             3,
		"café":                            4,
		"cafe\u0301":                      4,
		"漢字":                              4,
		"“quoted” – dash":                 15,
		"👾":                               2,
		"🙋🏽":                              2,
		"👨‍🎤":                             2,
		"👨‍👩‍👧‍👦":                         2,
		"🇩🇪🇫🇷":                            4,
		"1️⃣":                             2,
		"🏴\U000e0067\U000e0062\U000e007f": 2,
		"❤️":                              2,
		"©":                               1,
		"👾👾a":                             5,
		"https://example.com":             23,
		"https://example.com/a/" + strings.Repeat("x", 300): 23,
		"see https://example.com/a.":                        28,
		"(https://example.com/a_(b))":                       25,
		"http://a.de":                                       23,
		"example.com":                                       23,
		"example.de":                                        10,
		"example.de/x":                                      23,
		"www.example.de":                                    23,
		"t.co":                                              23,
		"me@example.com":                                    14,
		"version 1.2.3":                                     13,
		"end.Nope":                                          8,
		"file.notadomain":                                   15,
		"https://a.com https://b.com":                       47,
	} {
		require.Equal(t, want, text.Weighted(s), s)
	}
}

func TestEssence(t *testing.T) {
	t.Parallel()
	for _, same := range [][2]string{
		{" One\r\n\r\ntwo ", "One\n\ntwo"},
		{"One\u00a0two\u200b", "One two"},
		{"see example.org.", "see http://example.org."},
		{"https://a.example/?b=1", "HTTP://a.example/?b=1"},
		{"cafe\u0301", "café"},
	} {
		require.Equal(t, text.Essence(same[0]), text.Essence(same[1]))
	}
	require.NotEqual(t, text.Essence("https://a.example/1"), text.Essence("https://a.example/2"))
	require.NotEqual(t, text.Essence("One"), text.Essence("one"))
}
