package wordpresstest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"behalf/internal/networks/fake"
)

// route is a documented call and the parameters that it may have.
type route struct {
	method, path string // a path ending in "/" takes an id
	query        []string
	handle       func(*Site, http.ResponseWriter, *http.Request, *person, string)
}

var routes = []route{
	{http.MethodGet, "/", []string{"_fields"}, (*Site).index},
	{http.MethodGet, "/wp/v2/users/me", []string{"context", "_fields"}, (*Site).me},
	{http.MethodGet, "/wp/v2/users", []string{"who", "per_page", "page", "_fields"}, (*Site).users},
	{http.MethodGet, "/wp/v2/users/me/application-passwords/introspect", []string{"_fields"}, (*Site).introspect},
	{http.MethodDelete, "/wp/v2/users/me/application-passwords/", nil, (*Site).revoke},
	{http.MethodGet, "/wp/v2/media", []string{"slug", "_fields"}, (*Site).findMedia},
	{http.MethodPost, "/wp/v2/media", []string{"slug", "title", "alt_text", "_fields"}, (*Site).upload},
	{http.MethodDelete, "/wp/v2/media/", []string{"force", "_fields"}, (*Site).deleteMedia},
	{http.MethodGet, "/wp/v2/posts", []string{"slug", "status", "context", "_fields"}, (*Site).findPosts},
	{http.MethodPost, "/wp/v2/posts", []string{"_fields"}, (*Site).create},
	{http.MethodGet, "/wp/v2/posts/", []string{"context", "_fields"}, (*Site).get},
	{http.MethodPost, "/wp/v2/posts/", []string{"_fields"}, (*Site).update},
	{http.MethodDelete, "/wp/v2/posts/", []string{"force", "_fields"}, (*Site).delete},
}

func (s *Site) serve(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	path := query.Get("rest_route")
	query.Del("rest_route")
	if r.URL.Path != "/" || path == "" {
		http.NotFound(w, r)
		return
	}
	for _, one := range routes {
		id, ok := match(one, r.Method, path)
		if !ok {
			continue
		}
		if unknown, ok := fake.Only(query, one.query...); !ok {
			s.Undocumented(w, r, "parameter "+unknown)
			return
		}
		if r.Header.Get("Accept") != "application/json" {
			s.Undocumented(w, r, "no Accept")
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		one.handle(s, w, r, s.who(r), id)
		return
	}
	s.Undocumented(w, r, "route "+path)
}

func match(one route, method, path string) (id string, ok bool) {
	if one.method != method {
		return "", false
	}
	if one.path == path {
		return "", true
	}
	id, ok = strings.CutPrefix(path, one.path)
	return id, ok && one.path != "/" && strings.HasSuffix(one.path, "/") && !strings.Contains(id, "/")
}

// who is nil for somebody whom WordPress does not know: it then goes on as if
// nobody had signed in.
func (s *Site) who(r *http.Request) *person {
	user, password, _ := r.BasicAuth()
	one := s.people[user]
	if one == nil || one.passwords[password] == "" {
		return nil
	}
	return one
}

func (p *person) may(capability string) bool {
	return p != nil && slices.Contains(capabilities[p.role], capability)
}

// refuse answers as WordPress does: 401 to somebody who is not signed in.
func refuse(w http.ResponseWriter, p *person, code string) {
	status := http.StatusForbidden
	if p == nil {
		status = http.StatusUnauthorized
	}
	fail(w, status, code)
}

func fail(w http.ResponseWriter, status int, code string) {
	answer(w, status, map[string]any{"code": code, "message": "A sentence.", "data": map[string]int{"status": status}})
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (s *Site) index(w http.ResponseWriter, _ *http.Request, _ *person, _ string) {
	home := s.home
	if home == "" {
		home = s.URL
	}
	var authentication any = []string{} // what PHP makes of an empty map
	if !s.noConsent {
		authentication = map[string]any{"application-passwords": map[string]any{
			"endpoints": map[string]string{"authorization": s.URL + "/wp-admin/authorize-application.php"},
		}}
	}
	answer(w, http.StatusOK, map[string]any{
		"name": s.SiteName, "url": s.URL, "home": home, "namespaces": []string{"oembed/1.0", "wp/v2"}, "authentication": authentication,
	})
}

func (s *Site) me(w http.ResponseWriter, _ *http.Request, p *person, _ string) {
	if p == nil {
		refuse(w, p, "rest_not_logged_in")
		return
	}
	may := map[string]bool{p.role: true}
	for _, one := range capabilities[p.role] {
		may[one] = true
	}
	answer(w, http.StatusOK, map[string]any{"id": p.id, "name": p.name, "capabilities": may})
}

func (s *Site) users(w http.ResponseWriter, r *http.Request, p *person, _ string) {
	if !p.may("edit_posts") {
		refuse(w, p, "rest_forbidden_who")
		return
	}
	if r.URL.Query().Get("who") != "authors" {
		s.Undocumented(w, r, "who")
		return
	}
	var found []map[string]any
	for _, name := range []string{"anna", "carl", "eve", "olivia"} {
		if one := s.people[name]; one.may("edit_posts") {
			found = append(found, map[string]any{"id": one.id, "name": one.name})
		}
	}
	if page := r.URL.Query().Get("page"); page != "1" {
		found = []map[string]any{}
	}
	answer(w, http.StatusOK, found)
}

func (s *Site) introspect(w http.ResponseWriter, r *http.Request, p *person, _ string) {
	if p == nil {
		refuse(w, p, "rest_cannot_introspect_app_password_for_non_authenticated_user")
		return
	}
	_, password, _ := r.BasicAuth()
	answer(w, http.StatusOK, map[string]any{"uuid": p.passwords[password]})
}

func (s *Site) revoke(w http.ResponseWriter, _ *http.Request, p *person, uuid string) {
	if p == nil {
		refuse(w, p, "rest_not_logged_in")
		return
	}
	for password, id := range p.passwords {
		if id == uuid {
			delete(p.passwords, password)
			answer(w, http.StatusOK, map[string]any{"deleted": true})
			return
		}
	}
	fail(w, http.StatusNotFound, "rest_application_password_not_found")
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func (s *Site) next() int {
	s.last++
	return s.last
}

func postForm(s *Site, p *Post) map[string]any {
	return map[string]any{
		"id": p.ID, "status": p.Status, "slug": p.Slug, "link": s.Link(*p), "author": p.Author,
		"title": map[string]string{"raw": p.Title}, "content": map[string]string{"raw": p.Content},
	}
}

func mediumForm(s *Site, m *Medium) map[string]any {
	return map[string]any{"id": m.ID, "slug": m.Slug, "source_url": fmt.Sprintf("%s/wp-content/uploads/%d", s.URL, m.ID)}
}
