package capture

import (
	"context"
	"net"
	"sync"
)

// listener knows its open connections, so that stopping leaves none behind:
// the SMTP server does not see one that it has accepted but not greeted yet.
type listener struct {
	net.Listener

	mutex   sync.Mutex
	open    map[*conn]struct{}
	stopped bool
	all     sync.WaitGroup
}

func listen(address string) (*listener, error) {
	inner, err := new(net.ListenConfig).Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, err
	}
	return &listener{Listener: inner, open: map[*conn]struct{}{}}, nil
}

func (l *listener) Accept() (net.Conn, error) {
	inner, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.stopped {
		_ = inner.Close()
		return nil, net.ErrClosed
	}
	c := &conn{Conn: inner, listener: l}
	l.open[c] = struct{}{}
	l.all.Add(1)
	return c, nil
}

func (l *listener) stop() {
	_ = l.Listener.Close()
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.stopped = true
	for c := range l.open {
		_ = c.Conn.Close() // its goroutine sees that and calls conn.Close
	}
}

func (l *listener) wait() { l.all.Wait() }

type conn struct {
	net.Conn

	listener *listener
	once     sync.Once
}

func (c *conn) Close() error {
	c.once.Do(func() {
		c.listener.mutex.Lock()
		defer c.listener.mutex.Unlock()
		delete(c.listener.open, c)
		c.listener.all.Done()
	})
	return c.Conn.Close()
}
