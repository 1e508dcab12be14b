//go:build networks

package realtest_test

import (
	"crypto/rand"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wordpress"
)

// The suite names calls by their path: what is asked for with ?rest_route= goes
// through its gate as /wp-json.
const calls = "/wp-json/wp/v2/"

// TestWordPressConformance asks of the connector, on a real site, what is asked
// of it on the fake one. The site is emptied before every test.
func TestWordPressConformance(t *testing.T) {
	var gate *fake.Gate
	s := startWordPress(t, func(site http.Handler) http.Handler {
		_, gate = fake.Serve(t, byRoute(site))
		return byPath(gate, site)
	})
	conformance.Run(t, conformance.Subject{
		Sequential: true, Recorded: conformance.Recorded(t, "../wordpress/testdata/errors.json"),
		Calls: conformance.Calls{
			Publish: "POST " + calls + "posts/{id}", Prepare: "POST " + calls + "media", Verify: "GET " + calls + "users/me",
			Reconcile: "GET " + calls + "posts/{id}", Exchange: "GET " + calls + "users/me", Delete: "DELETE " + calls + "posts/{id}",
		},
		Start: func(t *testing.T, o wire.Options) *conformance.World {
			s.empty(t)
			gate.Reset()
			return s.world(t, o, gate)
		},
	})
}

func byPath(gate, site http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		route := query.Get("rest_route")
		if route == "" { // a page for people
			site.ServeHTTP(w, r)
			return
		}
		r.URL.Path = "/wp-json" + route
		query.Del("rest_route")
		r.URL.RawQuery = query.Encode()
		gate.ServeHTTP(w, r)
	})
}

// byRoute leads back to the site, which keeps its page for application passwords
// to itself: a redirect brings the password, and is good more than once.
func byRoute(site http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		query.Set("rest_route", strings.TrimPrefix(r.URL.Path, "/wp-json"))
		query.Set("_fields", strings.TrimSuffix(query.Get("_fields"), ",authentication"))
		r.URL = &url.URL{Path: "/", RawQuery: query.Encode()}
		site.ServeHTTP(w, r)
	})
}

// sql runs statements on the site's database, and answers what they say.
func (s site) sql(t *testing.T, statements string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "mariadb", "--no-defaults", "--socket="+s.socket, "-uroot", "--batch", "--raw",
		"--skip-column-names", "--default-character-set=utf8mb4", "-e", statements, "wordpress")
	said, err := command.Output()
	require.NoError(t, err, statements)
	return strings.TrimSpace(string(said))
}

func (s site) empty(t *testing.T) {
	t.Helper()
	s.sql(t, `truncate wp_posts; truncate wp_postmeta; truncate wp_term_relationships;`)
	for _, person := range []string{fake.Olivia, fake.Carl} {
		s.forget(t, person)
	}
	s.role(t, fake.Olivia, "administrator")
	s.role(t, fake.Carl, "contributor")
}

const person = `(select ID from wp_users where user_login = '%')`

// forget takes all application passwords of a person away.
func (s site) forget(t *testing.T, name string) {
	t.Helper()
	s.sql(t, `delete from wp_usermeta where meta_key = '_application_passwords' and user_id = `+strings.Replace(person, "%", name, 1))
}

func (s site) role(t *testing.T, name, role string) {
	t.Helper()
	s.sql(t, `update wp_usermeta set meta_value = 'a:1:{s:`+strconv.Itoa(len(role))+`:"`+role+`";b:1;}'
		where meta_key = 'wp_capabilities' and user_id = `+strings.Replace(person, "%", name, 1))
}

func (s site) count(t *testing.T, what string) int {
	t.Helper()
	count, err := strconv.Atoi(s.sql(t, `select count(*) from wp_posts where `+what))
	require.NoError(t, err)
	return count
}

func (s site) world(t *testing.T, o wire.Options, gate *fake.Gate) *conformance.World {
	t.Helper()
	c := wordpress.New(wordpress.Config{Guard: loopback, Wire: o})
	t.Cleanup(c.Close)
	return &conformance.World{
		Connector: c, Gate: gate, Host: s.URL, Account: s.URL,
		Identity: "author:" + s.sql(t, `select ID from wp_users where user_login = 'anna'`),
		Answer: func(t *testing.T, name string, start networks.AuthStart, _ bool) networks.Callback {
			return networks.Callback{Pending: start.Pending, Fields: map[string]networks.Secret{
				"user": networks.NewSecret(name), "password": networks.NewSecret(s.password(t, name)),
			}}
		},
		Posts:   s.shown,
		Uploads: func(t *testing.T) int { return s.count(t, `post_type = 'attachment'`) },
		Left: func(t *testing.T) int {
			return s.count(t, `post_type = 'attachment' or post_type = 'post' and post_status = 'draft'`)
		},
		End:    s.forget,
		Demote: func(t *testing.T, name string) { s.role(t, name, "contributor") },
	}
}

// password has a person make an application password on the site's own page.
func (s site) password(t *testing.T, name string) string {
	t.Helper()
	page := s.URL + "/wp-admin/authorize-application.php?" + url.Values{
		"app_name": {"Behalf " + rand.Text()}, "success_url": {redirect}, // a name may be there once
	}.Encode()
	return s.signedIn(t, name).allow(t, page, "approve").Query().Get("password")
}

// shown are the published posts as readers see them.
func (s site) shown(t *testing.T) (found []fake.Post) {
	t.Helper()
	var stored []struct {
		ID, Author     int
		Title, Content string
	}
	said := s.sql(t, `select coalesce(json_arrayagg(json_object(
		'id', ID, 'author', post_author, 'title', post_title, 'content', post_content) order by ID), '[]')
		from wp_posts where post_type = 'post' and post_status = 'publish'`)
	require.NoError(t, json.Unmarshal([]byte(said), &stored), said)
	for _, p := range stored {
		found = append(found, fake.Post{
			ID: strconv.Itoa(p.ID), URL: s.permalink(t, p.ID), Identity: "author:" + strconv.Itoa(p.Author),
			Text: readText(p.Title, p.Content), Media: readMedia(p.Content),
		})
	}
	return found
}

func (s site) permalink(t *testing.T, id int) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.direct+"/?rest_route=/wp/v2/posts/"+strconv.Itoa(id)+"&_fields=link", nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	var read struct{ Link string }
	require.NoError(t, json.NewDecoder(response.Body).Decode(&read))
	return read.Link
}

var (
	paragraph = regexp.MustCompile(`(?s)<p>(.*?)</p>`)
	tag       = regexp.MustCompile(`<[^>]*>`)
	picture   = regexp.MustCompile(`<(img|video)[^>]*? (?:alt|aria-label)="([^"]*)"`)
)

// readText is the title, where the body does not begin with it, and the body.
func readText(title, content string) string {
	var paragraphs []string
	for _, one := range paragraph.FindAllStringSubmatch(content, -1) {
		paragraphs = append(paragraphs, html.UnescapeString(tag.ReplaceAllString(strings.ReplaceAll(one[1], "<br>", "\n"), "")))
	}
	text := strings.Join(paragraphs, "\n\n")
	if title = html.UnescapeString(title); !strings.HasPrefix(text, strings.TrimSuffix(title, "…")) {
		text = title + "\n\n" + text
	}
	return text
}

func readMedia(content string) (found []fake.Medium) {
	for _, one := range picture.FindAllStringSubmatch(content, -1) {
		kind := networks.Image
		if one[1] == "video" {
			kind = networks.Video
		}
		found = append(found, fake.Medium{Kind: kind, Alt: html.UnescapeString(one[2])})
	}
	return found
}
