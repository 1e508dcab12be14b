package x_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"behalf/internal/networks"
	"behalf/internal/networks/conformance"
	"behalf/internal/networks/fake"
	"behalf/internal/networks/wire"
	"behalf/internal/networks/x/xtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestConformance(t *testing.T) {
	t.Parallel()
	subject := xtest.Subject()
	subject.Recorded = conformance.Recorded(t, "testdata/errors.json")
	conformance.Run(t, subject)
}

func connect(t *testing.T) (*conformance.World, *xtest.Network, networks.Session) {
	t.Helper()
	w, n := xtest.Start(t, wire.Options{})
	begun, err := w.Authorize(t.Context(), networks.AuthRequest{RedirectURI: fake.RedirectURI})
	require.NoError(t, err)
	credential, err := w.Exchange(t.Context(), w.Answer(t, fake.Olivia, begun, true))
	require.NoError(t, err)
	return w, n, networks.Session{Credential: credential, Account: w.Account}
}

// A refusal of the same text names the post only if it was made since the
// revision was written: an older one is somebody's, not the attempt's.
func TestDuplicateContent(t *testing.T) {
	t.Parallel()
	w, n, session := connect(t)
	a := networks.Attempt{Content: networks.Content{Text: "Once & only"}, Written: time.Now(), Begun: time.Now()}
	published, err := w.Publish(t.Context(), session, a)
	require.NoError(t, err)
	_, err = w.Publish(t.Context(), session, a)
	var failure *networks.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, networks.Duplicate, failure.Kind)
	require.Equal(t, published.RemoteID, failure.ExistingID)

	n.Mu.Lock()
	n.Posts[0].At = time.Now().Add(-time.Hour)
	n.Mu.Unlock()
	_, err = w.Publish(t.Context(), session, a)
	require.ErrorAs(t, err, &failure)
	require.Equal(t, networks.Duplicate, failure.Kind)
	require.Empty(t, failure.ExistingID)
	require.Len(t, w.Posts(t), 1)
}

// X shows a text otherwise than it was sent; it is recognised all the same, by
// whoever asks (R59).
func TestTextsAreRecognised(t *testing.T) {
	t.Parallel()
	for name, said := range map[string]string{
		"a query that reads like an entity": "Read https://example.com/?a=1&section=2&copy=3 & <more>",
		"entities spelled out":              "&lt;b&gt; &amp;amp; &section;",
		"another's picture":                 "Look https://pictures.example/photo/1 and https://example.com/video/2",
		"a bare host":                       "See example.org, or example.com/a?b=1",
		"lines of Windows":                  " One\r\n\r\nTwo\r\n",
		"decomposed":                        "Cafe\u0301",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, n, session := connect(t)
			a := networks.Attempt{Content: networks.Content{Text: said}, Written: time.Now(), Begun: time.Now()}
			published, err := w.Publish(t.Context(), session, a)
			require.NoError(t, err)
			verdict, err := w.Reconcile(t.Context(), session, a)
			require.NoError(t, err)
			require.Equal(t, networks.Verdict{State: networks.Live, Published: published}, verdict)
			_, err = w.Publish(t.Context(), session, a)
			var failure *networks.Failure
			require.ErrorAs(t, err, &failure)
			require.Equal(t, published.RemoteID, failure.ExistingID)

			n.Mu.Lock()
			n.Posts[0].Media = []fake.Medium{{Kind: networks.Image}}
			n.Mu.Unlock()
			verdict, err = w.Reconcile(t.Context(), session, a)
			require.NoError(t, err)
			require.Equal(t, networks.Live, verdict.State, "with the address of its picture behind it")
		})
	}
}

// A post without words cannot be told from another one, in either direction.
func TestPicturesAloneAreNotRecognised(t *testing.T) {
	t.Parallel()
	w, n, session := connect(t)
	begun := time.Now()
	_, err := w.Publish(t.Context(), session, networks.Attempt{Content: networks.Content{Text: "words"}})
	require.NoError(t, err)
	n.Mu.Lock()
	n.Posts[0].Text, n.Posts[0].Media = "", []fake.Medium{{Kind: networks.Image}} // by hand, meanwhile
	n.Mu.Unlock()
	verdict, err := w.Reconcile(t.Context(), session, networks.Attempt{
		Content: networks.Content{Media: []networks.Media{conformance.Picture(t, 1)}}, Begun: begun,
	})
	require.NoError(t, err)
	require.Equal(t, networks.Verdict{State: networks.Unknown}, verdict)
}

// Absent is said only after the last page; a person may post in the meantime.
func TestReconcileReadsEveryPage(t *testing.T) {
	t.Parallel()
	w, n, session := connect(t)
	begun := time.Now()
	for _, text := range []string{"mine", "one", "two", "three"} {
		_, err := w.Publish(t.Context(), session, networks.Attempt{Content: networks.Content{Text: text}})
		require.NoError(t, err)
	}
	verdict, err := w.Reconcile(t.Context(), session, networks.Attempt{Content: networks.Content{Text: "mine"}, Begun: begun})
	require.NoError(t, err)
	require.Equal(t, networks.Live, verdict.State)
	verdict, err = w.Reconcile(t.Context(), session, networks.Attempt{Content: networks.Content{Text: "yours"}, Begun: begun})
	require.NoError(t, err)
	require.Equal(t, networks.Absent, verdict.State)

	n.Mu.Lock()
	for range 3 {
		n.Posts = append(n.Posts, n.Posts[1])
	}
	n.Mu.Unlock()
	verdict, err = w.Reconcile(t.Context(), session, networks.Attempt{Content: networks.Content{Text: "mine"}, Begun: begun})
	require.NoError(t, err)
	require.Equal(t, networks.Unknown, verdict.State, "more than anybody reads proves nothing")
}
