package command

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
)

// Where a post may be sent again although its latest revision does not name the
// account, what it says there is looked at too; where it does not go any more, not.
func TestGoesTo(t *testing.T) {
	t.Parallel()
	news, blog, gone := domain.AccountID{15: 1}, domain.AccountID{15: 2}, domain.AccountID{15: 3}
	p := post.Post{Targets: map[domain.AccountID]post.Target{news: {}, blog: {}}}
	named := []post.Destination{{Account: gone}, {Account: news, Text: "Hello"}}
	require.Equal(t, named[1:], goesTo(p, named, nil))
	require.Equal(t, append(named[1:], post.Destination{Account: blog}), goesTo(p, named, []domain.AccountID{blog}))
	require.Equal(t, named[1:], goesTo(p, named, []domain.AccountID{news, gone}))
}
