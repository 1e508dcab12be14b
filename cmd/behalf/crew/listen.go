package crew

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"behalf/api/live/stream"
)

// Listening is an address to listen on and the flag that chooses it.
type Listening struct{ Flag, Address string }

// Listen listens, or says by which flag another address is chosen.
func (l Listening) Listen(ctx context.Context) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", l.Address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is taken by another program; choose another address with %s", l.Address, l.Flag)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s (%s): %w", l.Address, l.Flag, err)
	}
	return listener, nil
}

// ListenAll listens on all addresses or on none.
func ListenAll(ctx context.Context, all ...Listening) ([]net.Listener, error) {
	var listeners []net.Listener
	for _, one := range all {
		listener, err := one.Listen(ctx)
		if err != nil {
			CloseUnused(err, listeners)
			return nil, err
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

// CloseUnused closes listeners that nothing will be served on, because of err.
func CloseUnused(err error, listeners []net.Listener) {
	if err == nil {
		return
	}
	for _, listener := range listeners {
		_ = listener.Close()
	}
}

// ServeHTTP serves until ctx ends, and then lets running requests finish within
// drain; streams end at once.
func ServeHTTP(ctx context.Context, listener net.Listener, handler http.Handler, drain time.Duration) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		BaseContext: func(net.Listener) context.Context {
			return stream.Stopping(context.WithoutCancel(ctx), ctx)
		},
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := server.Shutdown(stopping); err != nil {
		_ = server.Close()
		return fmt.Errorf("requests were still running after %s: %w", drain, err)
	}
	return nil
}
