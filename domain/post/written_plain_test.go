package post_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/post"
	"behalf/domain/scenario"
	"behalf/domain/scenario/posts"
)

// What the first version of the event held in plain words reads like today's.
func TestWhatWasWrittenInPlainWords(t *testing.T) {
	t.Parallel()
	plain := post.WrittenPlain{Workspace: scenario.Acme, Author: scenario.Olivia, Text: "Hello", Targets: []post.Place{{Account: scenario.News}, {Account: scenario.Blog}}}
	require.Equal(t, posts.After(posts.OnPost(posts.WrittenBy(posts.Owner))), posts.After(posts.OnPost(plain)))
}
