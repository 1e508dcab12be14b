// Package store is the memory of the sandbox network: people, pages, posts and
// grants, guarded by one mutex and written to one file as a whole.
package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"behalf/internal/networks/sandbox/network/control"
)

// Errors of the store.
var (
	ErrNotFound = errors.New("not found")
	ErrInactive = errors.New("used or revoked")
	ErrConflict = errors.New("the key names another post")
	ErrDeleted  = errors.New("the post was deleted")
)

// Store is safe for concurrent use.
type Store struct {
	file string // empty: memory only

	mu      sync.Mutex
	state   state
	index   map[address]int // where the latest post of a key stands
	changed chan struct{}   // closed and replaced at every change
}

// address is what a client names a post by.
type address struct{ page, key string }

type state struct {
	Secret   []byte                   `json:"secret"` // signs tokens, 32 bytes
	People   map[string]string        `json:"people"` // name → password hash
	Pages    map[string]*control.Page `json:"pages"`
	Posts    []control.Post           `json:"posts"`
	Requests []control.Request        `json:"requests"`
	Drafts   []control.Draft          `json:"drafts"`
	Media    []control.Medium         `json:"media"`
	Grants   map[GrantKind]grants     `json:"grants"`
}

// Open reads the file if it is there; an empty name keeps everything in memory.
func Open(file string) (*Store, error) {
	s := &Store{file: file, changed: make(chan struct{})}
	if file != "" {
		if err := s.load(); err != nil {
			return nil, fmt.Errorf("open the sandbox network's file: %w", err)
		}
	}
	s.state.complete()
	s.index = make(map[address]int, len(s.state.Posts))
	for i, post := range s.state.Posts {
		s.index[address{post.Page, post.Key}] = i
	}
	return s, nil
}

func (s *Store) load() error {
	written, err := os.ReadFile(s.file)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(written, &s.state)
}

func (s *state) complete() {
	if len(s.Secret) == 0 {
		s.Secret = make([]byte, 32)
		_, _ = rand.Read(s.Secret) // never fails, see crypto/rand
	}
	if s.People == nil {
		s.People = map[string]string{}
	}
	if s.Pages == nil {
		s.Pages = map[string]*control.Page{}
	}
	if s.Grants == nil {
		s.Grants = map[GrantKind]grants{}
	}
	for _, kind := range []GrantKind{Code, Challenge, Access, Refresh} {
		if s.Grants[kind] == nil {
			s.Grants[kind] = grants{}
		}
	}
}

// Secret is the key that tokens are signed with.
func (s *Store) Secret() []byte { return s.state.Secret }

// update changes the state and writes it before anybody hears of the change. A
// change that cannot be written is an error, but stays in memory.
func (s *Store) update(change func(*state) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := change(&s.state); err != nil {
		return err
	}
	if err := s.save(); err != nil {
		return fmt.Errorf("save the sandbox network: %w", err)
	}
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}

// read looks at the state; what it takes out must not be shared with it.
func (s *Store) read(look func(*state)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	look(&s.state)
}

// Await returns once the condition holds, looking again at every change.
func (s *Store) Await(ctx context.Context, holds func(control.Log) bool) (control.Log, error) {
	for {
		s.mu.Lock()
		log, changed := s.state.log(), s.changed
		s.mu.Unlock()
		if holds(log) {
			return log, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return control.Log{}, ctx.Err()
		}
	}
}

// save writes a temporary file beside the real one and renames it, so that a
// crash leaves the old state or the new one.
func (s *Store) save() (err error) {
	if s.file == "" {
		return nil
	}
	written, err := json.Marshal(&s.state)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(s.file), filepath.Base(s.file)+".*.tmp") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}()
	_, err = temp.Write(written)
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err != nil {
		return err
	}
	return os.Rename(temp.Name(), s.file)
}
