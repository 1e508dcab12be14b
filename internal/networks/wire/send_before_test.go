package wire_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
)

func TestFrozenBeforeWritingOnAFreshConnection(t *testing.T) {
	t.Parallel()
	url, arrived := counting(t, ok)
	time := &clock{}
	dialed := false
	c := newClient(t, wire.Options{Now: time.now, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		dialed = true
		time.late.Store(true)
		return conn, err
	}})
	answer := c.Do(networks.SendBefore(t.Context(), deadline), publish, request(t, http.MethodPost, url, strings.NewReader("{}")))
	require.True(t, dialed)
	require.ErrorIs(t, answer.Err, wire.ErrTooLate)
	require.False(t, answer.Sent)
	require.Zero(t, arrived.Load())
}

func TestFrozenBeforeWritingOnAPooledConnection(t *testing.T) {
	t.Parallel()
	url, arrived := counting(t, ok)
	time := &clock{}
	var dials atomic.Int64
	c := newClient(t, wire.Options{Now: time.now, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		dials.Add(1)
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}})
	ctx := networks.SendBefore(t.Context(), deadline)
	answer := c.Do(ctx, publish, request(t, http.MethodPost, url, strings.NewReader("{}")))
	require.NoError(t, answer.Err)
	require.Equal(t, "ok", string(answer.Body))

	answer = c.Do(time.freeze(ctx), publish, request(t, http.MethodPost, url, strings.NewReader("{}")))
	require.ErrorIs(t, answer.Err, wire.ErrTooLate)
	require.False(t, answer.Sent)
	require.Equal(t, int64(1), arrived.Load())
	require.Equal(t, int64(1), dials.Load(), "the second request must have been about to reuse the connection")
}

func TestTooLateOverTLS(t *testing.T) {
	t.Parallel()
	var arrived atomic.Int64
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived.Add(1) }))
	t.Cleanup(server.Close)
	time := &clock{}
	c := newClient(t, wire.Options{Now: time.now})
	trust(c, server)
	ctx := networks.SendBefore(t.Context(), deadline)
	answer := c.Do(ctx, publish, request(t, http.MethodPost, server.URL, strings.NewReader("{}")))
	require.NoError(t, answer.Err)
	require.True(t, answer.Sent)

	answer = c.Do(time.freeze(ctx), publish, request(t, http.MethodPost, server.URL, strings.NewReader("{}")))
	require.ErrorIs(t, answer.Err, wire.ErrTooLate)
	require.False(t, answer.Sent)
	require.Equal(t, int64(1), arrived.Load())
}

// Once a request has begun to be written, the rest of it is refused as well,
// but nobody claims any more that nothing was sent.
func TestFrozenInTheMiddleOfARequest(t *testing.T) {
	t.Parallel()
	whole := make(chan bool, 1)
	url, _ := counting(t, func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		whole <- err == nil
	})
	time := &clock{}
	c := newClient(t, wire.Options{Now: time.now})
	// The length of such a body is unknown: net/http writes the head before it reads on.
	body := freezing{strings.NewReader("{}"), time}
	answer := c.Do(networks.SendBefore(t.Context(), deadline), publish, request(t, http.MethodPost, url, body))
	require.ErrorIs(t, answer.Err, wire.ErrTooLate)
	require.True(t, answer.Sent)
	require.False(t, <-whole, "the network must not have got a whole request")
}

// What the system still holds when a call ends is not delivered any more.
func TestNothingIsDeliveredLater(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	ctx, cancel := context.WithCancel(networks.SendBefore(t.Context(), deadline))
	accepted := make(chan net.Conn, 1)
	go func() {
		conn, err := listener.Accept()
		if err == nil {
			_, _ = conn.Read(make([]byte, 1))
		}
		cancel() // the call ends while most of it waits to be delivered
		accepted <- conn
	}()
	c := newClient(t, wire.Options{Now: (&clock{}).now})
	const more = 64 << 20 // than the system takes at once
	body := io.LimitReader(zeros{}, more)
	require.ErrorIs(t, c.Do(ctx, publish, request(t, http.MethodPost, "http://"+listener.Addr().String(), body)).Err, context.Canceled)
	conn := <-accepted
	defer func() { _ = conn.Close() }()
	_, err = io.Copy(io.Discard, conn)
	require.ErrorIs(t, err, syscall.ECONNRESET)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func TestWithoutADeadlineEverythingIsSent(t *testing.T) {
	t.Parallel()
	url, arrived := counting(t, ok)
	time := &clock{}
	time.late.Store(true)
	c := newClient(t, wire.Options{Now: time.now})
	ctx := networks.SendBefore(t.Context(), deadline)
	require.ErrorIs(t, c.Do(ctx, publish, request(t, http.MethodPost, url, strings.NewReader("{}"))).Err, wire.ErrTooLate)
	require.NoError(t, c.Do(t.Context(), publish, request(t, http.MethodPost, url, strings.NewReader("{}"))).Err)
	require.Equal(t, int64(1), arrived.Load())
}

func trust(c *wire.Client, server *httptest.Server) {
	roots := server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	wire.SetTLS(c, &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12})
}
