// Package xtest is X as far as its documentation describes it, and the connector's
// subject for the conformance suite.
package xtest

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/text"
)

// Network is X as far as its documentation describes it.
type Network struct {
	t     *testing.T
	oauth *fake.OAuth

	Mu     sync.Mutex
	Posts  []Stored
	media  map[string]*fake.Medium
	ready  map[string]bool
	next   int
	barred map[string]bool // may not post
}

// Stored is a post as X keeps it.
type Stored struct {
	fake.Post
	At time.Time
}

var ids = map[string]string{fake.Olivia: "1001", fake.Carl: "1002"}

type postBody struct {
	Text  string `json:"text"`
	Media *struct {
		IDs []string `json:"media_ids"`
	} `json:"media"`
}

type initializeBody struct {
	Type     string `json:"media_type"`
	Category string `json:"media_category"`
	Bytes    int64  `json:"total_bytes"`
}

type metadataBody struct {
	ID       string `json:"id"`
	Metadata struct {
		Alt struct {
			Text string `json:"text"`
		} `json:"alt_text"`
	} `json:"metadata"`
}

func newNetwork(t *testing.T) *Network {
	return &Network{
		t: t, media: map[string]*fake.Medium{}, ready: map[string]bool{}, next: 5000, barred: map[string]bool{},
		oauth: fake.NewOAuth(t, true, "tweet.read", "tweet.write", "users.read", "media.write", "offline.access"),
	}
}

func (n *Network) handler() http.Handler {
	basic := map[string]string{"Authorization": ""}
	return fake.Strict(n.t,
		fake.Endpoint{Pattern: "GET /i/oauth2/authorize", Query: []string{
			"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method",
		}, Handle: func(w http.ResponseWriter, r *http.Request, _ any) { n.oauth.Authorize(w, r) }},
		fake.Endpoint{Pattern: "POST /i/oauth2/authorize", Form: []string{
			"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method",
			"name", "password", "decision",
		}, Handle: func(w http.ResponseWriter, r *http.Request, _ any) { n.oauth.Authorize(w, r) }},
		fake.Endpoint{Pattern: "POST /2/oauth2/token", Headers: basic, Form: []string{
			"grant_type", "code", "redirect_uri", "code_verifier", "refresh_token",
		}, Handle: func(w http.ResponseWriter, r *http.Request, _ any) { n.oauth.Token(w, r) }},
		fake.Endpoint{Pattern: "POST /2/oauth2/revoke", Headers: basic, Form: []string{"token"},
			Handle: func(w http.ResponseWriter, r *http.Request, _ any) { n.oauth.Revoke(w, r) }},
		fake.Endpoint{Pattern: "GET /2/users/me", Handle: n.as("users.read", n.me)},
		fake.Endpoint{Pattern: "POST /2/tweets", JSON: func() any { return &postBody{} }, Handle: n.as("tweet.write", n.post)},
		fake.Endpoint{Pattern: "DELETE /2/tweets/{id}", Handle: n.as("tweet.write", n.remove)},
		fake.Endpoint{Pattern: "GET /2/users/{id}/tweets", Query: []string{
			"max_results", "pagination_token", "start_time", "end_time", "since_id", "until_id", "exclude", "tweet.fields",
		}, Handle: n.as("tweet.read", n.timeline)},
		fake.Endpoint{Pattern: "POST /2/media/upload", Form: []string{"media", "media_category"}, Handle: n.as("media.write", n.upload)},
		fake.Endpoint{Pattern: "GET /2/media/upload", Query: []string{"media_id", "command"}, Handle: n.as("media.write", n.status)},
		fake.Endpoint{Pattern: "POST /2/media/upload/initialize", JSON: func() any { return &initializeBody{} },
			Handle: n.as("media.write", n.initialize)},
		fake.Endpoint{Pattern: "POST /2/media/upload/{id}/append", Form: []string{"media", "segment_index"},
			Handle: n.as("media.write", n.appendTo)},
		fake.Endpoint{Pattern: "POST /2/media/upload/{id}/finalize", Handle: n.as("media.write", n.finalize)},
		fake.Endpoint{Pattern: "POST /2/media/metadata", JSON: func() any { return &metadataBody{} },
			Handle: n.as("media.write", n.metadata)},
	)
}

type answer func(w http.ResponseWriter, r *http.Request, person string, body any)

// as lets a live token with the scope in, and holds one lock for the whole network.
func (n *Network) as(scope string, next answer) func(http.ResponseWriter, *http.Request, any) {
	return func(w http.ResponseWriter, r *http.Request, body any) {
		person, live, scoped := n.oauth.Scoped(r, scope)
		n.Mu.Lock()
		defer n.Mu.Unlock()
		switch {
		case !live:
			refuse(w, http.StatusUnauthorized, "about:blank", "Unauthorized", "Unauthorized")
		case !scoped || n.barred[person] && r.Method != http.MethodGet:
			refuse(w, http.StatusForbidden, "about:blank", "Forbidden", "You are not permitted to perform this action.")
		default:
			next(w, r, person, body)
		}
	}
}

func refuse(w http.ResponseWriter, status int, kind, title, detail string) {
	fake.JSON(w, status, map[string]any{"type": kind, "title": title, "detail": detail, "status": status})
}

func problem(w http.ResponseWriter, status int, kind string) {
	refuse(w, status, "https://api.x.com/2/problems/"+kind, kind, "One or more parameters to your request was invalid.")
}

func data(w http.ResponseWriter, status int, value any) {
	fake.JSON(w, status, map[string]any{"data": value})
}

func (n *Network) id() string {
	n.next++
	return strconv.Itoa(n.next)
}

func (n *Network) me(w http.ResponseWriter, _ *http.Request, person string, _ any) {
	data(w, http.StatusOK, map[string]any{"id": ids[person], "name": strings.ToUpper(person), "username": person})
}

func (n *Network) post(w http.ResponseWriter, _ *http.Request, person string, body any) {
	sent := body.(*postBody)
	made := Stored{Post: fake.Post{ID: n.id(), Account: ids[person], Person: person, Text: sent.Text}, At: time.Now()}
	made.URL = "https://x.com/i/web/status/" + made.ID
	if sent.Media != nil {
		for _, id := range sent.Media.IDs {
			if !n.ready[id] {
				problem(w, http.StatusBadRequest, "invalid-request")
				return
			}
			made.Media = append(made.Media, *n.media[id])
		}
	}
	if sent.Text == "" && len(made.Media) == 0 || text.Weighted(sent.Text) > 280 || len(made.Media) > 4 {
		problem(w, http.StatusBadRequest, "invalid-request")
		return
	}
	for _, p := range n.Posts {
		if p.Account == made.Account && p.Text == made.Text && len(made.Media) == 0 {
			refuse(w, http.StatusForbidden, "about:blank", "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
			return
		}
	}
	n.Posts = append(n.Posts, made)
	data(w, http.StatusCreated, map[string]any{"id": made.ID, "text": made.Text, "edit_history_tweet_ids": []string{made.ID}})
}

func (n *Network) remove(w http.ResponseWriter, r *http.Request, person string, _ any) {
	for i, p := range n.Posts {
		if p.ID == r.PathValue("id") && p.Person == person {
			n.Posts = append(n.Posts[:i:i], n.Posts[i+1:]...)
			data(w, http.StatusOK, map[string]any{"deleted": true})
			return
		}
	}
	problem(w, http.StatusNotFound, "resource-not-found")
}

// timeline answers newest first, one a page, as it is shown: escaped, with
// addresses shortened, and one for the media behind the text.
func (n *Network) timeline(w http.ResponseWriter, r *http.Request, _ string, _ any) {
	since, err := time.Parse(time.RFC3339, r.FormValue("start_time"))
	if size, _ := strconv.Atoi(r.FormValue("max_results")); err != nil || size < 5 || size > 100 {
		problem(w, http.StatusBadRequest, "invalid-request")
		return
	}
	var shown []map[string]any
	for i := len(n.Posts) - 1; i >= 0; i-- {
		if p := n.Posts[i]; p.Account == r.PathValue("id") && p.At.After(since) {
			shown = append(shown, show(p))
		}
	}
	page, _ := strconv.Atoi(r.FormValue("pagination_token"))
	meta := map[string]any{"result_count": min(len(shown), 1)}
	if page+1 < len(shown) {
		meta["next_token"] = strconv.Itoa(page + 1)
	}
	answer := map[string]any{"meta": meta}
	if page < len(shown) {
		answer["data"] = shown[page : page+1]
	}
	fake.JSON(w, http.StatusOK, answer)
}

var addresses = regexp.MustCompile(`(https?://)?([a-z0-9-]+\.)+(com|org|example)([/?]\S*)?`)

// show writes a post as X shows it. Only &, < and > are escaped; of a bare host
// the whole address is told.
func show(p Stored) map[string]any {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	urls := []map[string]any{}
	said, shown, done := strings.TrimSpace(strings.ReplaceAll(p.Text, "\r\n", "\n")), "", 0
	for i, at := range addresses.FindAllStringIndex(said, -1) {
		short, whole := fmt.Sprintf("https://t.co/%s%02d", p.ID, i), said[at[0]:at[1]]
		if !strings.HasPrefix(whole, "http") {
			whole = "http://" + whole
		}
		shown += escape.Replace(said[done:at[0]]) + short
		urls = append(urls, map[string]any{"url": short, "expanded_url": whole})
		done = at[1]
	}
	shown += escape.Replace(said[done:])
	if len(p.Media) > 0 {
		short := "https://t.co/m" + p.ID
		shown += " " + short
		urls = append(urls, map[string]any{
			"url": short, "expanded_url": "https://x.com/olivia/status/" + p.ID + "/photo/1", "media_key": "3_" + p.ID,
		})
	}
	return map[string]any{"id": p.ID, "text": shown, "created_at": p.At, "entities": map[string]any{"urls": urls}}
}

func (n *Network) upload(w http.ResponseWriter, r *http.Request, _ string, _ any) {
	file, header, err := r.FormFile("media")
	if err != nil || r.FormValue("media_category") != "tweet_image" || header.Size > 5_000_000 {
		problem(w, http.StatusBadRequest, "invalid-request")
		return
	}
	defer func() { _ = file.Close() }()
	id := n.id()
	n.media[id], n.ready[id] = &fake.Medium{Kind: networks.Image, Size: header.Size}, true
	data(w, http.StatusOK, map[string]any{"id": id, "media_key": "3_" + id, "expires_after_secs": 86400, "size": header.Size})
}

func (n *Network) initialize(w http.ResponseWriter, _ *http.Request, _ string, body any) {
	sent := body.(*initializeBody)
	if sent.Category != "tweet_video" || sent.Type != "video/mp4" || sent.Bytes <= 0 {
		problem(w, http.StatusBadRequest, "invalid-request")
		return
	}
	id := n.id()
	n.media[id] = &fake.Medium{Kind: networks.Video}
	data(w, http.StatusOK, map[string]any{"id": id, "media_key": "7_" + id, "expires_after_secs": 86400})
}

func (n *Network) appendTo(w http.ResponseWriter, r *http.Request, _ string, _ any) {
	file, _, err := r.FormFile("media")
	medium := n.media[r.PathValue("id")]
	if _, malformed := strconv.Atoi(r.FormValue("segment_index")); err != nil || medium == nil || malformed != nil {
		problem(w, http.StatusBadRequest, "invalid-request")
		return
	}
	size, _ := io.Copy(io.Discard, file)
	medium.Size += size
	data(w, http.StatusOK, map[string]any{"expires_at": 1})
}

func (n *Network) finalize(w http.ResponseWriter, r *http.Request, _ string, _ any) {
	id := r.PathValue("id")
	data(w, http.StatusOK, map[string]any{"id": id, "processing_info": map[string]any{"state": "pending", "check_after_secs": 0}})
}

func (n *Network) status(w http.ResponseWriter, r *http.Request, _ string, _ any) {
	id := r.FormValue("media_id")
	n.ready[id] = true
	data(w, http.StatusOK, map[string]any{"id": id, "processing_info": map[string]any{"state": "succeeded", "progress_percent": 100}})
}

func (n *Network) metadata(w http.ResponseWriter, _ *http.Request, _ string, body any) {
	sent := body.(*metadataBody)
	medium := n.media[sent.ID]
	if medium == nil || sent.Metadata.Alt.Text == "" || len([]rune(sent.Metadata.Alt.Text)) > 1000 {
		problem(w, http.StatusBadRequest, "invalid-request")
		return
	}
	medium.Alt = sent.Metadata.Alt.Text
	data(w, http.StatusOK, map[string]any{"id": sent.ID})
}
