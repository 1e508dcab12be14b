//go:build networks

package realtest_test

import (
	"context"
	"crypto/rand"
	_ "embed"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"behalf/internal/networks/fake"
)

//go:embed config.php
var wordpressConfig string

// system is where the package's files are.
const system = "/usr/share/wordpress"

// site is a real WordPress, behind something that can break connections.
type site struct {
	*fake.Server
	direct, socket string // of the site and of its database
}

// startWordPress puts the fronts before the site, the last one outermost.
func startWordPress(t *testing.T, front ...func(http.Handler) http.Handler) site {
	t.Helper()
	folder, err := os.MkdirTemp("", "behalf-wp-") // a socket's path must be short
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	database, socket := filepath.Join(folder, "db"), filepath.Join(folder, "s")
	user := []string{}
	if os.Geteuid() == 0 {
		user = []string{"--user=root"}
	}
	do(t, folder, "mariadb-install-db", append([]string{
		"--no-defaults", "--datadir=" + database, "--auth-root-authentication-method=normal", "--skip-test-db",
	}, user...)...)
	run(t, nil, folder, "mariadbd", append([]string{
		"--no-defaults", "--datadir=" + database, "--socket=" + socket, "--skip-networking", "--pid-file=" + filepath.Join(folder, "pid"),
	}, user...)...)
	until(t, "the database", func(ctx context.Context) error {
		return exec.CommandContext(ctx, "mariadb", "--no-defaults", "--socket="+socket, "-uroot", "-e", "create database if not exists wordpress").Run()
	})

	root := filepath.Join(folder, "site")
	_ = exec.CommandContext(t.Context(), "cp", "-rL", system, root).Run() // some links lead nowhere
	require.NoError(t, os.RemoveAll(filepath.Join(root, "wp-content")))
	for _, one := range []string{"uploads", "plugins", "themes"} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, "wp-content", one), 0o755))
	}
	number := port(t)
	s := site{before(t, "http://127.0.0.1:"+number, front...), "http://127.0.0.1:" + number, socket}
	config := strings.NewReplacer("{{socket}}", socket, "{{url}}", s.URL, "{{secret}}", rand.Text()).Replace(wordpressConfig)
	require.NoError(t, os.WriteFile(filepath.Join(root, "wp-config.php"), []byte(config), 0o600))
	here, err := os.Getwd()
	require.NoError(t, err)
	do(t, here, "php", "setup.php", root, strings.TrimPrefix(s.URL, "http://"))
	run(t, []string{"PHP_CLI_SERVER_WORKERS=4"}, root, "php", "-d", "upload_max_filesize=32M", "-d", "post_max_size=32M", "-S", "127.0.0.1:"+number)
	answers(t, s.URL+"/?rest_route=/")
	return s
}

// visitor is a person with a browser who has signed in to the site.
type visitor struct {
	http *http.Client
	site string
}

func (s site) signedIn(t *testing.T, name string) visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	v := visitor{site: s.URL, http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	_, _ = v.get(t, s.URL+"/wp-login.php") // sets the cookie that proves that cookies work
	response := v.post(t, s.URL+"/wp-login.php", url.Values{"log": {name}, "pwd": {name + "-password"}, "wp-submit": {"Log In"}, "testcookie": {"1"}})
	require.Equal(t, http.StatusFound, response.StatusCode, "signed in")
	return v
}

// allow presses the button on the page for application passwords, and answers
// where the site sends the person.
func (v visitor) allow(t *testing.T, start, button string) *url.URL {
	t.Helper()
	page, response := v.get(t, start)
	require.Equal(t, http.StatusOK, response.StatusCode)
	fields := url.Values{button: {"1"}}
	found := false
	for node := range page.Descendants() {
		if node.Type != html.ElementNode || node.Data != "input" || attribute(node, "type") == "submit" {
			continue
		}
		for form := node.Parent; form != nil; form = form.Parent {
			if form.Data == "form" && strings.Contains(attribute(form, "action"), "authorize-application.php") {
				fields.Set(attribute(node, "name"), attribute(node, "value"))
				found = true
			}
		}
	}
	require.True(t, found, "the page has its form")
	response = v.post(t, v.site+"/wp-admin/authorize-application.php", fields)
	back, err := response.Location()
	require.NoError(t, err)
	return back
}

func attribute(n *html.Node, name string) string {
	for _, one := range n.Attr {
		if one.Key == name {
			return one.Val
		}
	}
	return ""
}

func (v visitor) get(t *testing.T, address string) (*html.Node, *http.Response) {
	t.Helper()
	response, err := v.http.Get(address)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	page, err := html.Parse(response.Body)
	require.NoError(t, err)
	return page, response
}

func (v visitor) post(t *testing.T, address string, fields url.Values) *http.Response {
	t.Helper()
	response, err := v.http.PostForm(address, fields)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response
}
