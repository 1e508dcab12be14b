package writing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/planning"
	"behalf/domain/post/review"
	"behalf/domain/post/writing"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

// R31: a private draft is its author's alone, the Owner's neither; once it is
// scheduled, it is no draft.
func TestPrivateDrafts(t *testing.T) {
	t.Parallel()
	written := posts.NewsWritten(posts.Client)
	written.Private = true
	joined := posts.CarlJoined(workspace.OwnerMode)
	posts.Given(t, acme.Founded(), joined).When(posts.Client, writing.CreateDraft{Post: posts.ThePost, Content: posts.ToNews(), Private: true}).Then(written)
	for _, command := range []any{
		writing.EditPost{Post: posts.ThePost, Content: posts.NewText()}, writing.SharePost{Post: posts.ThePost}, ending.DeletePost{Post: posts.ThePost}, review.CommentOnPost{Post: posts.ThePost, Text: "x"},
		planning.PublishPost{Post: posts.ThePost}, writing.DuplicatePost{Original: posts.ThePost, Content: posts.ToNews(), Revision: 1},
	} {
		posts.Given(t, acme.Founded(), joined, posts.OnPost(written)).When(posts.Owner, command).Refused(domain.R32, "not_found")
	}
	posts.Given(t, acme.Founded(), joined, posts.OnPost(written)).When(posts.Client, writing.SharePost{Post: posts.ThePost}).Then(post.VisibilityChanged{})
	posts.Given(t, acme.Founded(), joined, posts.OnPost(posts.NewsWritten(posts.Client))).When(posts.Client, writing.SharePost{Post: posts.ThePost}).Nothing()
	posts.Given(t, acme.Founded(), joined, posts.OnPost(posts.NewsWritten(posts.Client))).When(posts.Client, writing.KeepPrivate{Post: posts.ThePost}).Then(post.VisibilityChanged{Private: true})
	posts.Given(t, acme.Founded(), joined, posts.OnPost(posts.NewsWritten(posts.Client))).When(posts.Owner, writing.KeepPrivate{Post: posts.ThePost}).Refused(domain.R31, "authors_alone")
	posts.Given(t, acme.Founded(), joined, posts.OnPost(written, posts.ScheduledAt(posts.Later))).When(posts.Client, writing.KeepPrivate{Post: posts.ThePost}).Refused(domain.R31, "no_draft")
	require.False(t, posts.After(posts.OnPost(written, posts.ScheduledAt(posts.Later))).Private)

	// a shared one is seen by who has all its accounts
	posts.Given(t, acme.Founded(), joined, posts.OnPost(posts.WrittenBy(posts.Owner))).When(posts.Client, review.CommentOnPost{Post: posts.ThePost, Text: "x"}).Refused(domain.R32, "not_found")
}
