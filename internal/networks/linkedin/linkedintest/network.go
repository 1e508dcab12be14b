// Package linkedintest is LinkedIn as far as its documentation describes it, and the
// connector's subject for the conformance suite.
package linkedintest

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"behalf/internal/networks/fake"
	"behalf/internal/networks/linkedin"
)

// OrganizationURN names the page that people post to.
const OrganizationURN = "urn:li:organization:2414183"

func personURN(name string) string { return "urn:li:person:" + name }

// network is LinkedIn as far as its documentation describes it.
type network struct {
	t     *testing.T
	oauth *fake.OAuth

	mu      sync.Mutex
	next    int
	roles   map[string]string // person → on the organization
	barred  map[string]bool   // may not post as the person
	posts   []stored
	media   map[string]*fake.Medium
	arrived map[string]bool
}

type stored struct {
	fake.Post
	at time.Time
}

type postBody struct {
	Author       string `json:"author"`
	Commentary   string `json:"commentary"`
	Visibility   string `json:"visibility"`
	Distribution struct {
		Feed     string   `json:"feedDistribution"`
		Targets  []string `json:"targetEntities"`
		Channels []string `json:"thirdPartyDistributionChannels"`
	} `json:"distribution"`
	Content *struct {
		Media *struct {
			ID  string `json:"id"`
			Alt string `json:"altText"`
		} `json:"media"`
		Images *struct {
			Images []struct {
				ID  string `json:"id"`
				Alt string `json:"altText"`
			} `json:"images"`
		} `json:"multiImage"`
	} `json:"content"`
	State     string `json:"lifecycleState"`
	NoReshare bool   `json:"isReshareDisabledByAuthor"`
}

func newNetwork(t *testing.T, organizations bool) *network {
	scopes := []string{"openid", "profile", "w_member_social"}
	if organizations {
		scopes = []string{"rw_organization_admin", "r_organization_social", "w_organization_social"}
	}
	return &network{
		t: t, oauth: fake.NewOAuth(t, false, scopes...), media: map[string]*fake.Medium{}, arrived: map[string]bool{},
		roles: map[string]string{fake.Olivia: "ADMINISTRATOR", fake.Carl: "ANALYST"}, barred: map[string]bool{},
	}
}

func (n *network) handler() http.Handler {
	rest := map[string]string{"Linkedin-Version": linkedin.Version, "X-Restli-Protocol-Version": "2.0.0"}
	finder := map[string]string{"Linkedin-Version": linkedin.Version, "X-Restli-Protocol-Version": "2.0.0", "X-Restli-Method": "FINDER"}
	remover := map[string]string{"Linkedin-Version": linkedin.Version, "X-Restli-Protocol-Version": "2.0.0", "X-Restli-Method": "DELETE"}
	dialog := []string{"response_type", "client_id", "redirect_uri", "scope", "state"}
	return fake.Strict(n.t,
		fake.Endpoint{Pattern: "GET /oauth/v2/authorization", Query: dialog,
			Handle: func(w http.ResponseWriter, r *http.Request, _ any) { n.oauth.Authorize(w, r) }},
		fake.Endpoint{Pattern: "POST /oauth/v2/authorization", Form: append(dialog, "name", "password", "decision"),
			Handle: func(w http.ResponseWriter, r *http.Request, _ any) { n.oauth.Authorize(w, r) }},
		fake.Endpoint{Pattern: "POST /oauth/v2/accessToken", Form: []string{
			"grant_type", "code", "client_id", "client_secret", "redirect_uri", "refresh_token",
		}, Handle: func(w http.ResponseWriter, r *http.Request, _ any) { n.oauth.Token(w, r) }},
		fake.Endpoint{Pattern: "GET /v2/userinfo", Handle: n.as("profile", n.userinfo)},
		fake.Endpoint{Pattern: "GET /rest/organizationAcls", Headers: finder, Query: []string{"q", "role", "state", "start", "count"},
			Handle: n.as("rw_organization_admin", n.acls)},
		fake.Endpoint{Pattern: "GET /rest/organizations/{id}", Headers: rest, Handle: n.as("rw_organization_admin", n.organization)},
		fake.Endpoint{Pattern: "POST /rest/posts", Headers: rest, JSON: func() any { return &postBody{} }, Handle: n.as("", n.post)},
		fake.Endpoint{Pattern: "GET /rest/posts", Headers: finder, Query: []string{"q", "author", "sortBy", "start", "count"},
			Handle: n.as("r_organization_social", n.list)},
		fake.Endpoint{Pattern: "DELETE /rest/posts/{urn}", Headers: remover, Handle: n.as("", n.remove)},
		fake.Endpoint{Pattern: "POST /rest/images", Headers: rest, Query: []string{"action"}, JSON: func() any { return &imageBody{} },
			Handle: n.as("", n.image)},
		fake.Endpoint{Pattern: "POST /rest/videos", Headers: rest, Query: []string{"action"}, JSON: func() any { return &videoBody{} },
			Handle: n.as("", n.video)},
		fake.Endpoint{Pattern: "GET /rest/videos/{urn}", Headers: rest, Handle: n.as("", n.videoStatus)},
		fake.Endpoint{Pattern: "PUT /dms-uploads/{urn}", Raw: true, Handle: n.put},
	)
}

type answer func(w http.ResponseWriter, r *http.Request, person string, body any)

// as lets a live token with the scope in, "" being the one for writing, and
// holds one lock for the whole network.
func (n *network) as(scope string, next answer) func(http.ResponseWriter, *http.Request, any) {
	return func(w http.ResponseWriter, r *http.Request, body any) {
		wanted := scope
		if scope == "" {
			wanted = "w_member_social"
			if _, _, member := n.oauth.Scoped(r, wanted); !member {
				wanted = "w_organization_social"
			}
		}
		person, live, scoped := n.oauth.Scoped(r, wanted)
		n.mu.Lock()
		defer n.mu.Unlock()
		switch {
		case !live:
			refuse(w, http.StatusUnauthorized, 65602, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired")
		case !scoped:
			refuse(w, http.StatusForbidden, 100, "ACCESS_DENIED", "Not enough permissions to access")
		default:
			next(w, r, person, body)
		}
	}
}

func refuse(w http.ResponseWriter, status, service int, code, message string) {
	fake.JSON(w, status, map[string]any{"status": status, "serviceErrorCode": service, "code": code, "message": message})
}

func invalid(w http.ResponseWriter, code, message string) {
	fake.JSON(w, http.StatusUnprocessableEntity, map[string]any{
		"status": http.StatusUnprocessableEntity, "message": message, "errorDetailType": "com.linkedin.common.error.BadRequest",
		"errorDetails": map[string]any{"inputErrors": []any{map[string]any{"code": code, "description": "d"}}},
	})
}

func (n *network) id() string {
	n.next++
	return strconv.Itoa(7000000000000000000 + n.next)
}

// may reports whether a person may post as an author.
func (n *network) may(person, author string) bool {
	return author == personURN(person) && !n.barred[person] || author == OrganizationURN && n.roles[person] == "ADMINISTRATOR"
}

func (n *network) userinfo(w http.ResponseWriter, _ *http.Request, person string, _ any) {
	fake.JSON(w, http.StatusOK, map[string]any{"sub": person, "name": strings.ToUpper(person), "locale": "en-US"})
}

func (n *network) acls(w http.ResponseWriter, r *http.Request, person string, _ any) {
	if r.FormValue("q") != "roleAssignee" {
		refuse(w, http.StatusBadRequest, 100, "ILLEGAL_ARGUMENT", "q")
		return
	}
	elements := []any{}
	if role := n.roles[person]; role != "" {
		elements = append(elements, map[string]any{
			"role": role, "state": "APPROVED", "organization": OrganizationURN, "roleAssignee": personURN(person),
		})
		if role == "ADMINISTRATOR" { // who is that may have other roles besides
			elements = append(elements, map[string]any{
				"role": "CONTENT_ADMINISTRATOR", "state": "APPROVED", "organization": OrganizationURN, "roleAssignee": personURN(person),
			})
		}
	}
	fake.JSON(w, http.StatusOK, map[string]any{"elements": elements, "paging": map[string]any{"start": 0, "count": len(elements)}})
}

func (n *network) organization(w http.ResponseWriter, r *http.Request, _ string, _ any) {
	if OrganizationURN != "urn:li:organization:"+r.PathValue("id") {
		refuse(w, http.StatusNotFound, 0, "NOT_FOUND", "no such organization")
		return
	}
	fake.JSON(w, http.StatusOK, map[string]any{"id": 2414183, "localizedName": "Acme", "vanityName": "acme"})
}

var (
	tags     = regexp.MustCompile(`\{hashtag\|\\#\|([^}]*)\}`)
	unescape = regexp.MustCompile(`\\(.)`)
	bare     = regexp.MustCompile(`(^|[^\\])[|{}@\[\]()<>#*_~]`)
)

// read is a text as a reader sees it; false when a reserved character stands in
// it bare (LinkedIn cuts the text off there).
func read(commentary string) (text string, ok bool) {
	without := tags.ReplaceAllString(commentary, "$1")
	if bare.MatchString(strings.ReplaceAll(without, `\\`, "")) {
		return "", false
	}
	return unescape.ReplaceAllString(tags.ReplaceAllString(commentary, "#$1"), "$1"), true
}

func (n *network) post(w http.ResponseWriter, _ *http.Request, person string, body any) {
	sent := body.(*postBody)
	text, ok := read(sent.Commentary)
	units := 0
	for _, c := range text {
		units += 1 + int(c>>16&1)
	}
	made := stored{Post: fake.Post{Account: sent.Author, Person: person, Text: text}, at: time.Now()}
	if sent.Content != nil && sent.Content.Media != nil {
		made.Media = n.attach(made.Media, sent.Content.Media.ID, sent.Content.Media.Alt)
	}
	if sent.Content != nil && sent.Content.Images != nil {
		for _, image := range sent.Content.Images.Images {
			made.Media = n.attach(made.Media, image.ID, image.Alt)
		}
	}
	switch {
	case !n.may(person, sent.Author):
		refuse(w, http.StatusForbidden, 100, "ACCESS_DENIED", "Field Value validation failed in REQUEST_BODY: author")
	case !ok || sent.State != "PUBLISHED" || sent.Visibility != "PUBLIC" || sent.Distribution.Feed != "MAIN_FEED":
		invalid(w, "INVALID_VALUE", "invalid")
	case units > 3000 || units == 0 && len(made.Media) == 0:
		invalid(w, "FIELD_LENGTH_TOO_LONG", "ShareCommentary text length exceeded the maximum allowed")
	default:
		for _, p := range n.posts {
			if p.Account == made.Account && p.Text == made.Text {
				invalid(w, "DUPLICATE_POST", "com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of "+p.ID)
				return
			}
		}
		made.ID = "urn:li:share:" + n.id()
		made.URL = "https://www.linkedin.com/feed/update/" + made.ID + "/"
		n.posts = append(n.posts, made)
		w.Header().Set("X-Restli-Id", made.ID)
		w.WriteHeader(http.StatusCreated)
	}
}

func (n *network) attach(media []fake.Medium, urn, alt string) []fake.Medium {
	if medium := n.media[urn]; medium != nil && n.arrived[urn] {
		shown := *medium
		shown.Alt = alt
		media = append(media, shown)
	}
	return media
}

func (n *network) list(w http.ResponseWriter, r *http.Request, person string, _ any) {
	if r.FormValue("q") != "author" || !n.may(person, r.FormValue("author")) {
		refuse(w, http.StatusForbidden, 100, "ACCESS_DENIED", "author")
		return
	}
	elements := []any{}
	for i := len(n.posts) - 1; i >= 0; i-- {
		if p := n.posts[i]; p.Account == r.FormValue("author") {
			kept := strings.TrimSpace(strings.ReplaceAll(p.Text, "\r\n", "\n"))
			commentary := regexp.MustCompile(`[\\|{}@\[\]()<>#*_~]`).ReplaceAllString(kept, `\$0`)
			elements = append(elements, map[string]any{
				"id": p.ID, "author": p.Account, "commentary": commentary, "createdAt": p.at.UnixMilli(), "lifecycleState": "PUBLISHED",
			})
		}
	}
	start, _ := strconv.Atoi(r.FormValue("start"))
	fake.JSON(w, http.StatusOK, map[string]any{"elements": elements[min(start, len(elements)):]})
}

func (n *network) remove(w http.ResponseWriter, r *http.Request, person string, _ any) {
	for i, p := range n.posts {
		if p.ID == r.PathValue("urn") && n.may(person, p.Account) {
			n.posts = append(n.posts[:i:i], n.posts[i+1:]...)
			break
		}
	}
	w.WriteHeader(http.StatusNoContent) // the same for one that is gone
}
