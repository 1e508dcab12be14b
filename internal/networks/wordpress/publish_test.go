package wordpress_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/wire/guard"
	"behalf/internal/networks/wordpress"
)

func connectPublic(t *testing.T, o wire.Options) *wordpress.Connector {
	t.Helper()
	c := wordpress.New(wordpress.Config{Guard: guard.Options{}, Wire: o})
	t.Cleanup(c.Close)
	return c
}

func TestPublishing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session("eve")
	a := hello()
	a.Content.Media = []networks.Media{picture("A cat \"Tom\""), picture("")}

	verdict, err := w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Absent, verdict.State)
	a.Prepared, err = w.Prepare(t.Context(), s, a, keeping(&a))
	require.NoError(t, err)
	require.Empty(t, w.Posts("publish"), "nobody sees it yet")
	require.Len(t, w.Posts("draft"), 1)
	verdict, err = w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Absent, verdict.State)

	first, err := w.Publish(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, w.URL+"/news-of-the-day/", first.URL)
	again, err := w.Publish(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, first, again)
	posts := w.Posts("publish")
	require.Len(t, posts, 1)
	require.Equal(t, "News of the day", posts[0].Title)
	require.Equal(t, strings.TrimSpace(`
<!-- wp:paragraph -->
<p>Hello &lt;world&gt; &amp; all &#91;gallery&#93;</p>
<!-- /wp:paragraph -->

<!-- wp:paragraph -->
<p><a href="https://acme.example/x">https://acme.example/x</a></p>
<!-- /wp:paragraph -->

<!-- wp:image {"id":11,"sizeSlug":"full"} -->
<figure class="wp-block-image size-full"><img src="`+w.URL+`/wp-content/uploads/11" alt="A cat &#34;Tom&#34;" class="wp-image-11"/></figure>
<!-- /wp:image -->

<!-- wp:image {"id":12,"sizeSlug":"full"} -->
<figure class="wp-block-image size-full"><img src="`+w.URL+`/wp-content/uploads/12" alt="" class="wp-image-12"/></figure>
<!-- /wp:image -->`), posts[0].Content)
	require.Equal(t, 11, posts[0].Featured)
	require.Equal(t, "A cat \"Tom\"", w.Media()[0].Alt)

	verdict, err = w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Verdict{State: networks.Live, Published: first}, verdict)
	require.NoError(t, w.Discard(t.Context(), s, a.Prepared), "what was published stays")
	require.Len(t, w.Posts("publish"), 1)

	require.NoError(t, w.Delete(t.Context(), s, first.RemoteID))
	require.NoError(t, w.Delete(t.Context(), s, first.RemoteID))
	require.Len(t, w.Posts("trash"), 1)
	verdict, err = w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Unknown, verdict.State, "it was there: a person decides")
	w.Edit(posts[0].ID, "")
	verdict, err = w.Reconcile(t.Context(), s, a)
	require.NoError(t, err)
	require.Equal(t, networks.Unknown, verdict.State)
	require.NoError(t, w.Delete(t.Context(), s, first.RemoteID))
}

// Wherever preparing ends, it goes on from there: one draft, one file each.
func TestPreparingGoesOn(t *testing.T) {
	t.Parallel()
	for _, fault := range []fake.Fault{
		{On: "POST /{$}", Query: "/wp/v2/media", Kind: fake.ResetBefore, Times: 1},
		{On: "POST /{$}", Query: "/wp/v2/media", Kind: fake.ResetAfter, Times: 1},
		{On: "POST /{$}", Query: "/wp/v2/media", Kind: fake.RefuseAfter, Answer: fake.Answer{Status: 502, Body: "<html>"}, Times: 1},
		{On: "POST /{$}", Query: "/wp/v2/posts", Kind: fake.ResetBefore, Times: 1},
		{On: "POST /{$}", Query: "/wp/v2/posts", Kind: fake.ResetAfter, Times: 1},
		{On: "GET /{$}", Query: "/wp/v2/posts", Kind: fake.Refuse, Answer: fake.Answer{Status: 502}, Times: 1},
	} {
		w := newWorld(t)
		s := w.session("anna")
		a := hello()
		a.Content.Media = []networks.Media{picture("one"), picture("two")}
		w.Arm(fault)
		_, err := w.Prepare(t.Context(), s, a, keeping(&a))
		require.Equal(t, networks.Unavailable, networks.KindOf(err), fault)
		a.Prepared, err = w.Prepare(t.Context(), s, a, keeping(&a))
		require.NoError(t, err, fault)
		require.Len(t, w.Media(), 2, fault)
		require.Len(t, w.Posts("draft"), 1, fault)
		require.NoError(t, w.Discard(t.Context(), s, a.Prepared))
		require.NoError(t, w.Discard(t.Context(), s, a.Prepared))
		require.Empty(t, w.Media())
		require.Empty(t, w.Posts("draft"))
	}
	w := newWorld(t)
	a := hello()
	a.Content.Media = []networks.Media{picture("one")}
	broken := errors.New("broken")
	_, err := w.Prepare(t.Context(), w.session("anna"), a, func(context.Context, networks.Prepared) error { return broken })
	require.ErrorIs(t, err, broken)
	require.Empty(t, w.Posts("draft"), "what cannot be kept is not built on")
}

// R59: an unclear end is found out, before the site kept it and after.
func TestUnclearEnds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault fake.Fault
		want  networks.VerdictState
	}{
		"broken before":   {fake.Fault{Kind: fake.ResetBefore, Times: 1}, networks.Absent},
		"broken after":    {fake.Fault{Kind: fake.ResetAfter, Times: 1}, networks.Live},
		"a proxy's error": {fake.Fault{Kind: fake.RefuseAfter, Answer: fake.Answer{Status: 504, Body: "<html>"}, Times: 1}, networks.Live},
		"maintenance":     {fake.Fault{Kind: fake.Refuse, Answer: fake.Answer{Status: 503, Body: "<html>"}, Times: 1}, networks.Absent},
		"half an answer":  {fake.Fault{Kind: fake.RefuseAfter, Answer: fake.Answer{Status: 200, Body: `{"id":`}, Times: 1}, networks.Live},
	} {
		w := newWorld(t)
		s := w.session("anna")
		a := hello()
		var err error
		a.Prepared, err = w.Prepare(t.Context(), s, a, keeping(&a))
		require.NoError(t, err)
		test.fault.On, test.fault.Query = "POST /{$}", "/wp/v2/posts/"
		w.Arm(test.fault)
		_, err = w.Publish(t.Context(), s, a)
		require.Equal(t, networks.Ambiguous, networks.KindOf(err), name)
		verdict, err := w.Reconcile(t.Context(), s, a)
		require.NoError(t, err, name)
		require.Equal(t, test.want, verdict.State, name)
	}
}

// R37, R40: who may publish, and as whom.
func TestRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, user := range []string{"carl", "sam"} {
		s := w.session(user)
		_, err := w.VerifyAccess(t.Context(), s)
		require.Equal(t, networks.NoPermission, networks.KindOf(err), user)
		accounts, err := w.Accounts(t.Context(), s.Credential)
		require.NoError(t, err)
		require.Empty(t, accounts)
	}
	s := w.session("anna")
	access, err := w.VerifyAccess(t.Context(), s)
	require.NoError(t, err)
	require.Equal(t, networks.Person{RemoteID: w.URL + "#3", Name: "Anna"}, access.Person)
	require.Empty(t, access.Account.Identities)
	s.Identity = "author:2"
	_, err = w.VerifyAccess(t.Context(), s)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	_, err = w.Prepare(t.Context(), s, hello(), nil)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))

	editor := w.session("eve")
	editor.Identity = "author:3"
	_, err = w.VerifyAccess(t.Context(), editor)
	require.NoError(t, err)
	a := hello()
	a.Prepared, err = w.Prepare(t.Context(), editor, a, keeping(&a))
	require.NoError(t, err)
	require.Equal(t, 3, w.Posts("draft")[0].Author)
	w.SetRole("eve", "contributor")
	_, err = w.Publish(t.Context(), editor, a)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	_, err = w.VerifyAccess(t.Context(), editor)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	w.RevokeAll("eve")
	_, err = w.Publish(t.Context(), editor, a)
	require.Equal(t, networks.Reauth, networks.KindOf(err))

	s = w.session("anna")
	s.Account = "https://other.example"
	_, err = w.VerifyAccess(t.Context(), s)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	_, err = w.VerifyAccess(t.Context(), networks.Session{Account: w.URL, Credential: networks.NewManual(networks.Manual{RemoteID: "x"})})
	require.ErrorContains(t, err, "wrong_credential")
	editor.Identity = "author:99"
	w.SetRole("olivia", "administrator")
	owner := w.session("olivia")
	owner.Identity = "author:99"
	_, err = w.VerifyAccess(t.Context(), owner)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
	_, err = w.Prepare(t.Context(), owner, hello(), nil)
	require.Equal(t, networks.NoPermission, networks.KindOf(err))
}

func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := hello()
	film := picture("")
	film.Type = "video/mp4" // which the content is not
	a.Content.Media = []networks.Media{film}
	_, err := w.Prepare(t.Context(), w.session("eve"), a, keeping(&a))
	require.Equal(t, networks.Rejected, networks.KindOf(err))
	w.Arm(fake.Fault{On: "POST /{$}", Query: "media", Kind: fake.Refuse, Answer: fake.Answer{Status: 413, Body: "<html>"}, Times: 1})
	a.Content.Media = []networks.Media{picture("")}
	_, err = w.Prepare(t.Context(), w.session("eve"), a, keeping(&a))
	require.Equal(t, networks.Rejected, networks.KindOf(err))
	require.Empty(t, w.Media())
}

func TestDeletingWithoutATrash(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.WithoutTrash()
	s := w.session("eve")
	a := hello()
	var err error
	a.Prepared, err = w.Prepare(t.Context(), s, a, keeping(&a))
	require.NoError(t, err)
	live, err := w.Publish(t.Context(), s, a)
	require.NoError(t, err)
	require.NoError(t, w.Delete(t.Context(), s, live.RemoteID))
	require.Empty(t, w.Posts("publish"))
	require.Equal(t, networks.Rejected, networks.KindOf(w.Delete(t.Context(), s, "../users")))
}

// What somebody did with a draft at the site is theirs: it is discarded no more.
func TestADraftThatIsNoneStays(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"future", "private", "pending", "trash"} {
		w := newWorld(t)
		s, a := w.session("anna"), hello()
		a.Content.Media = []networks.Media{picture("one")}
		made, err := w.Prepare(t.Context(), s, a, keeping(&a))
		require.NoError(t, err)
		w.Edit(w.Posts("draft")[0].ID, status)
		require.NoError(t, w.Discard(t.Context(), s, made))
		require.Len(t, w.Posts(status), 1)
		require.Len(t, w.Media(), 1)
	}
}
