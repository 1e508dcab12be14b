// Package api is the sandbox network's API: whose token it is, pages, posts, and
// the documented errors that every call may answer.
package api

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/oauth"
	"behalf/internal/networks/sandbox/network/store"
)

// Version is the one version of the API. Every call names it in VersionHeader.
const (
	Version       = "2026-11"
	VersionHeader = "Sandbox-Version"
)

// API is the sandbox network's API: pages and posts. Safe for concurrent use.
type API struct {
	store   *store.Store
	oauth   *oauth.Server
	baseURL func(*http.Request) string
}

// New makes the API. baseURL answers the network's address without a trailing slash.
func New(s *store.Store, o *oauth.Server, baseURL func(*http.Request) string) *API {
	return &API{store: s, oauth: o, baseURL: baseURL}
}

// Mount adds the calls to mux; faulty wraps each of them.
func (a *API) Mount(mux *http.ServeMux, faulty func(control.Call, http.Handler) http.Handler) {
	read := func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, faulty(control.Read, h)) }
	read("GET /api/me", a.me)
	read("GET /api/me/pages", a.myPages)
	read("GET /api/pages/{page}", a.page)
	read("GET /api/pages/{page}/posts", a.posts)
	read("GET /api/pages/{page}/posts/{key}", a.post)
	read("DELETE /api/pages/{page}/posts/{key}", a.deletePost)
	read("GET /api/pages/{page}/drafts/{draft}", a.draft)
	read("DELETE /api/pages/{page}/drafts/{draft}", a.discardDraft)
	mux.Handle("POST /api/pages/{page}/media", faulty(control.Upload, http.HandlerFunc(a.upload)))
	mux.Handle("POST /api/pages/{page}/drafts", faulty(control.Drafting, http.HandlerFunc(a.addDraft)))
	mux.Handle("POST /api/pages/{page}/drafts/{draft}/publish", a.received(faulty(control.Publish, http.HandlerFunc(a.publishDraft))))
	mux.Handle("POST /api/pages/{page}/posts", a.received(faulty(control.Publish, http.HandlerFunc(a.publish))))
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) { Refuse(w, "no_such_call") })
}

type personForm struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type pageForm struct {
	ID         string             `json:"id"`
	Name       string             `json:"name"`
	URL        string             `json:"url"`
	Identities []control.Identity `json:"identities"`
}

type postForm struct {
	ID       string    `json:"id"`
	Key      string    `json:"key"`
	Text     string    `json:"text"`
	Identity string    `json:"identity,omitempty"`
	Media    []string  `json:"media,omitempty"`
	URL      string    `json:"url"`
	At       time.Time `json:"at"`
}

// me says whose token it is.
func (a *API) me(w http.ResponseWriter, r *http.Request) {
	if person, ok := a.admit(w, r, oauth.ScopeRead); ok {
		Answer(w, http.StatusOK, personForm{person, person})
	}
}

// myPages lists the pages that the person administers.
func (a *API) myPages(w http.ResponseWriter, r *http.Request) {
	person, ok := a.admit(w, r, oauth.ScopeRead)
	if !ok {
		return
	}
	pages := []pageForm{}
	for _, page := range a.store.Pages(person) {
		pages = append(pages, a.pageForm(r, page))
	}
	Answer(w, http.StatusOK, map[string]any{"pages": pages})
}

// page says whether the token's person may post to a page, and what it is.
func (a *API) page(w http.ResponseWriter, r *http.Request) {
	person, ok := a.admit(w, r, oauth.ScopePublish)
	if !ok {
		return
	}
	if page, ok := a.administered(w, r, person); ok {
		Answer(w, http.StatusOK, map[string]any{
			"page": a.pageForm(r, page), "person": personForm{person, person},
		})
	}
}

// post answers the post of a key; anybody with a token may ask, pages are public.
func (a *API) post(w http.ResponseWriter, r *http.Request) {
	if _, ok := a.admit(w, r, oauth.ScopeRead); !ok {
		return
	}
	page, known := a.store.Page(r.PathValue("page"))
	switch {
	case !known:
		Refuse(w, "page_not_found")
		return
	case page.Class != control.ClientKey:
		Refuse(w, "not_of_this_page")
		return
	}
	post, err := a.store.Post(r.PathValue("page"), r.PathValue("key"))
	if err != nil {
		Refuse(w, storeError(err))
		return
	}
	Answer(w, http.StatusOK, a.postForm(r, post))
}

// posts lists a page's latest posts, newest first.
func (a *API) posts(w http.ResponseWriter, r *http.Request) {
	if _, ok := a.admit(w, r, oauth.ScopeRead); !ok {
		return
	}
	page, known := a.store.Page(r.PathValue("page"))
	switch {
	case !known:
		Refuse(w, "page_not_found")
		return
	case page.Class == control.Silent:
		Refuse(w, "not_of_this_page")
		return
	}
	timeline := a.store.Timeline(page.Slug)
	latest := []postForm{}
	for _, post := range timeline[:min(len(timeline), MaxListed)] {
		latest = append(latest, a.postForm(r, post))
	}
	Answer(w, http.StatusOK, map[string]any{"posts": latest})
}

// deletePost deletes a post of a page that the person administers.
func (a *API) deletePost(w http.ResponseWriter, r *http.Request) {
	person, ok := a.admit(w, r, oauth.ScopePublish)
	if !ok {
		return
	}
	page, ok := a.administered(w, r, person)
	if !ok {
		return
	}
	if err := a.store.Delete(page.Slug, r.PathValue("key")); err != nil {
		Refuse(w, storeError(err))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// admit checks what every call of the API needs: the version and a token.
func (a *API) admit(w http.ResponseWriter, r *http.Request, scope string) (person string, ok bool) {
	switch r.Header.Get(VersionHeader) {
	case Version:
	case "":
		Refuse(w, "missing_version")
		return "", false
	default:
		Refuse(w, "unsupported_version")
		return "", false
	}
	person, err := a.oauth.Authenticate(r, scope)
	switch {
	case err == nil:
		return person, true
	case errors.Is(err, oauth.ErrMissingToken):
		w.Header().Set("WWW-Authenticate", "Bearer")
		Refuse(w, "missing_token")
	case errors.Is(err, oauth.ErrScope):
		Refuse(w, "insufficient_scope")
	default:
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
		Refuse(w, "invalid_token")
	}
	return "", false
}

func (a *API) administered(w http.ResponseWriter, r *http.Request, person string) (control.Page, bool) {
	page, known := a.store.Page(r.PathValue("page"))
	if !known {
		Refuse(w, "page_not_found")
		return page, false
	}
	if !slices.Contains(page.Admins, person) {
		Refuse(w, "not_admin")
		return page, false
	}
	return page, true
}

func (a *API) pageForm(r *http.Request, p control.Page) pageForm {
	return pageForm{ID: p.Slug, Name: p.Name, URL: a.baseURL(r) + "/pages/" + p.Slug, Identities: p.Identities}
}

func (a *API) postForm(r *http.Request, p control.Post) postForm {
	return postForm{
		ID: p.ID, Key: p.Key, Text: p.Text, Identity: p.Identity, Media: p.Media, At: p.At,
		URL: a.baseURL(r) + "/pages/" + p.Page + "/posts/" + p.ID,
	}
}

func storeError(err error) (code string) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "post_not_found"
	case errors.Is(err, store.ErrDeleted):
		return "post_deleted"
	case errors.Is(err, store.ErrConflict):
		return "key_conflict"
	default:
		return "internal_error"
	}
}
