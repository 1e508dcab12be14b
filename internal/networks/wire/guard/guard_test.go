package guard_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/net/dns/dnsmessage"

	"behalf/internal/networks"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wire/guard"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// served counts the requests that reach a server on this machine.
func served(t *testing.T, answer http.HandlerFunc) (address string, arrived *atomic.Int64) {
	t.Helper()
	arrived = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		arrived.Add(1)
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, arrived
}

func ask(t *testing.T, o guard.Options, address string) networks.Answer {
	t.Helper()
	client := wire.NewClient(o.Wire(wire.Options{}))
	t.Cleanup(client.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	return client.Do(t.Context(), networks.CallRead, r)
}

func fine(http.ResponseWriter, *http.Request) {}

func TestLoopbackIsForTests(t *testing.T) {
	t.Parallel()
	address, arrived := served(t, fine)
	answer := ask(t, guard.Options{}, address)
	require.ErrorIs(t, answer.Err, wire.ErrForbidden)
	require.False(t, answer.Sent)
	answer = ask(t, guard.Options{}, strings.Replace(address, "http://", "https://", 1))
	require.ErrorIs(t, answer.Err, wire.ErrForbidden)
	require.Zero(t, arrived.Load())

	require.NoError(t, ask(t, guard.Options{AllowLoopback: true}, address).Err)
	require.Equal(t, int64(1), arrived.Load())
	answer = ask(t, guard.Options{AllowLoopback: true}, "http://10.0.0.1/")
	require.ErrorIs(t, answer.Err, wire.ErrForbidden)
	answer = ask(t, guard.Options{AllowLoopback: true}, "https://user:pass@127.0.0.1/")
	require.ErrorIs(t, answer.Err, wire.ErrForbidden)
}

func TestLiteralsThatAreNotPublic(t *testing.T) {
	t.Parallel()
	for _, text := range notPublic {
		literal := strings.ReplaceAll(netip.MustParseAddr(text).String(), "%", "%25")
		if strings.Contains(literal, ":") {
			literal = "[" + literal + "]"
		}
		answer := ask(t, guard.Options{}, "https://"+literal+"/")
		require.ErrorIs(t, answer.Err, wire.ErrForbidden, text)
		require.False(t, answer.Sent)
	}
}

func TestPortsOfOtherServices(t *testing.T) {
	t.Parallel()
	require.ErrorIs(t, ask(t, guard.Options{}, "https://8.8.8.8:25/").Err, wire.ErrForbidden)
}

// names answers every question for an IPv4 address with the next of its
// addresses, over a connection in memory.
type names struct {
	addresses []string
	asked     atomic.Int64
}

func (n *names) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go n.answer(theirs)
		return ours, nil
	}}
}

func (n *names) answer(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	buffer := make([]byte, 2048) // two bytes of length, because a pipe is no packet connection
	if _, err := conn.Read(buffer[:2]); err != nil {
		return
	}
	length, err := conn.Read(buffer)
	if err != nil {
		return
	}
	var parser dnsmessage.Parser
	header, err := parser.Start(buffer[:length])
	if err != nil {
		return
	}
	question, err := parser.Question()
	if err != nil {
		return
	}
	message := dnsmessage.Message{
		Header: dnsmessage.Header{ID: header.ID, Response: true, Authoritative: true}, Questions: []dnsmessage.Question{question},
	}
	if question.Type == dnsmessage.TypeA && len(n.addresses) > 0 {
		next := n.addresses[int(n.asked.Add(1)-1)%len(n.addresses)]
		message.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: question.Name, Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET},
			Body:   &dnsmessage.AResource{A: netip.MustParseAddr(next).As4()},
		}}
	}
	if len(n.addresses) == 0 {
		message.RCode = dnsmessage.RCodeNameError
	}
	packed, err := message.Pack()
	if err == nil {
		_, _ = conn.Write(append([]byte{byte(len(packed) >> 8), byte(len(packed))}, packed...))
	}
}

func TestNamesThatLeadInside(t *testing.T) {
	t.Parallel()
	for _, inside := range []string{"127.0.0.1", "10.1.2.3", "169.254.169.254"} {
		n := &names{addresses: []string{inside}}
		answer := ask(t, guard.Options{Resolver: n.resolver()}, "https://evil.example/")
		require.ErrorIs(t, answer.Err, wire.ErrForbidden, inside)
		require.False(t, answer.Sent)
	}
	n := &names{}
	require.ErrorIs(t, ask(t, guard.Options{Resolver: n.resolver()}, "https://nobody.example/").Err, wire.ErrNoHost)
}

// A name that answers differently the second time: it is looked up once for a
// connection, and what was looked up is what is checked.
func TestRebinding(t *testing.T) {
	t.Parallel()
	address, arrived := served(t, fine)
	port := address[strings.LastIndexByte(address, ':'):]
	n := &names{addresses: []string{"127.0.0.1", "10.0.0.1"}}
	client := wire.NewClient(guard.Options{AllowLoopback: true, Resolver: n.resolver()}.Wire(wire.Options{Allow: nil}))
	t.Cleanup(client.Close)
	for i := range 4 {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://evil.example"+port+"/", nil)
		require.NoError(t, err)
		answer := client.Do(t.Context(), networks.CallRead, r)
		require.Error(t, answer.Err) // the server speaks no TLS
		require.Equal(t, i%2 == 1, isForbidden(answer.Err), i)
		require.Equal(t, int64(i+1), n.asked.Load(), "looked up once for each connection")
	}
	require.Zero(t, arrived.Load())
}

func isForbidden(err error) bool { return strings.Contains(err.Error(), wire.ErrForbidden.Error()) }

// A redirect comes back as an answer; following it would be another request,
// which the guard sees.
func TestRedirectsInside(t *testing.T) {
	t.Parallel()
	address, arrived := served(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
	})
	answer := ask(t, guard.Options{AllowLoopback: true}, address)
	require.NoError(t, answer.Err)
	require.Equal(t, http.StatusFound, answer.Status)
	require.Equal(t, int64(1), arrived.Load())
	require.ErrorIs(t, ask(t, guard.Options{AllowLoopback: true}, answer.Header.Get("Location")).Err, wire.ErrForbidden)
}

// No proxy of the environment is asked: it would look the name up by itself.
func TestNoProxy(t *testing.T) {
	proxy, arrived := served(t, fine)
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, proxy)
	}
	n := &names{addresses: []string{"10.0.0.1"}}
	require.ErrorIs(t, ask(t, guard.Options{Resolver: n.resolver()}, "https://evil.example/").Err, wire.ErrForbidden)
	require.Zero(t, arrived.Load())
	require.True(t, guard.Options{}.Wire(wire.Options{}).Direct)
}
