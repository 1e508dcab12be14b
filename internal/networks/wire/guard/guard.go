// Package guard reaches hosts that people type without letting them reach what
// only this machine can reach: it connects to public addresses alone, over
// HTTPS alone, and through no proxy.
package guard

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"behalf/internal/networks/wire"
)

const (
	dialTimeout = 10 * time.Second
	keepAlive   = 15 * time.Second
)

// Options of a guard. The zero value is the one for production.
type Options struct {
	// AllowLoopback lets a test reach servers on this machine, over HTTP as well.
	AllowLoopback bool
	// Resolver of names; the system's when nil.
	Resolver *net.Resolver
}

// Wire adds the guard to the options of a client.
//
// A name is looked up once, by the dialer itself, and what it is about to
// connect to is checked then, so that a second answer of the name's owner cannot
// lead elsewhere. A proxy would look names up by itself: the client asks none.
func (o Options) Wire(w wire.Options) wire.Options {
	dialer := &net.Dialer{
		Timeout: dialTimeout, KeepAlive: keepAlive, Resolver: o.Resolver,
		ControlContext: func(_ context.Context, network, address string, _ syscall.RawConn) error {
			return o.check(network, address)
		},
	}
	if w.Dial == nil || !o.AllowLoopback { // a test may bring a dialer of its own
		w.Dial = dialer.DialContext
	}
	w.Direct, w.Allow = true, o.allow
	return w
}

// check sees the very address that the system is about to be asked to connect to.
func (o Options) check(network, address string) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("%w: no address of the internet", wire.ErrForbidden)
	}
	if o.AllowLoopback && target.Addr().Unmap().IsLoopback() {
		return nil
	}
	if port := target.Port(); port != 443 && port < 1024 {
		return fmt.Errorf("%w: a port of another service", wire.ErrForbidden)
	}
	if !Public(target.Addr()) {
		return fmt.Errorf("%w: not a public address", wire.ErrForbidden)
	}
	return nil
}

// allow sees every request before anything is looked up.
func (o Options) allow(u *url.URL) error {
	switch {
	case u.User != nil || u.Host == "":
		return fmt.Errorf("%w: malformed", wire.ErrForbidden)
	case u.Scheme == "https", u.Scheme == "http" && o.AllowLoopback && isLoopback(u.Hostname()):
		return nil
	default:
		return fmt.Errorf("%w: not https", wire.ErrForbidden)
	}
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.Unmap().IsLoopback()
}
