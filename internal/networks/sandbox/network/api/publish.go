package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/oauth"
)

// Limits of a post.
const (
	MaxText   = 500 // characters (Unicode code points)
	MaxKey    = 64  // characters
	MaxMedia  = 4   // of one post
	MaxListed = 50  // posts
)

// keyLasts is how long a page of class control.ExpiringKey remembers a key.
const keyLasts = time.Hour

var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

type publishForm struct {
	Key      string   `json:"key"`
	Text     string   `json:"text"`
	Identity string   `json:"identity"`
	Media    []string `json:"media"`
}

// received notes a publish request as soon as it has arrived whole, before
// anything can go wrong with it.
func (a *API) received(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			Refuse(w, "body_too_large")
			return
		}
		if err != nil {
			Refuse(w, "malformed_body")
			return
		}
		var sent struct {
			Key string `json:"key"`
		}
		_ = json.Unmarshal(body, &sent) // what is malformed is logged without a key
		if !keyForm.MatchString(sent.Key) {
			sent.Key = ""
		}
		person, _ := a.oauth.Authenticate(r, oauth.ScopePublish)
		err = a.store.Received(control.Request{
			Page: r.PathValue("page"), Key: sent.Key, Person: person, At: time.Now().UTC(),
		})
		if err != nil {
			Refuse(w, "internal_error")
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, r)
	})
}

// publish stores a post, once per key and page.
func (a *API) publish(w http.ResponseWriter, r *http.Request) {
	person, ok := a.admit(w, r, oauth.ScopePublish)
	if !ok {
		return
	}
	page, ok := a.administered(w, r, person)
	if !ok {
		return
	}
	form, problem := readPublish(r)
	if problem == "" {
		problem = a.problem(form, page)
	}
	if problem != "" {
		Refuse(w, problem)
		return
	}
	lasts := time.Duration(0)
	if page.Class == control.ExpiringKey {
		lasts = cmp.Or(time.Duration(page.KeyLastsMS)*time.Millisecond, keyLasts)
	}
	post, stored, err := a.store.Publish(control.Post{
		Page: page.Slug, Key: form.Key, Text: form.Text, Identity: form.Identity, Media: form.Media,
		Person: person, At: time.Now().UTC(),
	}, lasts)
	a.published(w, r, post, stored, err)
}

func (a *API) published(w http.ResponseWriter, r *http.Request, post control.Post, stored bool, err error) {
	switch {
	case err != nil && storeError(err) == "key_conflict":
		w.Header().Set("Location", a.postForm(r, post).URL)
		Refuse(w, "key_conflict")
	case err != nil:
		Refuse(w, storeError(err))
	case stored:
		Answer(w, http.StatusCreated, a.postForm(r, post))
	default:
		Answer(w, http.StatusOK, a.postForm(r, post))
	}
}

// readPublish is strict: a field that is not documented is an error.
func readPublish(r *http.Request) (form publishForm, problem string) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return form, "unsupported_media_type"
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&form); err != nil {
		if strings.Contains(err.Error(), "unknown field") {
			return form, "unknown_field"
		}
		return form, "malformed_body"
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return form, "malformed_body"
	}
	return form, ""
}

// problem is why a page does not take the form as a post.
func (a *API) problem(f publishForm, page control.Page) string {
	keyed := page.Class == control.ClientKey || page.Class == control.ExpiringKey
	switch {
	case page.Class == control.TwoPhase:
		return "not_of_this_page"
	case keyed && !keyForm.MatchString(f.Key), !keyed && f.Key != "":
		return "invalid_key"
	default:
		return a.content(f, page)
	}
}

func (a *API) content(f publishForm, page control.Page) string {
	named := func(i control.Identity) bool { return i.ID == f.Identity }
	switch {
	case strings.TrimSpace(f.Text) == "":
		return "empty_text"
	case utf8.RuneCountInString(f.Text) > MaxText:
		return "text_too_long"
	case len(f.Media) > MaxMedia || !a.store.Uploaded(page.Slug, f.Media):
		return "unknown_media"
	case f.Identity != "" && !slices.ContainsFunc(page.Identities, named):
		return "unknown_identity"
	default:
		return ""
	}
}
