package writing_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/writing"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

func TestDuplicatePost(t *testing.T) {
	t.Parallel()
	joined := posts.CarlJoined(workspace.OwnerMode)
	copied := domain.PostID(scenario.Fresh(1))
	original := post.Content{Text: "Hello", Targets: []post.Destination{{Account: scenario.News}, {Account: scenario.Blog, Identity: "author-1"}}}
	want := posts.Wrote(posts.Client, post.Content{Text: "Hello", Targets: []post.Destination{{Account: scenario.News}}})
	want.Of = posts.ThePost
	duplicate := writing.DuplicatePost{Original: posts.ThePost, Content: original, Revision: 1}
	posts.Given(t, acme.Founded(), joined, posts.OnPost(posts.Wrote(posts.Owner, original), posts.ScheduledAt(posts.Later))).When(posts.Client, duplicate).ThenOn(domain.On(post.Stream(copied), want)...)
	duplicate.Revision = 2
	posts.Given(t, acme.Founded(), joined, posts.OnPost(posts.Wrote(posts.Owner, original), posts.ScheduledAt(posts.Later))).When(posts.Client, duplicate).Refused(domain.R54, "post_changed")
}
