// Package pagestest is Facebook as far as Meta's documentation describes it, and the
// connector's subject for the conformance suite.
package pagestest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"behalf/internal/networks/facebook/pages"
	"behalf/internal/networks/fake"
)

// PageID is the page that people post to.
const PageID = "20531316728"

// Graph is Facebook as far as Meta's documentation describes it.
type Graph struct {
	t     *testing.T
	oauth *fake.OAuth

	mu      sync.Mutex
	next    int
	tokens  map[string]token
	tasks   map[string][]string // person → on the page
	refused map[string]string   // person → the permission that they declined
	posts   []stored
	photos  map[string]*fake.Medium
	used    map[string]bool
	films   map[string]int64 // handle or session → bytes
	arrived int
}

type token struct {
	person  string
	page    bool
	subcode int // why it has ended; 0 = it lives
}

type stored struct {
	fake.Post
	at time.Time
}

func newGraph(t *testing.T) *Graph {
	return &Graph{
		t: t, oauth: fake.NewOAuth(t, false, asked...),
		tokens: map[string]token{}, photos: map[string]*fake.Medium{}, used: map[string]bool{}, films: map[string]int64{}, refused: map[string]string{},
		tasks: map[string][]string{fake.Olivia: {"ADVERTISE", "ANALYZE", "CREATE_CONTENT"}, fake.Carl: {"ANALYZE"}},
	}
}

func (g *Graph) handler() http.Handler {
	v := "/" + pages.Version
	dialog := []string{"client_id", "redirect_uri", "state", "response_type", "scope", "auth_type"}
	signed := []string{"access_token", "appsecret_proof"}
	return fake.Strict(g.t,
		fake.Endpoint{Pattern: "GET " + v + "/dialog/oauth", Query: dialog, Handle: g.dialog},
		fake.Endpoint{Pattern: "POST " + v + "/dialog/oauth", Form: append(dialog, "name", "password", "decision"), Handle: g.dialog},
		fake.Endpoint{Pattern: "GET " + v + "/oauth/access_token", Query: []string{
			"client_id", "client_secret", "redirect_uri", "code", "grant_type", "fb_exchange_token",
		}, Handle: g.token},
		fake.Endpoint{Pattern: "GET " + v + "/me", Query: append(signed, "fields"), Handle: g.as(g.me)},
		fake.Endpoint{Pattern: "GET " + v + "/me/permissions", Query: signed, Handle: g.as(g.permissions)},
		fake.Endpoint{Pattern: "GET " + v + "/me/accounts", Query: append(signed, "fields", "limit", "after"), Handle: g.as(g.accounts)},
		fake.Endpoint{Pattern: "GET " + v + "/{page}", Query: append(signed, "fields"), Handle: g.as(g.page)},
		fake.Endpoint{Pattern: "POST " + v + "/{page}/photos", Form: append(signed, "source", "published", "alt_text_custom"), Handle: g.as(g.photo)},
		fake.Endpoint{Pattern: "POST " + v + "/{page}/feed", Form: append(signed, "message", "link", "attached_media[]"), Handle: g.as(g.feed)},
		fake.Endpoint{Pattern: "POST " + v + "/{page}/videos", Form: append(signed, "description", "fbuploader_video_file_chunk"), Handle: g.as(g.video)},
		fake.Endpoint{Pattern: "POST " + v + "/{app}/uploads", Form: append(signed, "file_name", "file_length", "file_type"), Handle: g.as(g.session)},
		fake.Endpoint{Pattern: "POST " + v + "/{upload}", Raw: true, Headers: map[string]string{"File_offset": "0"}, Handle: g.upload},
		fake.Endpoint{Pattern: "GET " + v + "/{page}/published_posts", Query: append(signed, "fields", "limit", "since", "after"), Handle: g.as(g.published)},
		fake.Endpoint{Pattern: "DELETE " + v + "/{id}", Query: signed, Handle: g.as(g.remove)},
	)
}

func refuse(w http.ResponseWriter, status, code, subcode int) {
	fake.JSON(w, status, map[string]any{"error": map[string]any{
		"message": "m", "type": "OAuthException", "code": code, "error_subcode": subcode, "fbtrace_id": "A1",
	}})
}

// dialog asks again for what was declined only when it is told to.
func (g *Graph) dialog(w http.ResponseWriter, r *http.Request, _ any) {
	q := r.URL.Query()
	if r.Method == http.MethodGet && q.Get("auth_type") != "rerequest" {
		http.Error(w, "nobody would be asked again", http.StatusBadRequest)
		return
	}
	q.Del("auth_type")
	r.URL.RawQuery = q.Encode()
	r.Form = nil
	g.oauth.Authorize(w, r)
}

// token is Facebook's token endpoint; the protocol of its code is fosite's.
func (g *Graph) token(w http.ResponseWriter, r *http.Request, _ any) {
	q := r.URL.Query()
	if q.Get("client_id") != fake.ClientID || q.Get("client_secret") != fake.ClientSecret {
		refuse(w, http.StatusBadRequest, 101, 0)
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if q.Get("grant_type") == "fb_exchange_token" {
		short, live := g.tokens[q.Get("fb_exchange_token")]
		if !live || short.subcode != 0 {
			refuse(w, http.StatusBadRequest, 190, 463)
			return
		}
		fake.JSON(w, http.StatusOK, map[string]any{"access_token": g.mint(short), "token_type": "bearer", "expires_in": 5183944})
		return
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {q.Get("code")}, "redirect_uri": {q.Get("redirect_uri")},
		"client_id": {fake.ClientID}, "client_secret": {fake.ClientSecret}}
	inner := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
	inner.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	held := httptest.NewRecorder()
	g.oauth.Token(held, inner)
	var given struct {
		Token string `json:"access_token"`
	}
	if held.Code != http.StatusOK || json.Unmarshal(held.Body.Bytes(), &given) != nil {
		refuse(w, http.StatusBadRequest, 100, 36009)
		return
	}
	inner.Header.Set("Authorization", "Bearer "+given.Token)
	person, _ := g.oauth.Person(inner, "pages_manage_posts")
	fake.JSON(w, http.StatusOK, map[string]any{"access_token": g.mint(token{person: person}), "token_type": "bearer", "expires_in": 5400})
}

func (g *Graph) id() string {
	g.next++
	return strconv.Itoa(1000 + g.next)
}

func (g *Graph) mint(t token) string {
	made := "EAAB" + g.id() + "canary" + t.person
	g.tokens[made] = t
	return made
}

// as lets a live token with its proof in, and holds one lock for the whole network.
func (g *Graph) as(next func(http.ResponseWriter, *http.Request, token)) func(http.ResponseWriter, *http.Request, any) {
	return func(w http.ResponseWriter, r *http.Request, _ any) {
		given := r.FormValue("access_token")
		mac := hmac.New(sha256.New, []byte(fake.ClientSecret))
		mac.Write([]byte(given))
		g.mu.Lock()
		defer g.mu.Unlock()
		t, known := g.tokens[given]
		switch {
		case r.FormValue("appsecret_proof") != hex.EncodeToString(mac.Sum(nil)):
			refuse(w, http.StatusBadRequest, 100, 0)
		case !known || t.subcode != 0:
			refuse(w, http.StatusUnauthorized, 190, max(t.subcode, 467))
		default:
			next(w, r, t)
		}
	}
}

func (g *Graph) me(w http.ResponseWriter, _ *http.Request, t token) {
	fake.JSON(w, http.StatusOK, map[string]any{"id": "u-" + t.person, "name": t.person})
}

// asked is what the connector asks for.
var asked = []string{"pages_show_list", "pages_read_engagement", "pages_manage_posts"}

func (g *Graph) permissions(w http.ResponseWriter, _ *http.Request, t token) {
	if t.page {
		refuse(w, http.StatusBadRequest, 100, 0)
		return
	}
	data := []any{map[string]any{"permission": "public_profile", "status": "granted"}}
	for _, permission := range asked {
		status := "granted"
		if g.refused[t.person] == permission {
			status = "declined"
		}
		data = append(data, map[string]any{"permission": permission, "status": status})
	}
	fake.JSON(w, http.StatusOK, map[string]any{"data": data})
}

// Decline has a person decline a permission, in the dialog or later in their
// settings; none: they allow everything again.
func (g *Graph) Decline(person, permission string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refused[person] = permission
}

// accounts answers one page at a time.
func (g *Graph) accounts(w http.ResponseWriter, r *http.Request, t token) {
	if r.FormValue("after") == "" {
		fake.JSON(w, http.StatusOK, map[string]any{"data": []any{}, "paging": map[string]any{
			"cursors": map[string]any{"after": "1"}, "next": "https://graph.facebook.com/next?access_token=x",
		}})
		return
	}
	data := []any{}
	if tasks := g.tasks[t.person]; len(tasks) > 0 {
		data = append(data, map[string]any{
			"id": PageID, "name": "Acme News", "link": "https://www.facebook.com/acme", "tasks": tasks,
			"access_token": g.mint(token{person: t.person, page: true}),
		})
	}
	fake.JSON(w, http.StatusOK, map[string]any{"data": data})
}

func (g *Graph) page(w http.ResponseWriter, r *http.Request, t token) {
	if r.PathValue("page") != PageID || !t.page {
		refuse(w, http.StatusBadRequest, 100, 33)
		return
	}
	fake.JSON(w, http.StatusOK, map[string]any{"id": PageID, "name": "Acme News", "link": "https://www.facebook.com/acme"})
}

// may reports whether a token may publish, and refuses otherwise.
func (g *Graph) may(w http.ResponseWriter, t token) bool {
	for _, task := range g.tasks[t.person] {
		if task == "CREATE_CONTENT" && t.page && g.refused[t.person] == "" {
			return true
		}
	}
	refuse(w, http.StatusForbidden, 200, 0)
	return false
}

// end makes every token of a person end, or everybody's.
func (g *Graph) end(person string, subcode int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for name, t := range g.tokens {
		if person == "" || t.person == person {
			t.subcode = subcode
			g.tokens[name] = t
		}
	}
}

// EndPeople ends every person's token, and no page's.
func (g *Graph) EndPeople() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for name, one := range g.tokens {
		if !one.page {
			one.subcode = 463
			g.tokens[name] = one
		}
	}
}
