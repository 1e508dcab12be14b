package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/web"
)

// Only a proxy of ours is believed, and only what it has added itself.
func TestForwarded(t *testing.T) {
	t.Parallel()
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8::/32")}
	for name, test := range map[string]struct {
		from, header, want string
	}{
		"no proxy":            {"203.0.113.9:5", "198.51.100.1", "203.0.113.9:5"},
		"a proxy":             {"10.0.0.1:5", "198.51.100.1", "198.51.100.1:0"},
		"a proxy over IPv6":   {"[2001:db8::1]:5", "2001:db9::7", "[2001:db9::7]:0"},
		"two proxies":         {"10.0.0.1:5", "198.51.100.1, 10.2.3.4", "198.51.100.1:0"},
		"a lie before":        {"10.0.0.1:5", "192.0.2.1, 198.51.100.1", "198.51.100.1:0"},
		"nonsense before":     {"10.0.0.1:5", "drop table, 198.51.100.1", "198.51.100.1:0"},
		"nonsense":            {"10.0.0.1:5", "drop table", "10.0.0.1:5"},
		"nothing":             {"10.0.0.1:5", "", "10.0.0.1:5"},
		"proxies alone":       {"10.0.0.1:5", "10.0.0.3, 10.0.0.2", "10.0.0.3:0"},
		"as IPv4 within IPv6": {"[::ffff:10.0.0.1]:5", "::ffff:198.51.100.1", "198.51.100.1:0"},
		"with a zone":         {"10.0.0.1:5", "fe80::1%eth0", "[fe80::1]:0"},
	} {
		var seen string
		handler := web.Forwarded(proxies)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.RemoteAddr }))
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		request.RemoteAddr = test.from
		request.Header.Set("X-Forwarded-For", test.header)
		handler.ServeHTTP(httptest.NewRecorder(), request)
		require.Equal(t, test.want, seen, name)
	}
}

// Named origins may ask, without cookies; others get no header.
func TestCORS(t *testing.T) {
	t.Parallel()
	asked := 0
	handler := web.CORS([]string{"https://app.example"})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	ask := func(method, origin, wanted string) http.Header {
		request := httptest.NewRequestWithContext(t.Context(), method, "/v1/me", nil)
		request.Header.Set("Origin", origin)
		request.Header.Set("Access-Control-Request-Method", wanted)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		require.Equal(t, "Origin", answer.Header().Get("Vary"))
		require.Empty(t, answer.Header().Get("Access-Control-Allow-Credentials"))
		return answer.Header()
	}
	preflight := ask(http.MethodOptions, "https://app.example", http.MethodPost)
	require.Equal(t, "https://app.example", preflight.Get("Access-Control-Allow-Origin"))
	require.Contains(t, preflight.Get("Access-Control-Allow-Headers"), "Authorization")
	require.Zero(t, asked)
	require.Equal(t, "https://app.example", ask(http.MethodGet, "https://app.example", "").Get("Access-Control-Allow-Origin"))
	require.Equal(t, 1, asked)
	for _, other := range []string{"https://evil.example", "https://app.example.evil.example", "http://app.example", "null", ""} {
		for _, method := range []string{http.MethodOptions, http.MethodGet} {
			header := ask(method, other, http.MethodPost)
			require.Empty(t, header.Get("Access-Control-Allow-Origin"), other)
			require.Empty(t, header.Get("Access-Control-Allow-Headers"), other)
		}
	}
	plain := httptest.NewRecorder()
	web.CORS(nil)(http.NotFoundHandler()).ServeHTTP(plain, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	require.Empty(t, plain.Header().Get("Vary"), "without named origins nothing is said at all")
}
