package review_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/post/review"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

func TestComments(t *testing.T) {
	t.Parallel()
	said := post.Commented{Comment: domain.CommentID(scenario.Fresh(1)), By: scenario.Carl, Text: personal.Workspace(scenario.Acme).Says("Nice.")}
	reader := acme.Joined(scenario.Carl, workspace.Client, acme.ReadOnly, acme.Gives(scenario.News, workspace.NoMode))
	written := posts.OnPost(posts.NewsWritten(posts.Owner))
	posts.Given(t, acme.Founded(), reader, written).When(posts.Client, review.CommentOnPost{Post: posts.ThePost, Text: "Nice."}).Then(said)
	posts.Given(t, acme.Founded(), reader, written).When(posts.Client, review.CommentOnPost{Post: posts.ThePost, Text: "\x00"}).Refused(domain.R31, "malformed_comment")
	back := review.DeleteComment{Post: posts.ThePost, Comment: said.Comment}
	posts.Given(t, acme.Founded(), reader, written, posts.OnPost(said)).When(posts.Client, back).Then(post.CommentDeleted{Comment: said.Comment, By: scenario.Carl})
	posts.Given(t, acme.Founded(), reader, written, posts.OnPost(said)).When(posts.Owner, back).Refused(domain.R28, "not_your_comment")
	posts.Given(t, acme.Founded(), reader, written).When(posts.Client, back).Refused(domain.R32, "not_found")
}
