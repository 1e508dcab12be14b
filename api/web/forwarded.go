package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Forwarded believes the X-Forwarded-For of the reverse proxies that are named,
// and of nobody else: everybody can send one. The client is the last address in
// it that is not a proxy's own. Without proxies the header is not looked at.
//
// Limits count by it, and histories record it: behind a proxy that is not named
// here all clients are one.
func Forwarded(proxies []netip.Prefix) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		if len(proxies) == 0 {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if client, found := client(r, proxies); found {
				forwarded := *r
				forwarded.RemoteAddr = net.JoinHostPort(client.String(), "0")
				r = &forwarded
			}
			next.ServeHTTP(w, r)
		})
	}
}

// client is who a proxy of ours forwards a request for. What cannot be read
// ends the search: nothing before it can be believed.
func client(r *http.Request, proxies []netip.Prefix) (found netip.Addr, forwarded bool) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return found, false
	}
	from, err := netip.ParseAddr(host)
	if err != nil || !among(proxies, from) {
		return found, false
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		found, forwarded = hop.Unmap().WithZone(""), true
		if !among(proxies, hop) {
			break
		}
	}
	return found, forwarded
}

func among(prefixes []netip.Prefix, address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	for _, prefix := range prefixes {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}
