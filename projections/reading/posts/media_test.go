package posts

import (
	"testing"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"

	"github.com/stretchr/testify/require"
)

// R27, R31: a medium is seen by whoever sees a post that names it. A shared draft is
// seen by those who have all its accounts, and by its author.
func TestAMediumIsSeenAsItsPostIs(t *testing.T) {
	t.Parallel()
	kite := domain.MediaID{0: 7, 15: 1}
	both := []domain.AccountID{news, blog}
	written := func(private bool) post.Written {
		return post.Written{
			Workspace: acme, Author: olivia, Media: []domain.MediaID{kite}, Private: private,
			Targets: []post.Place{{Account: news}, {Account: blog}},
		}
	}
	for name, test := range map[string]struct {
		events   []domain.Event
		user     domain.UserID
		accounts []domain.AccountID
		seen     bool
	}{
		"shared draft, one account":    {[]domain.Event{written(false)}, carl, both[:1], false},
		"shared draft, all accounts":   {[]domain.Event{written(false)}, carl, both, true},
		"shared draft, no account":     {[]domain.Event{written(false)}, carl, []domain.AccountID{}, false},
		"shared draft, its author":     {[]domain.Event{written(false)}, olivia, both[:1], true},
		"private draft, all accounts":  {[]domain.Event{written(true)}, carl, both, false},
		"private, and live":            {[]domain.Event{written(true), post.TargetPublished{Account: news}}, carl, both[:1], true},
		"private draft, its author":    {[]domain.Event{written(true)}, olivia, both[:1], true},
		"scheduled, one account":       {[]domain.Event{written(false), scheduledAt(noon)}, carl, both[1:], true},
		"scheduled, none that is here": {[]domain.Event{written(false), scheduledAt(noon)}, carl, []domain.AccountID{{15: 9}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reader := readerOn(t, team(domain.On(post.Stream(hello), test.events...)...)...)
			scope := ofAcme
			scope.User = test.user
			found, err := UseOfMedium(t.Context(), reader, scope, 0, kite, test.accounts)
			require.NoError(t, err)
			require.Equal(t, MediaUse{Seen: test.seen, Used: true}, found.Value)
			found, err = UseOfMedium(t.Context(), reader, scope, 0, domain.MediaID{15: 2}, both)
			require.NoError(t, err)
			require.Equal(t, MediaUse{}, found.Value)
		})
	}
}

// R27, R62: so is one of a post on an account that a member connected and is not
// assigned to, as long as that connection is theirs.
func TestAMediumIsSeenOnWhatOneConnected(t *testing.T) {
	t.Parallel()
	kite := domain.MediaID{0: 7, 15: 1}
	carls := account.Connected{Workspace: acme, Network: "sandbox", Remote: "page-2", Connection: domain.ConnectionID{15: 8}, Holder: carl}
	written := func(on []post.Place, more ...domain.Event) []domain.Change {
		first := post.Written{Workspace: acme, Author: olivia, Media: []domain.MediaID{kite}, Targets: on}
		return domain.On(post.Stream(hello), append([]domain.Event{first}, more...)...)
	}
	onBlog, onBoth := []post.Place{{Account: blog}}, []post.Place{{Account: news}, {Account: blog}}
	for name, test := range map[string]struct {
		connected []domain.Event
		post      []domain.Change
		seen      bool
	}{
		"scheduled":              {[]domain.Event{carls}, written(onBlog, scheduledAt(noon)), true},
		"scheduled, never":       {nil, written(onBlog, scheduledAt(noon)), false},
		"scheduled, no more":     {[]domain.Event{carls, account.ConnectionDestroyed{Holder: carl, Connection: carls.Connection}}, written(onBlog, scheduledAt(noon)), false},
		"a draft on both":        {[]domain.Event{carls}, written(onBoth), true},
		"a draft on both, never": {nil, written(onBoth), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reader := readerOn(t, team(append(domain.On(account.Stream(blog), test.connected...), test.post...)...)...)
			found, err := UseOfMedium(t.Context(), reader, asCarl, 0, kite, []domain.AccountID{news})
			require.NoError(t, err)
			_, err = Find(t.Context(), reader, asCarl, 0, hello, carl)
			require.Equal(t, test.seen, err == nil, "the post: %v", err)
			require.Equal(t, MediaUse{Seen: test.seen, Used: true}, found.Value)
		})
	}
}
