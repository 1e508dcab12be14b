package text

import (
	"regexp"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// candidates are what may be an address: with a scheme, or a bare host name.
var candidates = regexp.MustCompile(`(?i)(https?://)?((?:[a-z0-9\p{L}](?:[a-z0-9\p{L}_-]*[a-z0-9\p{L}])?\.)+[a-z\p{L}]{2,63})(:\d+)?((?:/[^\s<>"]*|\?[^\s<>"]*|#[^\s<>"]*)?)`)

// addresses finds what X takes for an address, as begin and end in bytes: after
// a scheme any host of a known top-level domain; without one the same, but for
// a single name below a country's domain and no path ("example.de").
func addresses(s string) [][2]int {
	var found [][2]int
	for _, m := range candidates.FindAllStringSubmatchIndex(s, -1) {
		scheme, host, path := m[2] >= 0, strings.ToLower(s[m[4]:m[5]]), s[m[8]:m[9]]
		if !known(host) || !begins(s[:m[0]], scheme) || !scheme && path == "" && shortCountry(host) {
			continue
		}
		found = append(found, [2]int{m[0], m[1] - trailing(path)})
	}
	return found
}

// known reports whether a host ends in a top-level domain that exists.
func known(host string) bool {
	_, icann := publicsuffix.PublicSuffix(host[strings.LastIndexByte(host, '.')+1:])
	return icann
}

// shortCountry is one name below a top-level domain of two letters; .co and .tv
// count as any other.
func shortCountry(host string) bool {
	domain := host[strings.LastIndexByte(host, '.')+1:]
	return strings.Count(host, ".") == 1 && len(domain) == 2 && domain != "co" && domain != "tv"
}

// begins reports whether an address may begin behind this text.
func begins(before string, scheme bool) bool {
	if before == "" {
		return true
	}
	last := before[len(before)-1]
	if strings.IndexByte("@$#", last) >= 0 || last >= '0' && last <= '9' || last >= 'a' && last <= 'z' || last >= 'A' && last <= 'Z' {
		return false
	}
	return scheme || strings.IndexByte("-_./", last) < 0
}

// trailing is how many bytes at the end of a path are punctuation of the sentence.
func trailing(path string) int {
	kept := strings.TrimRight(path, ".,:;!?'\"…")
	for strings.HasSuffix(kept, ")") && strings.Count(kept, "(") < strings.Count(kept, ")") {
		kept = strings.TrimRight(kept[:len(kept)-1], ".,:;!?'\"…")
	}
	return len(path) - len(kept)
}
