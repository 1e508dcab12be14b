package chaos_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"

	"behalf/cmd/behalf/sitetest"
)

// gate stands before the network and counts the requests that publish: when
// they have arrived, and when they are handled. While it is shut they wait in
// between. What has arrived is handled whatever becomes of who sent it.
type gate struct {
	mutex   sync.Mutex
	opened  chan struct{} // closed: open
	arrived map[string]int
	handled map[string]int
}

func newGate() *gate {
	g := &gate{arrived: map[string]int{}, handled: map[string]int{}, opened: make(chan struct{})}
	close(g.opened)
	return g
}

func (g *gate) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, publishes := publishing(r)
		if !publishes {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // it has not arrived
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), sitetest.TestTime)
		defer cancel()
		r = r.WithContext(ctx)
		r.Body = io.NopCloser(bytes.NewReader(body))
		g.mutex.Lock()
		g.arrived[page]++
		opened := g.opened
		g.mutex.Unlock()
		<-opened
		defer func() {
			g.mutex.Lock()
			defer g.mutex.Unlock()
			g.handled[page]++
		}()
		next.ServeHTTP(w, r)
	})
}

// publishing answers the page that a request publishes to.
func publishing(r *http.Request) (page string, publishes bool) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/api/pages/"), "/")
	if r.Method != http.MethodPost || len(parts) < 2 {
		return "", false
	}
	last := parts[len(parts)-1]
	return parts[0], last == "posts" || last == "publish"
}

func (g *gate) shut() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.opened = make(chan struct{})
}

func (g *gate) open() {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	select {
	case <-g.opened:
	default:
		close(g.opened)
	}
}

// passed counts the pages that a request has arrived for, and that one was handled for.
func (g *gate) passed(cells []*cell) (arrived, handled int) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	for _, c := range cells {
		arrived += min(g.arrived[c.page], 1)
		handled += min(g.handled[c.page], 1)
	}
	return arrived, handled
}
