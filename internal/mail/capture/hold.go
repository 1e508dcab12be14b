package capture

// Hold stops the server before it answers the next mail: the mail has come in
// whole, and its sender does not know whether it was accepted. held is closed
// when that has happened. accept keeps the mail and answers; until it is
// called, or the server is stopped, the sender waits.
func (s *Server) Hold() (held <-chan struct{}, accept func()) {
	h := &hold{held: make(chan struct{}), accepted: make(chan struct{})}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.hold = h
	return h.held, func() { close(h.accepted) }
}

type hold struct{ held, accepted chan struct{} }

// waitIfHeld stops the one mail that Hold was called for.
func (s *Server) waitIfHeld() {
	s.mutex.Lock()
	h := s.hold
	s.hold = nil
	s.mutex.Unlock()
	if h == nil {
		return
	}
	close(h.held)
	select {
	case <-h.accepted:
	case <-s.served:
	}
}
