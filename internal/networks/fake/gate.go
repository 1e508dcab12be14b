package fake

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Gate stands in front of a network. Safe for concurrent use.
type Gate struct {
	next    http.Handler
	closing chan struct{}

	mu    sync.Mutex
	armed []*armed
	log   []Request
}

// Request is what arrived at a gate, whatever became of it.
type Request struct {
	Method, Path string
	Query        url.Values
	Header       http.Header
	Body         []byte
}

// Serve serves a network on loopback, behind a gate, until the test ends.
func Serve(t testing.TB, next http.Handler) (address string, g *Gate) {
	t.Helper()
	g = &Gate{next: next, closing: make(chan struct{})}
	server := httptest.NewServer(g)
	t.Cleanup(func() {
		close(g.closing)
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL, g
}

// ServeHTTP implements http.Handler.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // half a request is none
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	fault := g.receive(r, body)
	if fault == nil {
		g.next.ServeHTTP(w, r)
		return
	}
	fault.strike(w, r, body, g)
}

// receive logs a request and uses up one strike of the first fault that fits.
func (g *Gate) receive(r *http.Request, body []byte) *armed {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.log = append(g.log, Request{
		Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header.Clone(), Body: body,
	})
	i := slices.IndexFunc(g.armed, func(a *armed) bool {
		return matches(a.On, r.Method, r.URL.Path) && asks(r.URL.Query(), a.Query)
	})
	if i < 0 {
		return nil
	}
	fault := g.armed[i]
	switch fault.Times {
	case 0: // until cleared
	case 1:
		g.armed = slices.Delete(g.armed, i, i+1)
	default:
		fault.Times--
	}
	return fault
}

// Requests returns what arrived so far for a pattern of http.ServeMux, oldest
// first; all of it for "". Parts of the query narrow it.
func (g *Gate) Requests(pattern string, parts ...string) []Request {
	g.mu.Lock()
	defer g.mu.Unlock()
	var found []Request
	for _, r := range g.log {
		misses := func(part string) bool { return !asks(r.Query, part) }
		if matches(pattern, r.Method, r.Path) && !slices.ContainsFunc(parts, misses) {
			found = append(found, r)
		}
	}
	return found
}

// Arm lets calls fail from here on. The channel is closed when the fault has
// struck for the first time: with the kinds "after", when the call has had its
// effect, else as soon as the call has arrived.
func (g *Gate) Arm(f Fault) (struck <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	a := &armed{Fault: f, struck: make(chan struct{}), cleared: make(chan struct{})}
	g.armed = append(g.armed, a)
	return a.struck
}

// Clear disarms every fault that is still armed.
func (g *Gate) Clear() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, a := range g.armed {
		close(a.cleared)
	}
	g.armed = nil
}

// Reset disarms every fault and forgets what arrived: for a network that is too
// dear to be started for every test.
func (g *Gate) Reset() {
	g.Clear()
	g.mu.Lock()
	defer g.mu.Unlock()
	g.log = nil
}

// asks reports whether a query holds a part, unescaped.
func asks(query url.Values, part string) bool {
	if part == "" {
		return true
	}
	written, err := url.QueryUnescape(query.Encode())
	return err == nil && strings.Contains(written, part)
}

// matches reports whether a pattern of http.ServeMux names a call.
func matches(pattern, method, path string) bool {
	if pattern == "" {
		return true
	}
	mux := http.NewServeMux()
	mux.Handle(pattern, http.NotFoundHandler())
	_, found := mux.Handler(&http.Request{Method: method, URL: &url.URL{Path: path}})
	return found != ""
}
