package blueskytest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"behalf/internal/networks/fake"
)

type method struct {
	verb   string
	query  []string
	handle func(*Server, http.ResponseWriter, *http.Request)
}

var methods = map[string]method{
	"com.atproto.server.createSession":   {http.MethodPost, nil, (*Server).createSession},
	"com.atproto.server.refreshSession":  {http.MethodPost, nil, (*Server).refreshSession},
	"com.atproto.server.deleteSession":   {http.MethodPost, nil, (*Server).deleteSession},
	"com.atproto.server.getSession":      {http.MethodGet, nil, (*Server).getSession},
	"com.atproto.identity.resolveHandle": {http.MethodGet, []string{"handle"}, (*Server).resolveHandle},
	"com.atproto.repo.uploadBlob":        {http.MethodPost, nil, (*Server).uploadBlob},
	"com.atproto.repo.putRecord":         {http.MethodPost, nil, (*Server).putRecord},
	"com.atproto.repo.getRecord":         {http.MethodGet, []string{"repo", "collection", "rkey"}, (*Server).getRecord},
	"com.atproto.repo.deleteRecord":      {http.MethodPost, nil, (*Server).deleteRecord},
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if did, ok := strings.CutPrefix(r.URL.Path, "/did:"); ok {
		s.directory(w, "did:"+did)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/xrpc/")
	called, known := methods[name]
	if !known || called.verb != r.Method {
		s.Undocumented(w, r, "method "+name)
		return
	}
	if unknown, ok := fake.Only(r.URL.Query(), called.query...); !ok {
		s.Undocumented(w, r, "parameter "+unknown)
		return
	}
	called.handle(s, w, r)
}

func (s *Server) directory(w http.ResponseWriter, did string) {
	for handle, p := range s.people {
		if p.did == did && !s.lost {
			answer(w, s.document(handle))
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(body)
}

func fail(w http.ResponseWriter, status int, name string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": name, "message": "A sentence."})
}

// input reads a body that may have these fields alone.
func (s *Server) input(w http.ResponseWriter, r *http.Request, into any) bool {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil || r.Header.Get("Content-Type") != "application/json" {
		s.Undocumented(w, r, "body or Content-Type")
		return false
	}
	return true
}

// bearer is the handle of whoever has the access token.
func (s *Server) bearer(w http.ResponseWriter, r *http.Request) (handle string, ok bool) {
	text, given := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	t, known := s.access[text]
	switch {
	case !given:
		fail(w, http.StatusUnauthorized, "AuthMissing")
	case !known:
		fail(w, http.StatusBadRequest, "InvalidToken")
	case !t.ends.After(time.Now()):
		fail(w, http.StatusBadRequest, "ExpiredToken")
	case s.people[t.handle].takedown:
		fail(w, http.StatusUnauthorized, "AccountTakedown")
	default:
		return t.handle, true
	}
	return "", false
}

func (s *Server) createSession(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		Identifier string `json:"identifier"`
		Password   string `json:"password"`
	}
	if !s.input(w, r, &sent) {
		return
	}
	for handle, p := range s.people {
		if (sent.Identifier == handle || sent.Identifier == p.did) && p.passwords[sent.Password] {
			if p.takedown {
				fail(w, http.StatusUnauthorized, "AccountTakedown")
				return
			}
			answer(w, s.session(handle))
			return
		}
	}
	fail(w, http.StatusUnauthorized, "AuthenticationRequired")
}

// renewing is whoever has the refresh token.
func (s *Server) renewing(w http.ResponseWriter, r *http.Request) (token, handle string, ok bool) {
	token, _ = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	handle, ok = s.refresh[token]
	if r.ContentLength > 0 {
		s.Undocumented(w, r, "a body")
		return "", "", false
	}
	if !ok {
		fail(w, http.StatusBadRequest, "ExpiredToken")
	}
	return token, handle, ok
}

// refreshSession leaves the old refresh token alive, as the reference server
// does for a while.
func (s *Server) refreshSession(w http.ResponseWriter, r *http.Request) {
	_, handle, ok := s.renewing(w, r)
	switch {
	case !ok:
	case s.people[handle].takedown:
		fail(w, http.StatusUnauthorized, "AccountTakedown")
	default:
		answer(w, s.session(handle))
	}
}

func (s *Server) deleteSession(w http.ResponseWriter, r *http.Request) {
	if token, _, ok := s.renewing(w, r); ok {
		delete(s.refresh, token)
	}
}

func (s *Server) getSession(w http.ResponseWriter, r *http.Request) {
	if handle, ok := s.bearer(w, r); ok {
		p := s.people[handle]
		answer(w, map[string]any{"did": p.did, "handle": handle, "active": !p.inactive})
	}
}

func (s *Server) resolveHandle(w http.ResponseWriter, r *http.Request) {
	if p := s.people[r.URL.Query().Get("handle")]; p != nil {
		answer(w, map[string]string{"did": p.did})
		return
	}
	fail(w, http.StatusBadRequest, "HandleNotFound")
}

var tid = regexp.MustCompile(`^[234567abcdefghij][2-7a-z]{12}$`)

func (s *Server) uploadBlob(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.bearer(w, r); !ok {
		return
	}
	content, err := io.ReadAll(r.Body)
	kind := r.Header.Get("Content-Type")
	if err != nil || len(content) == 0 || r.ContentLength != int64(len(content)) || !strings.Contains(kind, "/") {
		s.Undocumented(w, r, "Content-Type or Content-Length")
		return
	}
	if len(content) > 5<<20 {
		fail(w, http.StatusRequestEntityTooLarge, "PayloadTooLarge")
		return
	}
	link := "bafkrei" + url.QueryEscape(string(bytes.ToLower(content[:min(len(content), 8)]))) + string(rune('a'+len(s.blobs)))
	s.blobs[link] = true
	answer(w, map[string]any{"blob": map[string]any{
		"$type": "blob", "ref": map[string]string{"$link": link}, "mimeType": kind, "size": len(content),
	}})
}
