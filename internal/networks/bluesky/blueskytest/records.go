package blueskytest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

const posts = "app.bsky.feed.post"

type place struct {
	Repo       string          `json:"repo"`
	Collection string          `json:"collection"`
	Key        string          `json:"rkey"`
	Validate   *bool           `json:"validate"`
	Record     json.RawMessage `json:"record"`
}

func (p place) uri() string { return "at://" + p.Repo + "/" + p.Collection + "/" + p.Key }

func (s *Server) putRecord(w http.ResponseWriter, r *http.Request) {
	var sent place
	handle, ok := s.bearer(w, r)
	if !ok || !s.input(w, r, &sent) {
		return
	}
	switch {
	case sent.Repo != s.people[handle].did:
		fail(w, http.StatusUnauthorized, "AuthenticationRequired")
	case s.people[handle].inactive:
		fail(w, http.StatusUnauthorized, "AccountDeactivated")
	case sent.Collection != posts || !tid.MatchString(sent.Key):
		fail(w, http.StatusBadRequest, "InvalidRequest")
	default:
		if name := s.check(sent.Record); name != "" {
			fail(w, http.StatusBadRequest, name)
			return
		}
		if old, there := s.records[sent.uri()]; !there || !bytes.Equal(old, sent.Record) {
			s.records[sent.uri()] = sent.Record
		}
		answer(w, map[string]string{"uri": sent.uri(), "cid": "bafyrei", "validationStatus": "valid"})
	}
}

// post is the lexicon app.bsky.feed.post, as far as it may be used.
type post struct {
	Type    string `json:"$type"`
	Text    string `json:"text"`
	Created string `json:"createdAt"`
	Facets  []struct {
		Index struct {
			Start int `json:"byteStart"`
			End   int `json:"byteEnd"`
		} `json:"index"`
		Features []struct {
			Type string `json:"$type"`
			URI  string `json:"uri"`
			Tag  string `json:"tag"`
			DID  string `json:"did"`
		} `json:"features"`
	} `json:"facets"`
	Embed *struct {
		Type   string `json:"$type"`
		Images []struct {
			Image blob    `json:"image"`
			Alt   *string `json:"alt"`
			Shape any     `json:"aspectRatio"`
		} `json:"images"`
		Video    *blob  `json:"video"`
		Alt      string `json:"alt"`
		Shape    any    `json:"aspectRatio"`
		External *struct {
			URI         string  `json:"uri"`
			Title       *string `json:"title"`
			Description *string `json:"description"`
		} `json:"external"`
	} `json:"embed"`
}

type blob struct {
	Type string `json:"$type"`
	Ref  struct {
		Link string `json:"$link"`
	} `json:"ref"`
	MIME string `json:"mimeType"`
	Size int64  `json:"size"`
}

// check names what is wrong with a record; "" for nothing.
func (s *Server) check(record json.RawMessage) string {
	const invalid = "InvalidRequest"
	decoder := json.NewDecoder(bytes.NewReader(record))
	decoder.DisallowUnknownFields()
	var p post
	if decoder.Decode(&p) != nil || p.Type != posts || !utf8.ValidString(p.Text) {
		return invalid
	}
	if _, err := time.Parse("2006-01-02T15:04:05.000Z", p.Created); err != nil {
		return invalid
	}
	length := 0
	for g := graphemes.FromString(p.Text); g.Next(); {
		length++
	}
	if length > 300 || len(p.Text) > 3000 {
		return invalid
	}
	for _, f := range p.Facets {
		if f.Index.Start < 0 || f.Index.End <= f.Index.Start || f.Index.End > len(p.Text) || len(f.Features) == 0 ||
			!utf8.ValidString(p.Text[f.Index.Start:f.Index.End]) {
			return invalid
		}
	}
	if p.Embed == nil {
		return ""
	}
	if len(p.Embed.Images) > 4 {
		return invalid
	}
	for _, i := range p.Embed.Images {
		if i.Alt == nil || i.Image.Size > 2000000 || i.Image.Type != "blob" {
			return invalid
		}
		if !s.blobs[i.Image.Ref.Link] {
			return "BlobNotFound"
		}
	}
	if v := p.Embed.Video; v != nil && !s.blobs[v.Ref.Link] {
		return "BlobNotFound"
	}
	if e := p.Embed.External; e != nil && (e.URI == "" || e.Title == nil || e.Description == nil) {
		return invalid
	}
	return ""
}

func (s *Server) getRecord(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	uri := place{Repo: query.Get("repo"), Collection: query.Get("collection"), Key: query.Get("rkey")}.uri()
	record, there := s.records[uri]
	if !there {
		fail(w, http.StatusBadRequest, "RecordNotFound")
		return
	}
	answer(w, map[string]any{"uri": uri, "cid": "bafyrei", "value": record})
}

func (s *Server) deleteRecord(w http.ResponseWriter, r *http.Request) {
	var sent place
	handle, ok := s.bearer(w, r)
	if !ok || !s.input(w, r, &sent) {
		return
	}
	if sent.Repo != s.people[handle].did {
		fail(w, http.StatusUnauthorized, "AuthenticationRequired")
		return
	}
	delete(s.records, sent.uri())
	answer(w, map[string]any{})
}
