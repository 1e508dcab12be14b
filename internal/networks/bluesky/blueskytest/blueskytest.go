// Package blueskytest is a server of the AT Protocol for tests, with the
// directory of identities: the calls that a connector may make, with the bodies
// that the reference server (@atproto/pds 0.5.35) answers. It is strict: what is
// not documented fails the test.
package blueskytest

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"behalf/internal/networks/fake"
)

// Handles of the people on the server.
const (
	Olivia = "olivia.test"
	Carl   = "carl.test"
)

// Server is the fake.
type Server struct {
	*fake.Server

	mu      sync.Mutex
	people  map[string]*person // by handle
	access  map[string]token   // by access token
	refresh map[string]string  // handle by refresh token
	blobs   map[string]bool    // by link
	records map[string]json.RawMessage
	lost    bool   // the directory knows nobody
	self    string // what it calls its address; its own when empty
}

type token struct {
	handle string
	ends   time.Time
}

type person struct {
	did       string
	passwords map[string]bool
	inactive  bool
	takedown  bool
}

// Start serves until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{
		people: map[string]*person{}, access: map[string]token{}, refresh: map[string]string{}, blobs: map[string]bool{},
		records: map[string]json.RawMessage{},
	}
	for i, handle := range []string{Olivia, Carl} {
		s.people[handle] = &person{did: "did:plc:" + strings.Repeat(string("ab"[i]), 24), passwords: map[string]bool{}}
	}
	s.Server = fake.Start(t, http.HandlerFunc(s.serve))
	return s
}

// DID is a person's identity.
func (s *Server) DID(handle string) string { return s.people[handle].did }

// Password makes an app password.
func (s *Server) Password(handle string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := strings.ToLower(rand.Text())[:16]
	password := text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
	s.people[handle].passwords[password] = true
	return password
}

// RevokePasswords takes a person's app passwords away, and ends their sessions
// as the reference server does: the access tokens live on.
func (s *Server) RevokePasswords(handle string) {
	s.set(func() {
		s.people[handle].passwords = map[string]bool{}
		for token, of := range s.refresh {
			if of == handle {
				delete(s.refresh, token)
			}
		}
	})
}

// ExpireAccess ends all access tokens.
func (s *Server) ExpireAccess() {
	s.set(func() {
		for text, t := range s.access {
			t.ends = time.Time{}
			s.access[text] = t
		}
	})
}

// Deactivate has a person put their account to rest.
func (s *Server) Deactivate(handle string) { s.set(func() { s.people[handle].inactive = true }) }

// Takedown has the server's owner suspend an account.
func (s *Server) Takedown(handle string) { s.set(func() { s.people[handle].takedown = true }) }

// CallItself has the server give another address as its own: what stands in
// front of it.
func (s *Server) CallItself(address string) { s.set(func() { s.self = address }) }

// Blobs counts the uploads.
func (s *Server) Blobs() (n int) {
	s.set(func() { n = len(s.blobs) })
	return n
}

// LoseDirectory has the directory know nobody any more.
func (s *Server) LoseDirectory() { s.set(func() { s.lost = true }) }

// Records lists the posts of a person, by their address.
func (s *Server) Records(handle string) map[string]json.RawMessage {
	found := map[string]json.RawMessage{}
	s.set(func() {
		for uri, record := range s.records {
			if strings.HasPrefix(uri, "at://"+s.people[handle].did+"/") {
				found[uri] = record
			}
		}
	})
	return found
}

func (s *Server) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// lifetime of an access token, as on the reference server.
const lifetime = 2 * time.Hour

// session opens one; the caller holds the lock.
func (s *Server) session(handle string) map[string]any {
	ends := time.Now().Add(lifetime)
	claims := fmt.Appendf(nil, `{"exp":%d,"jti":%q}`, ends.Unix(), rand.Text())
	access := "e30." + base64.RawURLEncoding.EncodeToString(claims) + ".c2ln"
	refresh := rand.Text()
	s.access[access], s.refresh[refresh] = token{handle, ends}, handle
	return map[string]any{
		"accessJwt": access, "refreshJwt": refresh, "did": s.people[handle].did, "handle": handle,
		"active": !s.people[handle].inactive, "didDoc": s.document(handle),
	}
}

func (s *Server) document(handle string) map[string]any {
	address := s.self
	if address == "" {
		address = s.URL
	}
	return map[string]any{
		"id": s.people[handle].did, "alsoKnownAs": []string{"at://" + handle},
		"service": []map[string]string{{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": address}},
	}
}
