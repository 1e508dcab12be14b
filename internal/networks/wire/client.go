// Package wire carries the connectors' HTTP: it knows whether a request left,
// refuses to send too late, follows no redirect, limits what it reads, and
// never lets net/http repeat a request that is not safe to repeat.
package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"behalf/internal/networks"
	"behalf/internal/telemetry"
)

const (
	// DefaultTimeout ends a call whose context ends later or never.
	DefaultTimeout = 30 * time.Second
	// DefaultMaxBody is how many bytes of an answer's body are read at most.
	DefaultMaxBody = 1 << 20
)

var (
	// ErrTooLarge ends an answer whose body exceeds the limit.
	ErrTooLarge = errors.New("answer exceeds the size limit")
	// ErrForbidden refuses an address that must not be asked.
	ErrForbidden = errors.New("the address must not be asked")
	// ErrNoHost says that the name of the host is known to nobody.
	ErrNoHost = errors.New("there is no such host")
)

// Options tune a Client; the zero value is good for production.
type Options struct {
	Timeout time.Duration    // per call; DefaultTimeout when zero
	MaxBody int64            // bytes; DefaultMaxBody when zero
	Now     func() time.Time // the clock of SendBefore; time.Now when nil
	Dial    DialFunc         // opens connections; a net.Dialer when nil
	Direct  bool             // asks no proxy of the environment, which would open connections that Dial never sees

	// Allow refuses a request before anything of it leaves; an error of it wraps
	// ErrForbidden. Nil allows everything.
	Allow func(*url.URL) error
}

// Client makes calls to one network. Safe for concurrent use.
type Client struct {
	http    *http.Client
	timeout time.Duration
}

// NewClient returns a client with a pool of connections of its own.
func NewClient(o Options) *Client {
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxBody == 0 {
		o.MaxBody = DefaultMaxBody
	}
	return &Client{timeout: o.Timeout, http: &http.Client{
		Transport:     newTransport(o),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// HTTP is the same client for libraries that want one. Give them the context of Track.
func (c *Client) HTTP() *http.Client { return c.http }

// Track bounds a call in time and follows its request. Call cancel when the
// answer has been read.
func (c *Client) Track(ctx context.Context) (tracked context.Context, p *Progress, cancel context.CancelFunc) {
	ctx, cancel = context.WithTimeout(ctx, c.timeout)
	p = &Progress{}
	return context.WithValue(ctx, progressKey{}, p), p, cancel
}

// Do makes one call and reads its whole answer. What went wrong is in the
// answer's Err, described without a word of the network's.
func (c *Client) Do(ctx context.Context, call networks.Call, r *http.Request) networks.Answer {
	ctx, progress, cancel := c.Track(ctx)
	defer cancel()
	ctx, span := telemetry.Span(ctx, "network "+string(call),
		attribute.String("http.request.method", r.Method), attribute.String("server.address", r.URL.Hostname()))
	defer span.End()
	answer := networks.Answer{Call: call}
	response, err := c.http.Do(r.WithContext(ctx))
	if err == nil {
		defer func() { _ = response.Body.Close() }()
		answer.Status, answer.Header = response.StatusCode, response.Header
		answer.Body, err = io.ReadAll(response.Body)
	}
	if err != nil {
		answer.Err = Describe(err)
		telemetry.Failed(span, answer.Err.Error())
	}
	span.SetAttributes(attribute.Int("http.response.status_code", answer.Status))
	answer.Sent = progress.Sent()
	return answer
}

// Close closes the idle connections of the pool.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Describe says what ended a call in words of ours: net/http and OAuth2
// libraries quote addresses and pieces of the answer. errors.Is still finds
// what is known.
func Describe(err error) error {
	for _, known := range []error{
		ErrTooLate, ErrTooLarge, ErrForbidden, context.DeadlineExceeded, context.Canceled, io.ErrUnexpectedEOF, io.EOF,
	} {
		if errors.Is(err, known) {
			return known
		}
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return ErrNoHost
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return fmt.Errorf("connection failed: %w", errno)
	}
	return errors.New("no usable answer")
}
