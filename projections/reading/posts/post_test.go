package posts

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/projections/reading"

	"github.com/stretchr/testify/require"
)

// R31: private is what is a draft, whatever a restored log said of it before it
// turned out to be live.
func TestWhatIsLiveIsNotPrivate(t *testing.T) {
	t.Parallel()
	written := post.Written{Workspace: acme, Author: olivia, Private: true, Targets: []post.Place{{Account: news}}}
	for live, events := range map[bool][]domain.Event{
		false: {written},
		true:  {written, post.TargetPublished{Account: news}},
	} {
		reader := readerOn(t, team(domain.On(post.Stream(hello), events...)...)...)
		listed := value[[]Post](t)(List(t.Context(), reader, asCarl, 0, Page{Viewer: carl}))
		counted := value[[]Lane](t)(Board(t.Context(), reader, asCarl, 0, carl))
		require.Equal(t, live, len(listed) == 1)
		require.Equal(t, live, len(counted) == 1)
	}
}

func TestPostsPageByPage(t *testing.T) {
	t.Parallel()
	onBlog := post.WrittenPlain{Workspace: acme, Author: olivia, Text: "Blog only", Targets: []post.Place{{Account: blog}}}
	log := team(onHello(composed, planned, claimed)...)
	log = append(log, domain.On(post.Stream(domain.PostID{0: 4, 15: 2}), onBlog)...)
	log = append(log, postN(3)...)
	reader := readerOn(t, log...)
	ids := func(page Page) []byte {
		found := value[[]Post](t)(List(t.Context(), reader, ofAcme, 0, page))
		all := []byte{}
		for _, post := range found {
			require.NotEmpty(t, post.Targets)
			all = append(all, post.ID[15])
		}
		return all
	}
	newest := value[[]Post](t)(List(t.Context(), reader, ofAcme, 0, Page{Limit: 2}))
	require.Equal(t, []byte{3, 2, 1}, ids(Page{}))
	require.Equal(t, []byte{3, 2}, ids(Page{Limit: 2}))
	require.Equal(t, []byte{1}, ids(Page{Limit: 2, Before: newest[1].Position}))
	require.Equal(t, []byte{3, 1}, ids(Page{SeenBy: carl}))
	require.Empty(t, ids(Page{SeenBy: dora}))

	seen := value[Post](t)(Find(t.Context(), reader, asCarl, 0, hello, carl))
	require.Equal(t, Post{
		ID: hello, Author: carl, AuthorName: sealed(carl, "Carl"), Text: "Hello", Revision: 1, Reviser: carl, Zone: "Europe/Berlin", WrittenAt: at(10), Position: 10,
		Targets: []Target{{
			Post: hello, Account: news, AccountName: "Acme News", Network: "sandbox", State: post.Claimed, Due: noon, NotBefore: noon,
			Gates: []post.Gate{}, Attempt: attempt, Deadline: claimed.Deadline, Mode: workspace.OwnerMode, Holder: olivia,
			HolderName: sealed(olivia, "Olivia"), Connection: oldKey, PostedAs: "Olivia", Rules: []string{"R34", "R35"}, Position: 12,
		}},
	}, seen, "the target on the other account is not Carl's to see")
	require.Len(t, value[Post](t)(Find(t.Context(), reader, ofAcme, 0, hello, olivia)).Targets, 2)
	_, err := Find(t.Context(), reader, asCarl, 0, domain.PostID{0: 4, 15: 2}, carl)
	require.ErrorIs(t, err, reading.ErrNotFound)
}
