package wire_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
)

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	c := newClient(t, wire.Options{})
	answer := c.Do(t.Context(), publish, request(t, http.MethodPost, "http://"+listener.Addr().String(), strings.NewReader("{}")))
	require.ErrorIs(t, answer.Err, syscall.ECONNREFUSED)
	require.False(t, answer.Sent)
}

// A pooled connection that breaks after a POST was written must not make
// net/http send it again by itself.
func TestABrokenPooledConnectionIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"", "Idempotency-Key", "X-Idempotency-Key"} {
		notTriedAgain(t, header)
	}
}

func notTriedAgain(t *testing.T, header string) {
	t.Helper()
	url, arrived := counting(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.URL.Path == "/breaks" {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, "ok")
	})
	c := newClient(t, wire.Options{})
	require.NoError(t, c.Do(t.Context(), publish, request(t, http.MethodPost, url, strings.NewReader("{}"))).Err)
	r := request(t, http.MethodPost, url+"/breaks", strings.NewReader("{}"))
	if header != "" {
		r.Header.Set(header, "k")
	}
	answer := c.Do(t.Context(), publish, r)
	require.Error(t, answer.Err, header)
	require.True(t, answer.Sent, header)
	require.Equal(t, int64(2), arrived.Load(), header)
}

// Without a body net/http would repeat such a request.
func TestReplayableHeadersAreRefused(t *testing.T) {
	t.Parallel()
	url, arrived := counting(t, ok)
	c := newClient(t, wire.Options{})
	for _, header := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		r := request(t, http.MethodPost, url, nil)
		r.Header.Set(header, "k")
		answer := c.Do(t.Context(), publish, r)
		require.Error(t, answer.Err)
		require.False(t, answer.Sent)
	}
	require.Zero(t, arrived.Load())
}

func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	url, arrived := counting(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	answer := newClient(t, wire.Options{}).Do(t.Context(), publish, request(t, http.MethodPost, url, strings.NewReader("{}")))
	require.NoError(t, answer.Err)
	require.Equal(t, http.StatusTemporaryRedirect, answer.Status)
	require.Equal(t, int64(1), arrived.Load())
}

func TestSizeLimit(t *testing.T) {
	t.Parallel()
	url, _ := counting(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("a", len(r.URL.Query().Get("n"))))
	})
	c := newClient(t, wire.Options{MaxBody: 10})
	answer := c.Do(t.Context(), networks.CallRead, request(t, http.MethodGet, url+"?n=1234567890", nil))
	require.NoError(t, answer.Err)
	require.Len(t, answer.Body, 10)
	answer = c.Do(t.Context(), networks.CallRead, request(t, http.MethodGet, url+"?n=12345678901", nil))
	require.ErrorIs(t, answer.Err, wire.ErrTooLarge)
	require.Equal(t, http.StatusOK, answer.Status)
}

func TestEveryCallEnds(t *testing.T) {
	t.Parallel()
	released := make(chan struct{})
	url, _ := counting(t, func(http.ResponseWriter, *http.Request) { <-released })
	t.Cleanup(func() { close(released) }) // before the server is closed
	c := newClient(t, wire.Options{Timeout: 50 * time.Millisecond})
	answer := c.Do(context.Background(), publish, request(t, http.MethodPost, url, strings.NewReader("{}")))
	require.ErrorIs(t, answer.Err, context.DeadlineExceeded)
	require.True(t, answer.Sent)
}

// After the call has ended, what net/http still holds is not written any more.
func TestNothingIsWrittenAfterTheCallHasEnded(t *testing.T) {
	t.Parallel()
	url, arrived := counting(t, ok)
	c := newClient(t, wire.Options{})
	ctx, progress, cancel := c.Track(t.Context())
	defer cancel()
	require.False(t, progress.Sent()) // the caller has drawn its conclusion
	response, err := c.HTTP().Do(request(t, http.MethodPost, url, strings.NewReader("{}")).WithContext(ctx))
	if err == nil {
		_ = response.Body.Close()
	}
	require.Error(t, err)
	require.Zero(t, arrived.Load())
}

// brokenConn accepts no byte.
type brokenConn struct{ net.Conn }

func (brokenConn) Write([]byte) (int, error) { return 0, syscall.EPIPE }

func TestAWriteThatFailsWholeSendsNothing(t *testing.T) {
	t.Parallel()
	url, arrived := counting(t, ok)
	c := newClient(t, wire.Options{Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		return brokenConn{conn}, err
	}})
	answer := c.Do(t.Context(), publish, request(t, http.MethodPost, url, strings.NewReader("{}")))
	require.ErrorIs(t, answer.Err, syscall.EPIPE)
	require.False(t, answer.Sent)
	require.Zero(t, arrived.Load())
}

func TestDescribeQuotesNothing(t *testing.T) {
	t.Parallel()
	require.NotContains(t, wire.Describe(errors.New("malformed answer: secret")).Error(), "secret")
	require.ErrorIs(t, wire.Describe(&net.OpError{Op: "dial", Err: syscall.ECONNRESET}), syscall.ECONNRESET)
}
