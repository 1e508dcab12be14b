package capture

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Messages returns what is kept, oldest first.
func (s *Server) Messages() []Message {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.messages)
}

// Wait returns the oldest kept mail that matches, as soon as there is one. match
// must not call the server.
func (s *Server) Wait(ctx context.Context, match func(Message) bool) (Message, error) {
	for {
		s.mutex.Lock()
		at := slices.IndexFunc(s.messages, match)
		if at >= 0 {
			defer s.mutex.Unlock()
			return s.messages[at], nil
		}
		arrived := s.arrived
		s.mutex.Unlock()
		select {
		case <-arrived:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("wait for a mail: %w", ctx.Err())
		}
	}
}

// keep returns an error, which the client gets as a temporary failure, when
// the mail cannot be written to the folder.
func (s *Server) keep(from string, to []string, raw []byte) error {
	m := parse(raw)
	m.From, m.To, m.At = from, to, time.Now().UTC()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	m.Number = s.count + 1
	if err := s.writeFile(m); err != nil {
		return fmt.Errorf("keep mail: %w", err)
	}
	s.count++
	s.messages = append(s.messages, m)
	for len(s.messages) > s.options.Keep {
		s.forgetOldest()
	}
	close(s.arrived)
	s.arrived = make(chan struct{})
	return nil
}

// Forget removes the mails that match, from the folder too, and returns how
// many there were. match must not call the server.
func (s *Server) Forget(match func(Message) bool) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var kept []Message
	var failed error
	for _, m := range s.messages {
		if !match(m) {
			kept = append(kept, m)
			continue
		}
		if s.options.Folder == "" {
			continue
		}
		if err := os.Remove(s.file(m.Number)); err != nil && !errors.Is(err, os.ErrNotExist) {
			kept, failed = append(kept, m), errors.Join(failed, fmt.Errorf("forget a mail: %w", err))
		}
	}
	forgotten := len(s.messages) - len(kept)
	s.messages = kept
	return forgotten, failed
}

func (s *Server) forgetOldest() {
	if s.options.Folder != "" {
		_ = os.Remove(s.file(s.messages[0].Number)) // one file too many harms nobody
	}
	s.messages = slices.Delete(s.messages, 0, 1)
}

const extension = ".eml"

func (s *Server) file(number int) string {
	return filepath.Join(s.options.Folder, fmt.Sprintf("%06d%s", number, extension))
}

// writeFile writes aside and renames: a crash leaves no half mail.
func (s *Server) writeFile(m Message) error {
	if s.options.Folder == "" {
		return nil
	}
	aside := s.file(m.Number) + ".part"
	if err := os.WriteFile(aside, m.Raw, 0o600); err != nil {
		return err
	}
	return os.Rename(aside, s.file(m.Number))
}

// readFolder begins with the mails of earlier runs. Files of other names are
// left alone.
func (s *Server) readFolder() error {
	if s.options.Folder == "" {
		return nil
	}
	if err := os.MkdirAll(s.options.Folder, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(s.options.Folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		number, err := strconv.Atoi(strings.TrimSuffix(entry.Name(), extension))
		if err != nil || number < 1 || entry.Name() != filepath.Base(s.file(number)) {
			continue
		}
		if err := s.readFile(number); err != nil {
			return err
		}
	}
	slices.SortFunc(s.messages, func(a, b Message) int { return a.Number - b.Number })
	for len(s.messages) > s.options.Keep {
		s.forgetOldest()
	}
	return nil
}

func (s *Server) readFile(number int) error {
	info, err := os.Stat(s.file(number))
	if err != nil {
		return err
	}
	if info.Size() > 2*maxBytes {
		return errors.New("a mail in the folder is larger than any that was captured")
	}
	raw, err := os.ReadFile(s.file(number))
	if err != nil {
		return err
	}
	m := parse(raw)
	m.Number, m.At = number, info.ModTime().UTC()
	s.messages = append(s.messages, m)
	s.count = max(s.count, number)
	return nil
}
