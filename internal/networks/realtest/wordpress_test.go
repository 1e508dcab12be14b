//go:build networks

package realtest_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wordpress"
)

// connected walks a person through the site's own pages.
func (s site) connected(t *testing.T, c *wordpress.Connector, name string) networks.Session {
	t.Helper()
	start, err := c.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: s.URL + "/wp-admin/"})
	require.NoError(t, err)
	require.NotEmpty(t, start.URL)
	back := s.signedIn(t, name).allow(t, start.URL, "approve")
	require.Equal(t, start.State, back.Query().Get("state"), "the site keeps what success_url carries")
	require.True(t, strings.HasPrefix(back.String(), redirect))
	credential, err := c.Exchange(t.Context(), networks.Callback{Query: back.Query(), Pending: start.Pending})
	require.NoError(t, err)
	return networks.Session{Credential: credential, Account: start.Pending.Host}
}

func TestWordPress(t *testing.T) {
	s := startWordPress(t)
	c := wordpress.New(wordpress.Config{Guard: loopback, Wire: patient})
	t.Cleanup(c.Close)

	// A person says no, and another brings back an answer that is not theirs.
	start, err := c.Authorize(t.Context(), networks.AuthRequest{RedirectURI: redirect, Host: s.URL})
	require.NoError(t, err)
	denied := s.signedIn(t, "olivia").allow(t, start.URL, "reject")
	_, err = c.Exchange(t.Context(), networks.Callback{Query: denied.Query(), Pending: start.Pending})
	require.Equal(t, networks.Denied, networks.KindOf(err))

	// The Owner connects; two members connect, one of them without rights.
	olivia, anna, carl := s.connected(t, c, "olivia"), s.connected(t, c, "anna"), s.connected(t, c, "carl")
	access, err := c.VerifyAccess(t.Context(), olivia)
	require.NoError(t, err)
	require.Equal(t, "olivia", access.Person.Name)
	require.Equal(t, "Acme Blog", access.Account.Name)
	_, err = c.VerifyAccess(t.Context(), carl)
	require.Equal(t, networks.NoPermission, networks.KindOf(err), "R37: a contributor may not publish")
	accounts, err := c.Accounts(t.Context(), carl.Credential)
	require.NoError(t, err)
	require.Empty(t, accounts)

	// Mode owner: through the Owner's connection. Mode member: through one's own.
	byOwner := publishes(t, c, olivia, attempt(t, "owner-1", "From the owner\n\nHello <b>world</b> & [gallery] <!-- wp:html -->"))
	byMember := publishes(t, c, anna, attempt(t, "Member_1", "From a member, in one line"))
	require.Equal(t, "olivia", s.author(t, c, olivia, byOwner))
	require.Equal(t, "Anna", s.author(t, c, olivia, byMember))
	content := s.post(t, olivia, byOwner).Content.Rendered
	// Read by a person as it was written, with the dashes that WordPress makes of hyphens.
	require.Contains(t, content, "Hello &lt;b&gt;world&lt;/b&gt; &amp; &#91;gallery&#93; &lt;!&#8211; wp:html &#8211;&gt;")
	require.Contains(t, content, `<a href="https://acme.example/x?a=1&amp;b=2"`)
	require.Contains(t, content, `alt="A dark field with a &#34;star&#34;"`)

	// As another author: only who may edit others' posts.
	access, err = c.VerifyAccess(t.Context(), anna)
	require.NoError(t, err)
	require.Empty(t, access.Account.Identities)
	as := olivia
	access, err = c.VerifyAccess(t.Context(), olivia)
	require.NoError(t, err)
	for _, one := range access.Account.Identities {
		if one.Name == "Anna" {
			as.Identity = one.RemoteID
		}
	}
	require.NotEmpty(t, as.Identity)
	require.Equal(t, "Anna", s.author(t, c, olivia, publishes(t, c, as, attempt(t, "as-another", "As another author\n\nText"))))
	forged := anna
	forged.Identity = "author:1"
	_, err = c.VerifyAccess(t.Context(), forged)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	_, err = c.Prepare(t.Context(), forged, attempt(t, "forged", "x"), keeping(&networks.Attempt{}))
	require.Equal(t, networks.NoPermission, networks.KindOf(err))

	findsOut(t, c, olivia, s.Server, fake.Fault{On: "POST /{$}", Query: "rest_route=/wp/v2/posts/"})
	s.preparesAgain(t, c, olivia)
	s.refuses(t, c, olivia)

	// Reauthentication: the connection ends, the person connects again, it goes on.
	waiting := attempt(t, "waits", "Waits for its author\n\nText")
	waiting.Prepared, err = c.Prepare(t.Context(), anna, waiting, keeping(&waiting))
	require.NoError(t, err)
	require.NoError(t, c.Revoke(t.Context(), anna.Credential))
	require.NoError(t, c.Revoke(t.Context(), anna.Credential))
	_, err = c.Publish(t.Context(), anna, waiting)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	_, err = c.VerifyAccess(t.Context(), anna)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	again := s.connected(t, c, "anna")
	require.Equal(t, anna.Account, again.Account, "R46: the same account")
	live, err := c.Publish(t.Context(), again, waiting)
	require.NoError(t, err)

	// Deleting: into the trash, which is found to be the case.
	require.NoError(t, c.Delete(t.Context(), again, live.RemoteID))
	require.NoError(t, c.Delete(t.Context(), again, live.RemoteID))
	verdict, err := c.Reconcile(t.Context(), again, waiting)
	require.NoError(t, err)
	require.Equal(t, networks.Unknown, verdict.State)
}

// preparesAgain loses every answer of a preparation once.
func (s site) preparesAgain(t *testing.T, c *wordpress.Connector, session networks.Session) {
	t.Helper()
	a := attempt(t, "Lost--_Answers", "Lost answers\n\nText")
	for _, part := range []string{"rest_route=/wp/v2/media", "rest_route=/wp/v2/posts"} {
		s.Arm(fake.Fault{On: "POST /{$}", Query: part, Kind: fake.FailAfter, Times: 1})
		_, err := c.Prepare(t.Context(), session, a, keeping(&a))
		require.Equal(t, networks.Unavailable, networks.KindOf(err), part)
	}
	var err error
	a.Prepared, err = c.Prepare(t.Context(), session, a, keeping(&a))
	require.NoError(t, err)
	require.Len(t, s.uploads(t, session), len(s.Requests("POST /{$}", "rest_route=/wp/v2/media")), "every upload that was sent stands, and none was sent twice")
	require.NoError(t, c.Discard(t.Context(), session, a.Prepared))
	require.NoError(t, c.Discard(t.Context(), session, a.Prepared))
	verdict, err := c.Reconcile(t.Context(), session, networks.Attempt{Key: a.Key})
	require.NoError(t, err)
	require.Equal(t, networks.Absent, verdict.State)
}

func (s site) refuses(t *testing.T, c *wordpress.Connector, session networks.Session) {
	t.Helper()
	a := attempt(t, "not-a-picture", "x")
	a.Content.Media[0].Name = "film.mkv"
	a.Content.Media[0].Type = "video/x-matroska"
	_, err := c.Prepare(t.Context(), session, a, keeping(&a))
	require.Equal(t, networks.Rejected, networks.KindOf(err))
	wrong := networks.Session{Account: session.Account, Credential: networks.NewAppPassword(networks.AppPassword{
		Site: s.URL, User: "olivia", Password: networks.NewSecret("wrong"),
	})}
	_, err = c.Accounts(t.Context(), wrong.Credential)
	require.Equal(t, networks.Reauth, networks.KindOf(err))
	_, err = c.Prepare(t.Context(), wrong, attempt(t, "wrong", "x"), keeping(&networks.Attempt{}))
	require.Equal(t, networks.Reauth, networks.KindOf(err))
}

type realPost struct {
	Author  int `json:"author"`
	Content struct {
		Rendered string `json:"rendered"`
	} `json:"content"`
}

func (s site) ask(t *testing.T, session networks.Session, route string, into any) {
	t.Helper()
	key, _ := session.Credential.AppPassword()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/?rest_route="+route, nil)
	require.NoError(t, err)
	r.SetBasicAuth(key.User, key.Password.Reveal())
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	require.NoError(t, json.NewDecoder(response.Body).Decode(into))
}

func (s site) post(t *testing.T, session networks.Session, live networks.Published) (found realPost) {
	t.Helper()
	s.ask(t, session, "/wp/v2/posts/"+live.RemoteID, &found)
	return found
}

// author is the name that a post appears under.
func (s site) author(t *testing.T, c *wordpress.Connector, session networks.Session, live networks.Published) string {
	t.Helper()
	access, err := c.VerifyAccess(t.Context(), session)
	require.NoError(t, err)
	wanted := "author:" + strconv.Itoa(s.post(t, session, live).Author)
	for _, one := range access.Account.Identities {
		if one.RemoteID == wanted {
			return one.Name
		}
	}
	return ""
}

func (s site) uploads(t *testing.T, session networks.Session) (found []json.RawMessage) {
	t.Helper()
	s.ask(t, session, "/wp/v2/media&per_page=100", &found)
	return found
}
