package mastodontest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/ory/fosite"

	"behalf/internal/networks/fake"
)

// route is a documented call and the parameters that it may have.
type route struct {
	method, path string // a path with ":" takes an id there
	scope        string // empty for what is public
	query, form  []string
	handle       func(s *Server, w http.ResponseWriter, r *http.Request, name, id string)
}

var routes = []route{
	{http.MethodGet, "/api/v1/instance", "", nil, nil, (*Server).instance},
	{http.MethodGet, "/api/v2/instance", "", nil, nil, (*Server).instance},
	{http.MethodGet, "/.well-known/oauth-authorization-server", "", nil, nil, (*Server).metadata},
	{http.MethodPost, "/api/v1/apps", "", nil, []string{"client_name", "redirect_uris", "scopes", "website"}, (*Server).register},
	{http.MethodPost, "/oauth/token", "", nil, []string{"grant_type", "code", "client_id", "client_secret", "redirect_uri", "scope", "code_verifier"}, (*Server).token},
	{http.MethodPost, "/oauth/revoke", "", nil, []string{"client_id", "client_secret", "token"}, (*Server).revoke},
	{http.MethodGet, "/api/v1/accounts/verify_credentials", "read:accounts", nil, nil, (*Server).verify},
	{http.MethodGet, "/api/v1/accounts/:/statuses", "read:statuses", []string{"limit", "max_id", "exclude_reblogs"}, nil, (*Server).list},
	{http.MethodPost, "/api/v2/media", "write:media", nil, nil, (*Server).upload},
	{http.MethodGet, "/api/v1/media/:", "write:media", nil, nil, (*Server).medium},
	{http.MethodDelete, "/api/v1/media/:", "write:media", nil, nil, (*Server).deleteMedium},
	{http.MethodPost, "/api/v1/statuses", "write:statuses", nil, []string{"status", "media_ids[]"}, (*Server).create},
	{http.MethodDelete, "/api/v1/statuses/:", "write:statuses", []string{"delete_media"}, nil, (*Server).delete},
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range routes {
		id, ok := match(one, r)
		if !ok {
			continue
		}
		if unknown, ok := fake.Only(r.URL.Query(), one.query...); !ok {
			s.Undocumented(w, r, "parameter "+unknown)
			return
		}
		if one.form != nil {
			if r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.ParseForm() != nil {
				s.Undocumented(w, r, "Content-Type")
				return
			}
			if unknown, ok := fake.Only(r.PostForm, one.form...); !ok {
				s.Undocumented(w, r, "field "+unknown)
				return
			}
		}
		name := ""
		if one.scope != "" {
			if name, ok = s.bearer(w, r, one.scope); !ok {
				return
			}
		}
		one.handle(s, w, r, name, id)
		return
	}
	s.Undocumented(w, r, "path")
}

func match(one route, r *http.Request) (id string, ok bool) {
	before, after, takesID := strings.Cut(one.path, ":")
	if r.Method != one.method || !takesID {
		return "", r.Method == one.method && r.URL.Path == one.path
	}
	rest, ok := strings.CutPrefix(r.URL.Path, before)
	if !ok {
		return "", false
	}
	id, ok = strings.CutSuffix(rest, after)
	return id, ok && id != "" && !strings.Contains(id, "/")
}

// bearer is whose token the request carries.
func (s *Server) bearer(w http.ResponseWriter, r *http.Request, scope string) (name string, ok bool) {
	text, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	_, request, err := s.oauth.IntrospectToken(r.Context(), text, fosite.AccessToken, &fosite.DefaultSession{})
	if err != nil {
		fail(w, http.StatusUnauthorized, "The access token is invalid")
		return "", false
	}
	name = request.GetSession().GetSubject()
	switch {
	case !request.GetGrantedScopes().Has(scope):
		fail(w, http.StatusForbidden, "This action is outside the authorized scopes")
	case s.people[name].disabled:
		fail(w, http.StatusForbidden, "Your login is currently disabled")
	default:
		return name, true
	}
	return "", false
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func fail(w http.ResponseWriter, status int, sentence string) {
	answer(w, status, map[string]string{"error": sentence})
}

func (s *Server) instance(w http.ResponseWriter, r *http.Request, _, _ string) {
	if s.Old && strings.HasPrefix(r.URL.Path, "/api/v2") {
		fail(w, http.StatusNotFound, "Record not found")
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"version": "4.3.0", "title": "Mastodon", "configuration": map[string]any{
			"statuses": map[string]int{"max_characters": s.MaxCharacters, "max_media_attachments": 4, "characters_reserved_per_url": 23},
			"media_attachments": map[string]any{
				"supported_mime_types": []string{"image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4", "audio/mp3"},
				"image_size_limit":     10485760, "image_matrix_limit": 16777216, "video_size_limit": 41943040, "video_matrix_limit": 2304000,
			},
		},
	})
}

func (s *Server) metadata(w http.ResponseWriter, r *http.Request, _, _ string) {
	if s.NoPKCE {
		http.NotFound(w, r)
		return
	}
	answer(w, http.StatusOK, map[string]any{"issuer": s.URL + "/", "code_challenge_methods_supported": []string{"S256"}})
}

func (s *Server) register(w http.ResponseWriter, r *http.Request, _, _ string) {
	redirect, scopes := r.PostForm.Get("redirect_uris"), r.PostForm.Get("scopes")
	if r.PostForm.Get("client_name") == "" || redirect == "" {
		fail(w, http.StatusUnprocessableEntity, "Validation failed: Redirect URI must be an absolute URI.")
		return
	}
	id, secret := rand.Text(), rand.Text()
	s.store.Clients[id] = &fosite.DefaultClient{
		ID: id, Secret: []byte(secret), RedirectURIs: []string{redirect}, Scopes: strings.Fields(scopes),
		GrantTypes: []string{"authorization_code"}, ResponseTypes: []string{"code"},
	}
	answer(w, http.StatusOK, map[string]string{"id": "1", "name": r.PostForm.Get("client_name"), "client_id": id, "client_secret": secret})
}

func (s *Server) token(w http.ResponseWriter, r *http.Request, _, _ string) {
	if s.NoPKCE && r.PostForm.Has("code_verifier") {
		s.Undocumented(w, r, "field code_verifier")
		return
	}
	ctx := r.Context()
	request, err := s.oauth.NewAccessRequest(ctx, r, &fosite.DefaultSession{})
	if err != nil {
		s.oauth.WriteAccessError(ctx, w, request, err)
		return
	}
	response, err := s.oauth.NewAccessResponse(ctx, request)
	if err != nil {
		s.oauth.WriteAccessError(ctx, w, request, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{ // without an end, as Mastodon's tokens are
		"access_token": s.reused(request, response.GetAccessToken()), "token_type": "Bearer", "scope": strings.Join(request.GetGrantedScopes(), " "),
		"created_at": time.Now().Unix(),
	})
}

// reused is the token that an application already has of a person for the same
// scopes, while it lives: Mastodon has Doorkeeper reuse them (its
// config/initializers/doorkeeper.rb, reuse_access_token).
func (s *Server) reused(request fosite.AccessRequester, made string) string {
	whose := strings.Join(append(request.GetGrantedScopes(), request.GetClient().GetID(), request.GetSession().GetSubject()), " ")
	before := s.issued[whose]
	if _, _, err := s.oauth.IntrospectToken(context.Background(), before, fosite.AccessToken, &fosite.DefaultSession{}); err != nil {
		s.issued[whose] = made
		return made
	}
	return before
}

func (s *Server) revoke(w http.ResponseWriter, r *http.Request, _, _ string) {
	if err := s.oauth.NewRevocationRequest(r.Context(), r); err != nil {
		fail(w, http.StatusForbidden, "unauthorized_client")
		return
	}
	answer(w, http.StatusOK, map[string]string{})
}

func (s *Server) verify(w http.ResponseWriter, _ *http.Request, name, _ string) {
	answer(w, http.StatusOK, map[string]string{
		"id": s.people[name].id, "username": name, "acct": name, "display_name": strings.ToUpper(name), "url": fmt.Sprintf("%s/@%s", s.URL, name),
	})
}
