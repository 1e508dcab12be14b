package mastodontest

import (
	"html"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"
)

func (s *Server) upload(w http.ResponseWriter, r *http.Request, name, _ string) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || r.ContentLength <= 0 {
		s.Undocumented(w, r, "Content-Type or Content-Length")
		return
	}
	m := &Medium{ID: s.next(), Person: name}
	parts := multipart.NewReader(r.Body, parameters["boundary"])
	for {
		part, err := parts.NextPart()
		if err == io.EOF { //nolint:errorlint // mime/multipart answers it bare
			break
		}
		if err != nil {
			s.Undocumented(w, r, "a malformed form")
			return
		}
		content, err := io.ReadAll(part)
		switch {
		case err == nil && part.FormName() == "file" && part.FileName() != "":
			m.Bytes, m.Type = content, part.Header.Get("Content-Type")
		case err == nil && part.FormName() == "description":
			m.Description = string(content)
		default:
			s.Undocumented(w, r, "field "+part.FormName())
			return
		}
	}
	switch {
	case m.Type == "image/png" && strings.HasPrefix(string(m.Bytes), "\x89PNG"),
		m.Type == "image/jpeg" && strings.HasPrefix(string(m.Bytes), "\xff\xd8"):
		s.media[m.ID] = m
		answer(w, http.StatusOK, map[string]string{"id": m.ID, "type": "image", "url": s.URL + "/media/" + m.ID})
	case m.Type == "video/mp4":
		m.wait = s.looks
		s.media[m.ID] = m
		answer(w, http.StatusAccepted, map[string]any{"id": m.ID, "type": "video", "url": nil})
	default:
		fail(w, http.StatusUnprocessableEntity, "Validation failed: File content type is invalid, File is invalid")
	}
}

func (s *Server) medium(w http.ResponseWriter, _ *http.Request, name, id string) {
	m := s.media[id]
	switch {
	case m == nil || m.Person != name:
		fail(w, http.StatusNotFound, "Record not found")
	case m.wait > 0:
		m.wait--
		answer(w, http.StatusPartialContent, map[string]any{"id": m.ID, "url": nil})
	default:
		answer(w, http.StatusOK, map[string]string{"id": m.ID, "url": s.URL + "/media/" + m.ID})
	}
}

func (s *Server) deleteMedium(w http.ResponseWriter, _ *http.Request, name, id string) {
	if m := s.media[id]; m == nil || m.Person != name {
		fail(w, http.StatusNotFound, "Record not found")
		return
	}
	delete(s.media, id)
	answer(w, http.StatusOK, map[string]string{})
}

func (s *Server) create(w http.ResponseWriter, r *http.Request, name, _ string) {
	key, text, media := r.Header.Get("Idempotency-Key"), r.PostForm.Get("status"), r.PostForm["media_ids[]"]
	if key == "" {
		s.Undocumented(w, r, "no Idempotency-Key")
		return
	}
	if made := s.keys[name+key]; made != nil && !s.Forgets {
		answer(w, http.StatusOK, s.form(made))
		return
	}
	if text == "" && len(media) == 0 {
		fail(w, http.StatusUnprocessableEntity, "Validation failed: Text can't be blank")
		return
	}
	if utf8.RuneCountInString(text) > s.MaxCharacters {
		fail(w, http.StatusUnprocessableEntity, "Validation failed: Text character limit of 500 exceeded")
		return
	}
	for _, id := range media {
		if m := s.media[id]; m == nil || m.Person != name || m.wait > 0 {
			fail(w, http.StatusUnprocessableEntity, "Cannot attach files that have not finished processing. Try again in a moment!")
			return
		}
	}
	made := s.post(name, text, media)
	s.keys[name+key] = made
	answer(w, http.StatusOK, s.form(made))
}

func (s *Server) delete(w http.ResponseWriter, _ *http.Request, name, id string) {
	for i, one := range s.statuses {
		if one.ID == id && one.Person == name {
			s.statuses = append(s.statuses[:i], s.statuses[i+1:]...)
			answer(w, http.StatusOK, s.form(one))
			return
		}
	}
	fail(w, http.StatusNotFound, "Record not found")
}

func (s *Server) list(w http.ResponseWriter, r *http.Request, name, id string) {
	if s.people[name].id != id {
		fail(w, http.StatusNotFound, "Record not found")
		return
	}
	found := []map[string]any{}
	below := r.URL.Query().Get("max_id")
	for _, one := range s.statuses {
		if one.Person == name && len(found) < 40 && (below == "" || len(one.ID) < len(below) || len(one.ID) == len(below) && one.ID < below) {
			found = append(found, s.form(one))
		}
	}
	answer(w, http.StatusOK, found)
}

var linked = regexp.MustCompile(`(https?://)([^\s<]+)`)

// form writes a post as Mastodon does: in HTML, with addresses taken apart.
func (s *Server) form(one *Status) map[string]any {
	content := linked.ReplaceAllString(html.EscapeString(one.Text), `<a href="$1$2"><span class="invisible">$1</span><span class="">$2</span></a>`)
	content = "<p>" + strings.ReplaceAll(strings.ReplaceAll(content, "\n\n", "</p><p>"), "\n", "<br />") + "</p>"
	media := []map[string]string{}
	for _, id := range one.Media {
		media = append(media, map[string]string{"id": id})
	}
	return map[string]any{
		"id": one.ID, "created_at": one.Created.Format("2006-01-02T15:04:05.000Z"), "url": s.URL + "/@" + one.Person + "/" + one.ID,
		"uri": s.URL + "/users/" + one.Person + "/statuses/" + one.ID, "content": content, "media_attachments": media,
		"account": map[string]string{"id": s.people[one.Person].id},
	}
}
