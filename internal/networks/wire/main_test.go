package wire_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// counting serves and counts requests whose head arrived.
func counting(t *testing.T, next http.HandlerFunc) (url string, arrived *atomic.Int64) {
	t.Helper()
	arrived = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived.Add(1)
		next(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, arrived
}

func newClient(t *testing.T, o wire.Options) *wire.Client {
	t.Helper()
	c := wire.NewClient(o)
	t.Cleanup(c.Close)
	return c
}

func request(t *testing.T, method, url string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ok(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	_, _ = io.WriteString(w, "ok")
}

// clock stands still until it is frozen past the deadline.
type clock struct{ late atomic.Bool }

var deadline = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func (c *clock) now() time.Time {
	if c.late.Load() {
		return deadline
	}
	return deadline.Add(-time.Nanosecond)
}

// freeze stands still past the deadline when the head of a request has been
// put into net/http's buffer, right before it is written.
func (c *clock) freeze(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { c.late.Store(true) }})
}

// freezing is a body during whose reading the process stands still past the deadline.
type freezing struct {
	io.Reader
	clock *clock
}

func (f freezing) Read(p []byte) (int, error) {
	f.clock.late.Store(true)
	return f.Reader.Read(p)
}

var publish = networks.CallPublish
