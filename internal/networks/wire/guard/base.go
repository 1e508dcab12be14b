package guard

import (
	"net"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"behalf/internal/networks"
)

// MaxTyped is how long what a person types may be, in bytes.
const MaxTyped = 2048

// Base turns what a person typed into the base address of a host: "https://",
// the host in lower case and ASCII, a port unless it is the usual one, and the
// path without a trailing slash. It takes host names, addresses of pages, and
// handles ("@me@social.example"). http becomes https. Its error is a *Failure
// of kind Rejected.
func (o Options) Base(typed string) (string, error) {
	text := strings.TrimSpace(typed)
	if text == "" || len(text) > MaxTyped {
		return "", malformed()
	}
	if !strings.Contains(text, "://") {
		if at := strings.LastIndexByte(text, '@'); at >= 0 {
			text = text[at+1:] // a handle
		}
		text = "https://" + text
	}
	address, err := url.Parse(text)
	if err != nil || address.User != nil || address.Opaque != "" || address.Scheme != "http" && address.Scheme != "https" {
		return "", malformed()
	}
	host, ok := o.hostname(address.Hostname())
	if !ok {
		return "", malformed()
	}
	scheme := "https"
	if address.Scheme == "http" && o.AllowLoopback && isLoopback(host) {
		scheme = "http"
	}
	port, ok := portOf(address, scheme)
	if !ok {
		return "", malformed()
	}
	base := url.URL{Scheme: scheme, Host: join(host, port), Path: strings.TrimSuffix(path.Clean("/"+address.Path), "/")}
	return base.String(), nil
}

// Follow is the base that a redirect leads to; empty when it leads nowhere that
// may be asked.
func (o Options) Follow(from, location string) string {
	start, err := url.Parse(from)
	if err != nil {
		return ""
	}
	to, err := start.Parse(location)
	if err != nil {
		return ""
	}
	base, err := o.Base(to.String())
	if err != nil {
		return ""
	}
	return base
}

// lookup is idna.Lookup, and minds the length of names and labels.
var lookup = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.VerifyDNSLength(true))

// hostname answers a name of the public DNS in its ASCII form (RFC 5891).
func (o Options) hostname(typed string) (string, bool) {
	if o.AllowLoopback && isLoopback(typed) {
		return typed, true
	}
	if _, err := netip.ParseAddr(typed); err == nil {
		return "", false
	}
	host, err := lookup.ToASCII(strings.TrimSuffix(typed, "."))
	if err != nil || !strings.Contains(host, ".") {
		return "", false
	}
	// What was typed may be malformed in a way that only its own ASCII form shows.
	if again, err := lookup.ToASCII(host); err != nil || again != host {
		return "", false
	}
	// The last label of a name has a letter in it; what has none is an IPv4
	// address in one of the forms that only some resolvers understand.
	last := host[strings.LastIndexByte(host, '.')+1:]
	if strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") {
		return "", false
	}
	return host, true
}

// portOf is empty for the scheme's usual port.
func portOf(address *url.URL, scheme string) (string, bool) {
	port := address.Port()
	if port == "" {
		return "", !strings.HasSuffix(address.Host, ":")
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return "", false
	}
	usual := map[string]uint64{"http": 80, "https": 443}
	if number == usual[scheme] || number == usual[address.Scheme] {
		return "", true
	}
	return strconv.FormatUint(number, 10), true
}

func join(host, port string) string {
	switch {
	case port != "":
		return net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		return "[" + host + "]"
	default:
		return host
	}
}

func malformed() error {
	return &networks.Failure{
		Kind: networks.Rejected, Code: "malformed_host",
		Detail: "This is not the address of a site on the internet. Type it as in example.com.",
	}
}
