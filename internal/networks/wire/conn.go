package wire

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// ErrTooLate refuses to write a request at or after the instant of networks.SendBefore.
var ErrTooLate = errors.New("the time to send has passed")

// DialFunc opens a connection.
type DialFunc func(ctx context.Context, network, address string) (net.Conn, error)

type progressKey struct{}

var errEnded = errors.New("the call has ended")

// Progress follows one call's request. Bytes are counted at the connection:
// httptrace's WroteHeaders fires when they are merely buffered.
type Progress struct {
	mu      sync.Mutex
	written int
	ended   bool
}

// Sent ends the call and reports whether any byte of its request was handed to
// the system. What net/http may still hold in its buffers is refused from here
// on, so that the answer stays true.
func (p *Progress) Sent() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	return p.written > 0
}

// begin counts bytes as written before they are, so that Sent errs towards yes.
func (p *Progress) begin(bytes int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		return false
	}
	p.written += bytes
	return true
}

// settle takes back what the system did not accept.
func (p *Progress) settle(unwritten int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.written -= unwritten
}

// guardedConn checks every write against the request that it belongs to. A
// connection of HTTP/1.1 carries one request at a time, and is armed anew when
// it is taken from the pool.
type guardedConn struct {
	net.Conn
	now func() time.Time

	mu       sync.Mutex
	ends     time.Time // zero: no limit
	progress *Progress // nil while the connection is being set up
}

// arm binds the connection to a request.
func (c *guardedConn) arm(ends time.Time, p *Progress) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ends, c.progress = ends, p
}

// Write is the last thing of ours before the system call. What remains
// unguarded is the instant between the check and the call itself.
func (c *guardedConn) Write(b []byte) (int, error) {
	c.mu.Lock()
	ends, progress := c.ends, c.progress
	c.mu.Unlock()
	if !ends.IsZero() && passed(c.now(), ends) {
		return 0, ErrTooLate
	}
	if progress == nil {
		return c.Conn.Write(b)
	}
	if !progress.begin(len(b)) {
		return 0, errEnded
	}
	n, err := c.Conn.Write(b)
	progress.settle(len(b) - n)
	return n, err
}

// Close takes a request that must not be late back from the system, as far as
// it has not left: the system would go on delivering it for minutes, past an
// outage in which the network was asked and answered that there is no such post.
func (c *guardedConn) Close() error {
	c.mu.Lock()
	timed := !c.ends.IsZero()
	c.mu.Unlock()
	if tcp, ok := c.Conn.(interface{ SetLinger(seconds int) error }); ok && timed {
		_ = tcp.SetLinger(0) // resets the connection
	}
	return c.Conn.Close()
}

// passed looks at both clocks: the monotonic one stands still while a machine
// is suspended, the wall clock can be set back.
func passed(now, ends time.Time) bool {
	return !now.Before(ends) || !now.Round(0).Before(ends.Round(0))
}

// unwrap finds the guarded connection below TLS.
func unwrap(conn net.Conn) *guardedConn {
	for conn != nil {
		switch c := conn.(type) {
		case *guardedConn:
			return c
		case interface{ NetConn() net.Conn }:
			conn = c.NetConn()
		default:
			return nil
		}
	}
	return nil
}
