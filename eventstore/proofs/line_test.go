//go:build long && linux

package proofs

import (
	"io"
	"net"
	"net/url"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// line is a network between clients and a server, which can be cut so that
// neither side is told. To close a connection, or only to stop reading it, is
// not that: the kernel would say goodbye, or go on answering probes.
type line struct {
	t        *testing.T
	server   string
	listener net.Listener
	mutex    sync.Mutex
	conns    []*net.TCPConn
	running  sync.WaitGroup
}

// stretch makes a line to the server of an address.
func stretch(t *testing.T, address string) *line {
	t.Helper()
	parsed, err := url.Parse(address)
	require.NoError(t, err)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	l := &line{t: t, server: parsed.Host, listener: listener}
	l.running.Go(l.accept)
	t.Cleanup(func() {
		_ = listener.Close()
		l.each(func(conn *net.TCPConn) { _ = conn.Close() })
		l.running.Wait()
	})
	return l
}

func (l *line) address() string { return l.listener.Addr().String() }

func (l *line) each(do func(*net.TCPConn)) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, conn := range l.conns {
		do(conn)
	}
}

func (l *line) accept() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", l.server)
		if err != nil {
			_ = near.Close()
			continue
		}
		l.mutex.Lock()
		l.conns = append(l.conns, near.(*net.TCPConn), far.(*net.TCPConn))
		l.mutex.Unlock()
		for _, ends := range [][2]net.Conn{{near, far}, {far, near}} {
			l.running.Go(func() {
				_, _ = io.Copy(ends[0], ends[1])
				_ = ends[0].Close()
				_ = ends[1].Close()
			})
		}
	}
}

// vanish has every packet dropped that arrives on the line, before the kernel
// looks at it, and lets nobody in any more. Nothing arrives, hence nothing is
// passed on or answered: no data, no goodbye, no answer to a probe.
func (l *line) vanish() {
	_ = l.listener.Close()
	l.each(func(conn *net.TCPConn) {
		require.NoError(l.t, conn.SetKeepAlive(false))
		raw, err := conn.SyscallConn()
		require.NoError(l.t, err)
		var attached error
		require.NoError(l.t, raw.Control(func(fd uintptr) {
			drop := []syscall.SockFilter{{Code: syscall.BPF_RET | syscall.BPF_K}} // accept 0 bytes
			attached = syscall.AttachLsf(int(fd), drop)                           //nolint:staticcheck // the replacement is another dependency
		}))
		require.NoError(l.t, attached)
	})
}
