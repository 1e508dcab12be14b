// Package capture is an SMTP server that delivers nothing: it keeps every mail
// for a person or a test to read. It is for development and tests and listens
// on loopback only. What it keeps and shows contains secrets, such as links of
// invitations.
package capture

import (
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Bounds that keep a misled client from filling memory.
const (
	DefaultKeep = 1000
	maxBytes    = 1 << 20 // of one mail
	maxAddress  = 50      // recipients of one mail
	clientTime  = 30 * time.Second
)

// Options of a server.
type Options struct {
	Address string // "127.0.0.1:2525"; empty means a free port. The host must be loopback
	Folder  string // also keep mails as .eml files here, and begin with those that are there; empty: memory only
	Keep    int    // at most so many mails, the newest; zero means DefaultKeep
}

// Server captures mails until it is stopped.
type Server struct {
	options Options
	server  *smtp.Server
	served  chan struct{}

	listener *listener

	mutex    sync.Mutex
	messages []Message // oldest first
	count    int       // mails ever captured
	arrived  chan struct{}
	refusing int // so many mails more get refusal
	refusal  Refusal
	hold     *hold // of the next mail; nil for none
}

// Start listens and captures. The caller stops the server.
func Start(options Options) (*Server, error) {
	if options.Address == "" {
		options.Address = "127.0.0.1:0"
	}
	if options.Keep == 0 {
		options.Keep = DefaultKeep
	}
	host, _, err := net.SplitHostPort(options.Address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("capture mails: %q is not a loopback address with a port", options.Address)
	}
	s := &Server{options: options, served: make(chan struct{}), arrived: make(chan struct{})}
	if err := s.readFolder(); err != nil {
		return nil, fmt.Errorf("capture mails: %w", err)
	}
	if s.listener, err = listen(options.Address); err != nil {
		return nil, fmt.Errorf("capture mails: %w", err)
	}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{server: s}, nil }))
	s.server.Domain = "localhost"
	s.server.MaxMessageBytes = maxBytes
	s.server.MaxRecipients = maxAddress
	s.server.ReadTimeout = clientTime
	s.server.WriteTimeout = clientTime
	s.server.EnableSMTPUTF8 = true
	s.server.AllowInsecureAuth = true              // loopback
	s.server.ErrorLog = log.New(io.Discard, "", 0) // would repeat what clients sent
	go func() {
		defer close(s.served)
		_ = s.server.Serve(s.listener) // ends when Stop closes the listener
	}()
	return s, nil
}

// URL is the address for SMTP_URL.
func (s *Server) URL() string { return "smtp://" + s.listener.Addr().String() }

// Stop cuts the clients off and returns when all goroutines have ended. Mails
// that were accepted stay readable.
func (s *Server) Stop() {
	_ = s.server.Close() // says only that it was closed before
	s.listener.stop()
	<-s.served
	s.listener.wait()
}
