package guard_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/wire/guard"
)

func TestBase(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"blog.example":                      "https://blog.example",
		" blog.example/ ":                   "https://blog.example",
		"Blog.Example.":                     "https://blog.example",
		"https://blog.example":              "https://blog.example",
		"http://blog.example":               "https://blog.example",
		"http://blog.example:80/":           "https://blog.example",
		"https://blog.example:443/a/b/?x#y": "https://blog.example/a/b",
		"blog.example:8443":                 "https://blog.example:8443",
		"blog.example/news/":                "https://blog.example/news",
		"blog.example//news/../other":       "https://blog.example/other",
		"@me@social.example":                "https://social.example",
		"me@social.example":                 "https://social.example",
		"bücher.example":                    "https://xn--bcher-kva.example",
		"BÜCHER.example":                    "https://xn--bcher-kva.example",
		"bücher.example/größe":              "https://xn--bcher-kva.example/gr%C3%B6%C3%9Fe",
		"例え。テスト":                            "https://xn--r8jz45g.xn--zckzah",
	} {
		got, err := guard.Options{}.Base(typed)
		require.NoError(t, err, typed)
		require.Equal(t, want, got, typed)
	}
}

func TestWhatIsNoHost(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{
		"", " ", "localhost", "blog", "https://", "ftp://blog.example", "file:///etc/passwd", "https://user:pass@blog.example",
		"https://user@blog.example", "127.0.0.1", "https://127.0.0.1/", "8.8.8.8", "[::1]", "https://[::1]:443", "https://[::ffff:127.0.0.1]",
		"2130706433", "0x7f000001", "0x7f.1", "127.1", "0177.0.0.1", "blog.0x7f", "１２７.０.０.１", "blog.example:0", "blog.example:99999", "blog.example:",
		"blog example.org", "bl\x00og.example", "-blog.example", "blog..example", "https:blog.example", "javascript:alert(1)",
		strings.Repeat("a.", 130) + "example", "a.example/" + strings.Repeat("x", guard.MaxTyped), "blog.example%2f@evil.example%20",
	} {
		_, err := guard.Options{}.Base(typed)
		require.Equal(t, networks.Rejected, networks.KindOf(err), typed)
	}
	_, err := guard.Options{}.Base("http://127.0.0.1:80")
	require.Error(t, err)
	base, err := guard.Options{AllowLoopback: true}.Base("http://127.0.0.1:8080/x/")
	require.NoError(t, err)
	require.Equal(t, "http://127.0.0.1:8080/x", base)
	base, err = guard.Options{AllowLoopback: true}.Base("http://[::1]/")
	require.NoError(t, err)
	require.Equal(t, "http://[::1]", base)
}

func TestFollow(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{
		"https://www.blog.example/?rest_route=/": "https://www.blog.example",
		"/news/?x=1":                             "https://blog.example/news",
		"//other.example/a/":                     "https://other.example/a",
		"http://blog.example/":                   "https://blog.example",
		"http://127.0.0.1/":                      "",
		"https://user@blog.example/":             "",
		"gopher://blog.example/":                 "",
		"://":                                    "",
	} {
		require.Equal(t, want, guard.Options{}.Follow("https://blog.example/x", location), location)
	}
}

func FuzzBase(f *testing.F) {
	for _, typed := range []string{"blog.example", "@me@social.example", "https://bücher.example:8443/a b/", "http://127.0.0.1", "[::1]", "a.b%41", "x.y?u@v"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		base, err := guard.Options{}.Base(typed)
		if err != nil {
			require.Equal(t, networks.Rejected, networks.KindOf(err))
			return
		}
		address, err := url.Parse(base)
		require.NoError(t, err)
		require.Equal(t, "https", address.Scheme)
		require.Nil(t, address.User)
		require.Empty(t, address.RawQuery+address.Fragment)
		require.NotContains(t, address.Host, "@")
		require.Contains(t, address.Hostname(), ".")
		again, err := guard.Options{}.Base(base)
		require.NoError(t, err)
		require.Equal(t, base, again)
	})
}
