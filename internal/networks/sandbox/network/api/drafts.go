package api

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/oauth"
	"behalf/internal/networks/sandbox/network/store"
)

type draftForm struct {
	ID    string    `json:"id"`
	State string    `json:"state"` // "open" or "published"
	Post  *postForm `json:"post,omitempty"`
}

// mine admits the token's person to a page that they administer.
func (a *API) mine(w http.ResponseWriter, r *http.Request) (page control.Page, person string, ok bool) {
	if person, ok = a.admit(w, r, oauth.ScopePublish); !ok {
		return page, person, false
	}
	page, ok = a.administered(w, r, person)
	return page, person, ok
}

// upload takes a picture.
func (a *API) upload(w http.ResponseWriter, r *http.Request) {
	page, person, ok := a.mine(w, r)
	if !ok {
		return
	}
	kind := r.Header.Get("Content-Type")
	if !strings.HasPrefix(kind, "image/") {
		Refuse(w, "unsupported_media_type")
		return
	}
	content, err := io.ReadAll(r.Body)
	switch tooLarge := (*http.MaxBytesError)(nil); {
	case errors.As(err, &tooLarge):
		Refuse(w, "body_too_large")
		return
	case err != nil || len(content) == 0:
		Refuse(w, "malformed_body")
		return
	}
	medium, err := a.store.Upload(control.Medium{Page: page.Slug, Type: kind, Size: len(content), Person: person})
	if err != nil {
		Refuse(w, storeError(err))
		return
	}
	Answer(w, http.StatusCreated, map[string]string{"id": medium.ID})
}

// addDraft makes a draft on a page that publishes drafts.
func (a *API) addDraft(w http.ResponseWriter, r *http.Request) {
	page, person, ok := a.mine(w, r)
	if !ok {
		return
	}
	form, problem := readPublish(r)
	switch {
	case problem != "":
	case page.Class != control.TwoPhase:
		problem = "not_of_this_page"
	case form.Key != "":
		problem = "invalid_key"
	default:
		problem = a.content(form, page)
	}
	if problem != "" {
		Refuse(w, problem)
		return
	}
	draft, err := a.store.AddDraft(control.Draft{
		Page: page.Slug, Text: form.Text, Identity: form.Identity, Media: form.Media, Person: person,
	})
	if err != nil {
		Refuse(w, storeError(err))
		return
	}
	Answer(w, http.StatusCreated, draftForm{ID: draft.ID, State: "open"})
}

// draft says what has become of a draft.
func (a *API) draft(w http.ResponseWriter, r *http.Request) {
	page, _, ok := a.mine(w, r)
	if !ok {
		return
	}
	draft, post, err := a.store.Draft(page.Slug, r.PathValue("draft"))
	if err != nil {
		Refuse(w, draftError(err))
		return
	}
	answer := draftForm{ID: draft.ID, State: "open"}
	if draft.Post != "" {
		form := a.postForm(r, post)
		answer.State, answer.Post = "published", &form
	}
	Answer(w, http.StatusOK, answer)
}

func (a *API) discardDraft(w http.ResponseWriter, r *http.Request) {
	page, _, ok := a.mine(w, r)
	if !ok {
		return
	}
	if err := a.store.DiscardDraft(page.Slug, r.PathValue("draft")); err != nil {
		Refuse(w, draftError(err))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// publishDraft makes a draft a post, once.
func (a *API) publishDraft(w http.ResponseWriter, r *http.Request) {
	page, person, ok := a.mine(w, r)
	if !ok {
		return
	}
	post, stored, err := a.store.PublishDraft(page.Slug, r.PathValue("draft"), person, time.Now().UTC())
	if err != nil {
		Refuse(w, draftError(err))
		return
	}
	a.published(w, r, post, stored, nil)
}

func draftError(err error) (code string) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "draft_not_found"
	case errors.Is(err, store.ErrDeleted):
		return "draft_discarded"
	case errors.Is(err, store.ErrConflict):
		return "draft_published"
	default:
		return "internal_error"
	}
}
