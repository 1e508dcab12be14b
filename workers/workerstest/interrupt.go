package workerstest

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync"

	"github.com/stretchr/testify/require"
)

// Interruption stands between the workers and Redis, and can cut them off.
type Interruption struct {
	network, address string

	mutex sync.Mutex
	cut   bool
	open  map[net.Conn]bool
}

// Interruptible puts an Interruption before the world's Redis, for workers that
// are started from now on.
func (w *World) Interruptible() *Interruption {
	w.Helper()
	address, err := url.Parse(w.Redis)
	require.NoError(w, err)
	i := &Interruption{network: "unix", address: address.Path, open: map[net.Conn]bool{}}
	if address.Scheme != "unix" {
		i.network, i.address = "tcp", address.Host
	}
	var listening net.ListenConfig
	listener, err := listening.Listen(w.Ctx, "tcp", "127.0.0.1:0")
	require.NoError(w, err)
	w.Redis = "redis://" + listener.Addr().String() + "/0"
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { i.serve(conn) })
		}
	})
	w.Cleanup(func() {
		_ = listener.Close()
		i.Interrupt()
		serving.Wait()
	})
	return i
}

// Interrupt ends all connections and refuses new ones.
func (i *Interruption) Interrupt() {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.cut = true
	for conn := range i.open {
		_ = conn.Close()
	}
}

// Restore lets connections through again.
func (i *Interruption) Restore() {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.cut = false
}

func (i *Interruption) serve(from net.Conn) {
	defer i.forget(from)
	if !i.keep(from) {
		return
	}
	var dialer net.Dialer
	to, err := dialer.DialContext(context.Background(), i.network, i.address)
	if err != nil {
		return
	}
	defer i.forget(to)
	if !i.keep(to) {
		return
	}
	ended := make(chan struct{}, 2)
	for _, pair := range [][2]net.Conn{{from, to}, {to, from}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1])
			ended <- struct{}{}
		}()
	}
	<-ended
	_ = from.Close()
	_ = to.Close()
	<-ended
}

func (i *Interruption) keep(conn net.Conn) bool {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	i.open[conn] = true
	return !i.cut
}

func (i *Interruption) forget(conn net.Conn) {
	i.mutex.Lock()
	defer i.mutex.Unlock()
	delete(i.open, conn)
	_ = conn.Close()
}
