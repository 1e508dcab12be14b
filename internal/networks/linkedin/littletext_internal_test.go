package linkedin

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestLittleText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain":             "plain",
		"#news":             `{hashtag|\#|news}`,
		"on #Zürich_now!":   `on {hashtag|\#|Zürich\_now}!`,
		"C# and #1":         `C\# and \#1`,
		"a_b (c) [d] @e":    `a\_b \(c\) \[d\] \@e`,
		`back\slash`:        `back\\slash`,
		"https://a.io/#top": `https://a.io/\#top`,
		"#a #b":             `{hashtag|\#|a} {hashtag|\#|b}`,
	} {
		require.Equal(t, want, little(text), text)
		require.Equal(t, text, plain(want), text)
	}
}

// What is written can be read back, whatever it is.
func TestLittleTextIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune(`ab #|\{}@[]()<>*_~ü1/&`))).Draw(t, "text")
		if got := plain(little(text)); got != text {
			t.Fatalf("%q became %q", text, got)
		}
	})
}
