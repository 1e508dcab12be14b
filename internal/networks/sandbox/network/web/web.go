// Package web is what people see of the sandbox network: its pages with their
// posts, and the documentation of its API.
package web

import (
	"embed"
	"html/template"
	"net/http"
	"time"

	"behalf/internal/networks/sandbox/network/api"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/store"
)

//go:embed html
var html embed.FS

var pages = template.Must(template.ParseFS(html, "html/*.html"))

// Site serves the web pages. Safe for concurrent use.
type Site struct {
	store    *store.Store
	baseURL  func(*http.Request) string
	lifetime time.Duration // of access tokens
}

// New makes the site. baseURL answers the network's address without a trailing
// slash; lifetime is how long access tokens are good.
func New(s *store.Store, baseURL func(*http.Request) string, lifetime time.Duration) *Site {
	return &Site{store: s, baseURL: baseURL, lifetime: lifetime}
}

// Mount adds the pages to mux.
func (s *Site) Mount(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /pages/{page}", s.timeline)
	mux.HandleFunc("GET /pages/{page}/posts/{id}", s.permalink)
	mux.HandleFunc("GET /docs", s.docs)
}

// home lists all pages.
func (s *Site) home(w http.ResponseWriter, _ *http.Request) {
	show(w, http.StatusOK, "home.html", s.store.Pages(""))
}

// timeline shows a page's posts, newest first.
func (s *Site) timeline(w http.ResponseWriter, r *http.Request) {
	page, known := s.store.Page(r.PathValue("page"))
	if !known {
		show(w, http.StatusNotFound, "missing.html", nil)
		return
	}
	s.showPosts(w, page, s.store.Timeline(page.Slug))
}

// permalink shows one post.
func (s *Site) permalink(w http.ResponseWriter, r *http.Request) {
	page, _ := s.store.Page(r.PathValue("page"))
	for _, post := range s.store.Timeline(page.Slug) {
		if post.ID == r.PathValue("id") {
			s.showPosts(w, page, []control.Post{post})
			return
		}
	}
	show(w, http.StatusNotFound, "missing.html", nil)
}

func (s *Site) showPosts(w http.ResponseWriter, page control.Page, posts []control.Post) {
	type row struct {
		control.Post
		As string // what it appears as
	}
	rows := []row{}
	for _, post := range posts {
		as := page.Name
		for _, identity := range page.Identities {
			if identity.ID == post.Identity {
				as = identity.Name
			}
		}
		rows = append(rows, row{post, as})
	}
	show(w, http.StatusOK, "timeline.html", map[string]any{"Page": page, "Posts": rows})
}

// docs is the documentation of the API; its table of errors is the one that the API answers from.
func (s *Site) docs(w http.ResponseWriter, r *http.Request) {
	show(w, http.StatusOK, "docs.html", map[string]any{
		"Base": s.baseURL(r), "Errors": api.Errors(), "Version": api.Version, "VersionHeader": api.VersionHeader,
		"MaxText": api.MaxText, "MaxKey": api.MaxKey, "MaxMedia": api.MaxMedia, "MaxListed": api.MaxListed, "Lifetime": s.lifetime.String(),
	})
}

func show(w http.ResponseWriter, status int, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.WriteHeader(status)
	_ = pages.ExecuteTemplate(w, name, data) // the caller is gone when it fails
}
