package wordpresstest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

func (s *Site) findMedia(w http.ResponseWriter, r *http.Request, _ *person, _ string) {
	found := []map[string]any{}
	for _, m := range s.media {
		if m.Slug == r.URL.Query().Get("slug") {
			found = append(found, mediumForm(s, m))
		}
	}
	answer(w, http.StatusOK, found)
}

// taken are the first bytes of what the fake takes for files.
var taken = map[string]string{
	"image/png": "\x89PNG", "image/jpeg": "\xff\xd8", "image/gif": "GIF8", "image/webp": "RIFF", "video/mp4": "\x00\x00\x00",
}

func (s *Site) upload(w http.ResponseWriter, r *http.Request, p *person, _ string) {
	if !p.may("upload_files") {
		refuse(w, p, "rest_cannot_create")
		return
	}
	disposition, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Disposition"))
	if err != nil || disposition != "attachment" || parameters["filename"] == "" || r.ContentLength <= 0 {
		s.Undocumented(w, r, "Content-Disposition or Content-Length")
		return
	}
	content, err := io.ReadAll(r.Body)
	kind := r.Header.Get("Content-Type")
	begin, known := taken[kind]
	if err != nil || !known || !bytes.HasPrefix(content, []byte(begin)) {
		fail(w, http.StatusInternalServerError, "rest_upload_sideload_error")
		return
	}
	query := r.URL.Query()
	m := &Medium{ID: s.next(), Slug: query.Get("slug"), Title: query.Get("title"), Alt: query.Get("alt_text"), Type: kind, Bytes: content}
	s.media[m.ID] = m
	answer(w, http.StatusCreated, mediumForm(s, m))
}

func (s *Site) deleteMedia(w http.ResponseWriter, r *http.Request, p *person, id string) {
	switch m := s.media[number(id)]; {
	case m == nil:
		fail(w, http.StatusNotFound, "rest_post_invalid_id")
	case !p.may("upload_files"):
		refuse(w, p, "rest_cannot_delete")
	case r.URL.Query().Get("force") != "true":
		fail(w, http.StatusNotImplemented, "rest_trash_not_supported")
	default:
		delete(s.media, m.ID)
		answer(w, http.StatusOK, map[string]bool{"deleted": true})
	}
}

func (s *Site) findPosts(w http.ResponseWriter, r *http.Request, p *person, _ string) {
	if !p.may("edit_posts") {
		refuse(w, p, "rest_forbidden_context")
		return
	}
	query := r.URL.Query()
	states := strings.Split(query.Get("status"), ",")
	found := []map[string]any{}
	for _, one := range s.posts {
		if one.Slug == query.Get("slug") && slices.Contains(states, one.Status) {
			found = append(found, postForm(s, one))
		}
	}
	answer(w, http.StatusOK, found)
}

func (s *Site) get(w http.ResponseWriter, _ *http.Request, p *person, id string) {
	switch one := s.posts[number(id)]; {
	case one == nil:
		fail(w, http.StatusNotFound, "rest_post_invalid_id")
	case !p.may("edit_posts"):
		refuse(w, p, "rest_forbidden_context")
	default:
		answer(w, http.StatusOK, postForm(s, one))
	}
}

// fields are those of a post that may be sent.
type fields struct {
	Title    *string `json:"title"`
	Content  *string `json:"content"`
	Status   *string `json:"status"`
	Slug     *string `json:"slug"`
	Author   *int    `json:"author"`
	Featured *int    `json:"featured_media"`
}

func (s *Site) body(w http.ResponseWriter, r *http.Request) (sent fields, ok bool) {
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&sent); err != nil || r.Header.Get("Content-Type") != "application/json" {
		s.Undocumented(w, r, "body or Content-Type")
		return sent, false
	}
	return sent, true
}

func (s *Site) create(w http.ResponseWriter, r *http.Request, p *person, _ string) {
	sent, ok := s.body(w, r)
	if !ok {
		return
	}
	if !p.may("edit_posts") {
		refuse(w, p, "rest_cannot_create")
		return
	}
	if sent.Title == nil && sent.Content == nil {
		fail(w, http.StatusBadRequest, "empty_content")
		return
	}
	s.write(w, p, &Post{Author: p.id}, sent, http.StatusCreated)
}

func (s *Site) update(w http.ResponseWriter, r *http.Request, p *person, id string) {
	sent, ok := s.body(w, r)
	if !ok {
		return
	}
	switch one := s.posts[number(id)]; {
	case one == nil:
		fail(w, http.StatusNotFound, "rest_post_invalid_id")
	case !p.may("edit_posts") || one.Author != p.id && !p.may("edit_others_posts"):
		refuse(w, p, "rest_cannot_edit")
	default:
		s.write(w, p, one, sent, http.StatusOK)
	}
}

// write checks what is asked for and keeps it.
func (s *Site) write(w http.ResponseWriter, p *person, one *Post, sent fields, status int) {
	if sent.Author != nil && *sent.Author != p.id {
		if !p.may("edit_others_posts") {
			refuse(w, p, "rest_cannot_edit_others")
			return
		}
		if !s.isAuthor(*sent.Author) {
			fail(w, http.StatusBadRequest, "rest_invalid_author")
			return
		}
		one.Author = *sent.Author
	}
	if sent.Status != nil && *sent.Status == "publish" && !p.may("publish_posts") {
		refuse(w, p, "rest_cannot_publish")
		return
	}
	if sent.Featured != nil {
		if s.media[*sent.Featured] == nil {
			fail(w, http.StatusBadRequest, "rest_invalid_featured_media")
			return
		}
		one.Featured = *sent.Featured
	}
	set(&one.Title, sent.Title)
	set(&one.Content, sent.Content)
	set(&one.Status, sent.Status)
	set(&one.Slug, sent.Slug)
	if one.ID == 0 {
		one.ID = s.next()
		s.posts[one.ID] = one
	}
	if one.Slug == "" && one.Status == "publish" {
		one.Slug = strings.ToLower(strings.Join(strings.Fields(one.Title), "-"))
	}
	answer(w, status, postForm(s, one))
}

func set(to, from *string) {
	if from != nil {
		*to = *from
	}
}

func (s *Site) isAuthor(id int) bool {
	for _, one := range s.people {
		if one.id == id {
			return one.may("edit_posts")
		}
	}
	return false
}

func (s *Site) delete(w http.ResponseWriter, r *http.Request, p *person, id string) {
	one := s.posts[number(id)]
	forced := r.URL.Query().Get("force") == "true"
	switch {
	case one == nil:
		fail(w, http.StatusNotFound, "rest_post_invalid_id")
	case !p.may("edit_posts") || one.Author != p.id && !p.may("edit_others_posts"):
		refuse(w, p, "rest_cannot_delete")
	case !forced && one.Status == "trash":
		fail(w, http.StatusGone, "rest_already_trashed")
	case !forced && s.noTrash:
		fail(w, http.StatusNotImplemented, "rest_trash_not_supported")
	case forced:
		delete(s.posts, one.ID)
		answer(w, http.StatusOK, map[string]bool{"deleted": true})
	default:
		one.Status, one.Slug = "trash", one.Slug+"__trashed"
		answer(w, http.StatusOK, postForm(s, one))
	}
}
