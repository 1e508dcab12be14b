package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"

	"behalf/internal/networks"
)

// ErrReplayable refuses a header that makes net/http repeat a POST without a
// body by itself when a pooled connection breaks, written or not.
var ErrReplayable = errors.New("the Idempotency-Key header makes net/http send a request without a body twice")

// transport guards every request of an http.Transport.
type transport struct {
	base    *http.Transport
	maxBody int64
	allow   func(*url.URL) error
}

func newTransport(o Options) *transport {
	now, dial := o.Now, o.Dial
	if now == nil {
		now = time.Now
	}
	if dial == nil {
		dial = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 15 * time.Second}).DialContext
	}
	proxy := http.ProxyFromEnvironment
	if o.Direct {
		proxy = nil
	}
	return &transport{maxBody: o.MaxBody, allow: o.Allow, base: &http.Transport{
		Proxy: proxy,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &guardedConn{Conn: conn, now: now}, nil
		},
		// HTTP/1.1 only: a connection of HTTP/2 carries many requests at once,
		// so that its writes could not be told apart.
		TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{},
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConnsPerHost:    256, // what is due in one moment finds them where others were before
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}}
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	ends, _ := networks.SendingEnds(ctx)
	progress, _ := ctx.Value(progressKey{}).(*Progress)
	if progress == nil {
		progress = &Progress{}
	}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if conn := unwrap(info.Conn); conn != nil {
			conn.arm(ends, progress)
		}
	}})
	r = r.Clone(ctx)
	if t.allow != nil {
		if err := t.allow(r.URL); err != nil {
			_ = closeBody(r)
			return nil, err
		}
	}
	if !safe(r.Method) {
		// Without GetBody a request that was written, even in part, is never
		// repeated, as long as it has a body: net/http takes the key for a promise
		// that it may repeat what it can, and a body that it cannot rewind it cannot.
		r.GetBody = nil
		if (r.Body == nil || r.Body == http.NoBody) && hasKey(r.Header) {
			return nil, ErrReplayable
		}
	}
	response, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = &limitedBody{body: response.Body, left: t.maxBody}
	return response, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections reach the pool.
func (t *transport) CloseIdleConnections() { t.base.CloseIdleConnections() }

func safe(method string) bool {
	return method == "" || method == http.MethodGet || method == http.MethodHead
}

// hasKey looks for both headers that net/http looks for.
func hasKey(h http.Header) bool {
	return h.Get("Idempotency-Key") != "" || h.Get("X-Idempotency-Key") != ""
}

func closeBody(r *http.Request) error {
	if r.Body == nil {
		return nil
	}
	return r.Body.Close()
}

// limitedBody fails with ErrTooLarge instead of ending early.
type limitedBody struct {
	body io.ReadCloser
	left int64
}

func (b *limitedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n - 1, ErrTooLarge
	}
	return n, err
}

func (b *limitedBody) Close() error { return b.body.Close() }
