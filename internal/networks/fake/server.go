package fake

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// Server is a network on loopback, behind a gate, whose calls are no table: it
// says itself what it does not document.
type Server struct {
	*Gate
	URL string
	t   testing.TB
}

// Start serves a network until the test ends.
func Start(t testing.TB, network http.Handler) *Server {
	t.Helper()
	address, gate := Serve(t, network)
	return &Server{Gate: gate, URL: address, t: t}
}

// Undocumented fails the test: a connector sent what the network does not document.
func (s *Server) Undocumented(w http.ResponseWriter, r *http.Request, what string) {
	undocumented(s.t, w, r, what)
}

// Only checks that no parameter or field but these is there.
func Only(values url.Values, allowed ...string) (unknown string, ok bool) {
	for name, all := range values {
		if !slices.Contains(allowed, name) || len(all) != 1 && !strings.HasSuffix(name, "[]") {
			return name, false
		}
	}
	return "", true
}
