package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"sync"

	gomail "github.com/wneessen/go-mail"
)

// ErrAddress says what is wrong with an SMTP address, which may hold a
// password: texts that wrap it never repeat the address.
var ErrAddress = errors.New("malformed smtp address")

// server is an SMTP address, taken apart.
type server struct {
	host     string
	port     int
	tls      bool // from the first byte (RFC 8314)
	starttls gomail.TLSPolicy
	user     *url.Userinfo
}

// parse reads smtp://user:password@host:port or smtps://…. The ports default
// to 587 and 465. With smtp, STARTTLS is required, except on a loopback host,
// where it is used when offered; ?starttls=required, optional or off says
// otherwise.
func parse(address string) (server, error) {
	u, err := url.Parse(address)
	if err != nil {
		return server{}, fmt.Errorf("%w: not an address", ErrAddress)
	}
	s := server{host: u.Hostname(), user: u.User, tls: u.Scheme == "smtps"}
	switch {
	case !s.tls && u.Scheme != "smtp":
		return server{}, fmt.Errorf("%w: the scheme is smtp or smtps", ErrAddress)
	case s.host == "":
		return server{}, fmt.Errorf("%w: the host is missing", ErrAddress)
	case u.Path != "" && u.Path != "/":
		return server{}, fmt.Errorf("%w: there is no path in it", ErrAddress)
	}
	if s.port, err = port(u.Port(), s.tls); err != nil {
		return server{}, err
	}
	s.starttls, err = policy(u.Query(), s)
	return s, err
}

func port(written string, tls bool) (int, error) {
	switch {
	case written == "" && tls:
		return gomail.DefaultPortSSL, nil
	case written == "":
		return gomail.DefaultPortTLS, nil
	}
	number, err := strconv.ParseUint(written, 10, 16)
	if err != nil || number == 0 {
		return 0, fmt.Errorf("%w: the port is a number from 1 to 65535", ErrAddress)
	}
	return int(number), nil
}

func policy(query url.Values, s server) (gomail.TLSPolicy, error) {
	for key := range query {
		if key != "starttls" {
			return 0, fmt.Errorf("%w: the only parameter is starttls", ErrAddress)
		}
	}
	switch wanted := query.Get("starttls"); {
	case s.tls && wanted != "":
		return 0, fmt.Errorf("%w: starttls is for smtp, not smtps", ErrAddress)
	case s.tls, wanted == "off":
		return gomail.NoTLS, nil
	case wanted == "optional", wanted == "" && isLoopback(s.host):
		return gomail.TLSOpportunistic, nil
	case wanted == "required", wanted == "":
		return gomail.TLSMandatory, nil
	}
	return 0, fmt.Errorf("%w: starttls is required, optional or off", ErrAddress)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// dial connects, with TLS from the first byte where the address says so.
func (s *Sender) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s.server.tls {
		return (&tls.Dialer{Config: s.trust}).DialContext(ctx, network, address)
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// wire keeps hold of a sending's connection. The SMTP client leaves it open
// when something fails between dialling and the first mail, and does not look
// at its context once it has dialled.
type wire struct {
	mutex  sync.Mutex
	conn   net.Conn
	closed bool
}

func (w *wire) dial(dial gomail.DialContextFunc) gomail.DialContextFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		w.mutex.Lock()
		defer w.mutex.Unlock()
		if w.closed {
			_ = conn.Close()
			return nil, net.ErrClosed
		}
		w.conn = conn
		return conn, nil
	}
}

func (w *wire) close() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.closed = true
	if w.conn != nil {
		_ = w.conn.Close()
	}
}
