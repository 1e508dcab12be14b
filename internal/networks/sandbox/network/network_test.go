package network_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/api"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
)

const posts = "/api/pages/" + networktest.Page + "/posts"

func TestStrictPublishing(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	_, credential := connect(t, s)
	bearer, good := "Bearer "+token(credential), `{"key":"k","text":"t"}`
	calls := 0
	for code, test := range map[string]struct {
		body    string
		headers []string
	}{
		"missing_version":        {good, []string{"Authorization", bearer, "Content-Type", "application/json"}},
		"unsupported_version":    {good, []string{"Authorization", bearer, "Content-Type", "application/json", "Sandbox-Version", "1"}},
		"missing_token":          {good, []string{"Content-Type", "application/json", "Sandbox-Version", api.Version}},
		"invalid_token":          {good, []string{"Authorization", "Bearer x.y", "Content-Type", "application/json", "Sandbox-Version", api.Version}},
		"unsupported_media_type": {good, []string{"Authorization", bearer, "Content-Type", "text/plain", "Sandbox-Version", api.Version}},
		"unknown_field":          {`{"key":"k","text":"t","extra":1}`, nil},
		"malformed_body":         {`{"key":`, nil},
		"invalid_key":            {`{"text":"t"}`, nil},
		"empty_text":             {`{"key":"k"}`, nil},
		"unknown_identity":       {`{"key":"k","text":"t","identity":"x"}`, nil},
	} {
		if test.headers == nil {
			test.headers = []string{"Authorization", bearer, "Content-Type", "application/json", "Sandbox-Version", api.Version}
		}
		_, answer := call(t, s, http.MethodPost, posts, test.body, test.headers...)
		require.Contains(t, answer, `"code":"`+code+`"`)
		calls++
	}
	status, answer := call(t, s, http.MethodPost, posts, strings.Repeat("x", 70<<10))
	require.Equal(t, http.StatusRequestEntityTooLarge, status, answer)
	status, _ = call(t, s, http.MethodPut, posts, "")
	require.Equal(t, http.StatusNotFound, status)

	log, err := s.Control.Log(t.Context())
	require.NoError(t, err)
	require.Empty(t, log.Posts)
	require.Len(t, log.Requests, calls, "every request that arrived whole is in the log")
}

func TestDeletedPosts(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	c, credential := connect(t, s)
	session := networks.Session{Credential: credential, Account: networktest.Page}
	attempt := networks.Attempt{Key: "k", Content: networks.Content{Text: "<b>bold</b>"}}
	published, err := c.Publish(t.Context(), session, attempt)
	require.NoError(t, err)

	for _, path := range []string{"/pages/" + networktest.Page, strings.TrimPrefix(published.URL, s.URL)} {
		status, page := call(t, s, http.MethodGet, path, "")
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, page, "&lt;b&gt;bold&lt;/b&gt;")
		require.NotContains(t, page, "<b>bold")
		require.Contains(t, page, "Published with olivia’s token")
	}
	status, _ := call(t, s, http.MethodDelete, posts+"/k", "",
		"Authorization", "Bearer "+token(credential), "Sandbox-Version", api.Version)
	require.Equal(t, http.StatusNoContent, status)
	status, _ = call(t, s, http.MethodGet, strings.TrimPrefix(published.URL, s.URL), "")
	require.Equal(t, http.StatusNotFound, status)

	verdict, err := c.Reconcile(t.Context(), session, attempt)
	require.NoError(t, err)
	require.Equal(t, networks.Unknown, verdict.State)
	_, err = c.Publish(t.Context(), session, attempt)
	require.Equal(t, networks.Rejected, networks.KindOf(err))
}

func TestEverythingSurvivesARestart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "sandbox.json")
	s := networktest.Start(t, network.Config{File: file})
	c, credential := connect(t, s)
	rotated, err := c.Refresh(t.Context(), credential)
	require.NoError(t, err)
	attempt := networks.Attempt{Key: "k", Content: networks.Content{Text: "before"}}
	_, err = c.Publish(t.Context(), networks.Session{Credential: rotated, Account: networktest.Page}, attempt)
	require.NoError(t, err)
	require.NoError(t, s.Control.MakeAdmin(t.Context(), networktest.Page, "carl"))
	s.Stop()

	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	left, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	require.Len(t, left, 1, "no temporary file stays behind")
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	for _, secret := range []string{token(credential), token(rotated), networktest.OliviaPassword, networktest.ClientSecret} {
		require.NotContains(t, string(written), secret)
	}

	s = networktest.Start(t, network.Config{File: file}) // seeds again
	c, _ = connect(t, s)
	session := networks.Session{Credential: rotated, Account: networktest.Page}
	verdict, err := c.Reconcile(t.Context(), session, attempt)
	require.NoError(t, err)
	require.Equal(t, networks.Live, verdict.State)
	log, err := s.Control.Log(t.Context())
	require.NoError(t, err)
	require.Len(t, log.Posts, 1)
	require.Len(t, log.Requests, 1)

	_, page := call(t, s, http.MethodGet, "/", "")
	require.Contains(t, page, "carl, olivia")
	_, err = c.Refresh(t.Context(), credential)
	require.Equal(t, networks.Reauth, networks.KindOf(err), "a replay is recognised after the restart, too")
	_, err = c.Refresh(t.Context(), rotated)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

func TestAnUnreadableFileIsNotOverwritten(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "sandbox.json")
	require.NoError(t, os.WriteFile(file, []byte("{half"), 0o600))
	_, err := network.New(network.Config{File: file})
	require.Error(t, err)
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "{half", string(kept))
}

func TestControlNeedsItsToken(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	for _, stranger := range []*control.Client{{URL: s.URL, HTTP: s.Control.HTTP}, {URL: s.URL, Token: "x", HTTP: s.Control.HTTP}} {
		_, err := stranger.Log(t.Context())
		require.ErrorContains(t, err, "wrong_control_token")
	}
	uncontrolled, err := network.New(network.Config{})
	require.NoError(t, err)
	answer := httptest.NewRecorder()
	uncontrolled.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/control/posts", nil))
	require.Equal(t, http.StatusForbidden, answer.Code, "an empty token opens nothing")
}

func TestControls(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	require.NoError(t, s.Control.AddPerson(t.Context(), control.Person{Name: "dora", Password: "p"}))
	require.NoError(t, s.Control.AddPage(t.Context(), control.Page{Slug: "dora", Name: "Dora", Admins: []string{"dora"}}))
	require.Error(t, s.Control.AddPerson(t.Context(), control.Person{Name: "Not A Name", Password: "p"}))
	require.Error(t, s.Control.AddPerson(t.Context(), control.Person{Name: "eve"}))
	require.Error(t, s.Control.AddPage(t.Context(), control.Page{Slug: "x", Name: "X", Admins: []string{"nobody"}}))
	require.Error(t, s.Control.MakeAdmin(t.Context(), networktest.Page, "nobody"))
	require.Error(t, s.Control.RemoveAdmin(t.Context(), "no-page", "carl"))
	require.Error(t, s.Control.Revoke(t.Context(), "nobody"))

	fault := control.Fault{Call: control.Publish, Kind: control.FailAfter, Times: 2}
	require.NoError(t, s.Control.Arm(t.Context(), fault))
	require.Error(t, s.Control.Arm(t.Context(), control.Fault{Call: control.Publish, Kind: control.InvalidGrant}))
	require.Error(t, s.Control.Arm(t.Context(), control.Fault{Call: "nothing", Kind: control.Slow}))
	require.Error(t, s.Control.Arm(t.Context(), control.Fault{Call: control.Read, Kind: control.Slow, DelayMS: -1}))
	armed, err := s.Control.Faults(t.Context())
	require.NoError(t, err)
	require.Equal(t, []control.Fault{fault}, armed)
}

func TestDocumentationNamesEveryError(t *testing.T) {
	t.Parallel()
	s := networktest.Start(t, network.Config{})
	status, page := call(t, s, http.MethodGet, "/docs", "")
	require.Equal(t, http.StatusOK, status)
	for _, e := range api.Errors() {
		require.Contains(t, page, "<code>"+e.Code+"</code>")
	}
}
