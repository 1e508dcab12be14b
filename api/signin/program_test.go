package signin

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProgram(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0":                                              "Firefox on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140": "Edge on Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1 (KHTML, like Gecko) Version/26 Safari/605.1":         "Safari on macOS",
		"Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36":            "Chrome on Android",
		"curl/8.0":                    "curl",
		"":                            "an unnamed program",
		"\x1b[31m\r\nüü/1":            "[31m",
		strings.Repeat("a", 100):      strings.Repeat("a", 40),
		strings.Repeat(" ", 60) + "b": "b",
	} {
		require.Equal(t, want, Program(agent), "%q", agent)
	}
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"203.0.113.9":          "203.0.113.0/24",
		"::ffff:203.0.113.9":   "203.0.113.0/24",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
		"fe80::1%eth0":         "fe80::/64",
		"":                     "unknown",
		"not an address":       "unknown",
	} {
		require.Equal(t, want, Network(address), address)
	}
}

// A token is its digits and their checksum; a slip of the pen is noticed
// without asking the database.
func TestTokenForm(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{sessionPrefix, tokenPrefix} {
		token := newToken(prefix)
		require.Regexp(t, `^`+prefix+`[0-9A-Za-z]{49}$`, token.Reveal())
		require.True(t, token.wellFormed())
		text := []byte(token.Reveal())
		for i := range text {
			changed := append([]byte{}, text...)
			changed[i] = map[bool]byte{true: 'b', false: 'a'}[text[i] == 'a']
			require.False(t, Token(changed).wellFormed(), "place %d", i)
		}
	}
	for _, text := range []Token{"", "bhf_", "bhs_" + Token(strings.Repeat("A", 43)), "bhx_" + newToken(tokenPrefix)[4:], newToken(tokenPrefix) + "A"} {
		require.False(t, text.wellFormed())
	}
}
