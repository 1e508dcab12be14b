package ending_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/writing"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

func TestDeletePost(t *testing.T) {
	t.Parallel()
	both := []domain.AccountID{scenario.News, scenario.Blog}
	remove := ending.DeletePost{Post: posts.ThePost, AtNetwork: map[string]bool{"sandbox": true}}
	posts.Given(t, acme.Founded(), posts.OnPost(posts.WrittenBy(posts.Owner), posts.ScheduledAt(posts.Later)), posts.Slots(posts.Later, both...)).When(posts.Owner, remove).
		ThenOn(append(posts.OnPost(post.Deletion{By: scenario.Olivia, Accounts: both, Whole: true}), posts.Freed(both...)...)...)

	out := posts.OnPost(posts.WrittenBy(posts.Owner), posts.ScheduledAt(posts.Now), post.TargetPublished{Account: scenario.News, Remote: "1"}, post.TargetPublished{Account: scenario.Blog, Remote: "2"})
	request := post.TargetDeletionRequested{Account: scenario.News, By: scenario.Olivia, Remote: "1", Deadline: posts.Now.Add(ending.DeleteWithin)}
	here := post.Deletion{By: scenario.Olivia, Accounts: []domain.AccountID{scenario.Blog}}
	posts.Given(t, acme.Founded(), out).When(posts.Owner, remove).ThenOn(posts.OnPost(request, here)...)
	remove.OnlyHere = true
	posts.Given(t, acme.Founded(), out).When(posts.Owner, remove).ThenOn(posts.OnPost(post.Deletion{By: scenario.Olivia, Accounts: both, Whole: true})...)

	going := append(out, posts.OnPost(request, here)...)
	record := ending.RecordDeleted{Post: posts.ThePost, Account: scenario.News, Mode: workspace.OwnerMode, Holder: scenario.Olivia, Connection: posts.Olivias}
	posts.Given(t, acme.Founded(), going).When(posts.System, record).
		Then(post.TargetDeleted{Account: scenario.News, Mode: workspace.OwnerMode, Holder: scenario.Olivia, Connection: posts.Olivias}, post.Deletion{By: scenario.Olivia, Accounts: []domain.AccountID{}, Whole: true})
	posts.Given(t, acme.Founded(), out).When(posts.System, record).Nothing()
	posts.Given(t, acme.Founded(), going).When(posts.Owner, record).Refused(domain.R32, "not_found")
	failed := post.TargetDeletionFailed{Account: scenario.News, Code: "403", Detail: "No.", By: scenario.Olivia}
	posts.Given(t, acme.Founded(), going).When(posts.System, ending.FailDeletion{Post: posts.ThePost, Account: scenario.News, Code: "403", Detail: "No."}).Then(failed)
	kept := posts.After(going, posts.OnPost(failed)).Targets[scenario.News]
	require.Equal(t, post.Published, kept.State)
	require.Zero(t, kept.Deadline)

	gone := posts.OnPost(posts.WrittenBy(posts.Owner), post.Deletion{By: scenario.Olivia, Accounts: both, Whole: true})
	posts.Given(t, acme.Founded(), gone).When(posts.Owner, remove).Refused(domain.R32, "not_found")
	posts.Given(t, acme.Founded(), gone).When(posts.Owner, writing.CreateDraft{Post: posts.ThePost, Content: posts.ToNews()}).Refused(0, "post_exists")
	unknown := append(posts.Claimed(), posts.OnPost(posts.Ends()[post.Unknown])...)
	posts.Given(t, acme.Founded(), unknown).When(posts.Owner, remove).Refused(domain.R59, "unclear_outcome")
	posts.Given(t, acme.Founded(), posts.Claimed()).When(posts.Owner, remove).Refused(domain.R59, "being_sent")
}
