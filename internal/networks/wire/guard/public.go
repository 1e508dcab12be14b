package guard

import "net/netip"

// special4 are the IPv4 networks that are not public (IANA's registry of
// special-purpose addresses, RFC 6890 and its updates), and metadata services
// that stand at public addresses.
var special4 = prefixes(
	"0.0.0.0/8",        // this network
	"10.0.0.0/8",       // private
	"100.64.0.0/10",    // carrier-grade NAT; a metadata service at 100.100.100.200
	"127.0.0.0/8",      // loopback
	"168.63.129.16/32", // Azure's platform
	"169.254.0.0/16",   // link-local; the usual metadata service at 169.254.169.254
	"172.16.0.0/12",    // private
	"192.0.0.0/24",     // protocol assignments; a metadata service at 192.0.0.192
	"192.0.2.0/24",     // documentation
	"192.31.196.0/24",  // AS112
	"192.52.193.0/24",  // AMT
	"192.88.99.0/24",   // 6to4 relays
	"192.168.0.0/16",   // private
	"192.175.48.0/24",  // AS112
	"198.18.0.0/15",    // benchmarks
	"198.51.100.0/24",  // documentation
	"203.0.113.0/24",   // documentation
	"224.0.0.0/4",      // multicast
	"240.0.0.0/4",      // reserved, and broadcast
)

// global6 is all that has been given out as global unicast; what lies outside
// (loopback, link-local, unique local with fd00:ec2::254, multicast) is not public.
var global6 = netip.MustParsePrefix("2000::/3")

// special6 are networks within global6 that are not public, or that lead to an
// IPv4 address that somebody else chooses.
var special6 = prefixes(
	"2001::/23",         // protocol assignments, Teredo among them
	"2001:db8::/32",     // documentation
	"2002::/16",         // 6to4
	"3fff::/20",         // documentation
	"2620:4f:8000::/48", // AS112
)

// nat64 is the well-known prefix of RFC 6052: the last four bytes are an IPv4
// address, by which it is judged. The local prefix of RFC 8215 is not public.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// Public reports whether an address is one of the public internet, in whatever
// form it is written.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if a.Zone() != "" || !a.IsValid() {
		return false
	}
	if nat64.Contains(a) {
		bytes := a.As16()
		a = netip.AddrFrom4([4]byte(bytes[12:]))
	}
	if a.Is4() {
		return !contained(a, special4)
	}
	return global6.Contains(a) && !contained(a, special6)
}

func contained(a netip.Addr, networks []netip.Prefix) bool {
	for _, network := range networks {
		if network.Contains(a) {
			return true
		}
	}
	return false
}

func prefixes(texts ...string) []netip.Prefix {
	parsed := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		parsed[i] = netip.MustParsePrefix(text)
	}
	return parsed
}
