package wordpresstest

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wire/guard"
	"behalf/internal/networks/wordpress"
)

// The suite names calls by their path: what is asked for with ?rest_route= goes
// through its gate as /wp-json.
const calls = "/wp-json/wp/v2/"

// Subject is the connector for the conformance suite, with a network of its own
// for each test. What was recorded of the network is added by who asks.
func Subject() conformance.Subject {
	return conformance.Subject{
		Start: start,
		Calls: conformance.Calls{
			Publish: "POST " + calls + "posts/{id}", Prepare: "POST " + calls + "media", Verify: "GET " + calls + "users/me",
			Reconcile: "GET " + calls + "posts/{id}", Exchange: "GET " + calls + "users/me", Delete: "DELETE " + calls + "posts/{id}",
		},
	}
}

func start(t *testing.T, o wire.Options) *conformance.World {
	site := Start(t)
	site.WithoutConsent() // the form: a redirect brings the password itself, which is good more than once
	site.SetRole(fake.Carl, "contributor")
	_, gate := fake.Serve(t, byRoute(site))
	outside := httptest.NewServer(byPath(gate))
	t.Cleanup(outside.Close)
	site.CallHome(outside.URL)
	c := wordpress.New(wordpress.Config{Guard: guard.Options{AllowLoopback: true}, Wire: o})
	t.Cleanup(c.Close)
	return &conformance.World{
		Connector: c, Gate: gate, Host: outside.URL, Account: outside.URL, Identity: "author:3",
		Answer: func(_ *testing.T, person string, start networks.AuthStart, _ bool) networks.Callback {
			return networks.Callback{Pending: start.Pending, Fields: map[string]networks.Secret{
				"user": networks.NewSecret(person), "password": networks.NewSecret(site.Password(person)),
			}}
		},
		Posts: func(*testing.T) []fake.Post {
			var found []fake.Post
			for _, p := range site.Posts("publish") {
				found = append(found, read(site, p))
			}
			return found
		},
		Uploads: func(*testing.T) int { return len(site.Media()) },
		Left:    func(*testing.T) int { return len(site.Media()) + len(site.Posts("draft")) },
		End:     func(_ *testing.T, person string) { site.RevokeAll(person) },
		Demote:  func(_ *testing.T, person string) { site.SetRole(person, "contributor") },
	}
}

func byPath(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		r.URL.Path = "/wp-json" + query.Get("rest_route")
		query.Del("rest_route")
		r.URL.RawQuery = query.Encode()
		next.ServeHTTP(w, r)
	})
}

func byRoute(site *Site) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		query.Set("rest_route", strings.TrimPrefix(r.URL.Path, "/wp-json"))
		r.URL = &url.URL{Path: "/", RawQuery: query.Encode()}
		site.ServeHTTP(w, r)
	})
}

var (
	paragraph = regexp.MustCompile(`(?s)<p>(.*?)</p>`)
	tag       = regexp.MustCompile(`<[^>]*>`)
	shown     = regexp.MustCompile(`<(img|video)[^>]*? (?:alt|aria-label)="([^"]*)"`)
)

// read is a post as a reader sees it: the title, where the body does not begin
// with it, and the body.
func read(site *Site, p Post) fake.Post {
	var paragraphs []string
	for _, one := range paragraph.FindAllStringSubmatch(p.Content, -1) {
		text := tag.ReplaceAllString(strings.ReplaceAll(one[1], "<br>", "\n"), "")
		paragraphs = append(paragraphs, html.UnescapeString(text))
	}
	text, title := strings.Join(paragraphs, "\n\n"), html.UnescapeString(p.Title)
	if !strings.HasPrefix(text, strings.TrimSuffix(title, "…")) {
		text = title + "\n\n" + text
	}
	found := fake.Post{ID: strconv.Itoa(p.ID), URL: site.Link(p), Text: text, Identity: "author:" + strconv.Itoa(p.Author)}
	for _, one := range shown.FindAllStringSubmatch(p.Content, -1) {
		kind := networks.Image
		if one[1] == "video" {
			kind = networks.Video
		}
		found.Media = append(found.Media, fake.Medium{Kind: kind, Alt: html.UnescapeString(one[2])})
	}
	return found
}
