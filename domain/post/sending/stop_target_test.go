package sending_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

var (
	stop       = sending.StopTarget{Post: posts.ThePost, Account: scenario.News}
	newsIsGone = acme.In(workspace.AccountRemoved{Account: scenario.News})
)

// R7: what waits for an account that was removed is stopped.
func TestStopTarget(t *testing.T) {
	t.Parallel()
	gone := post.TargetFailed{Account: scenario.News, Author: scenario.Carl, Code: "account_gone", Detail: "The workspace does not hold this account any more."}
	for state, history := range map[post.TargetState][]domain.Change{
		post.Due:                   posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later)),
		post.Waiting:               posts.OnPost(posts.WrittenBy(posts.Client), post.Scheduled{Revision: 1, At: posts.Later, Gates: map[domain.AccountID][]post.Gate{scenario.News: {post.TeamGate}}}),
		post.NeedsReauthentication: posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Now), posts.CarlsClaim(), posts.Ends()[post.NeedsReauthentication]),
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			posts.Given(t, acme.Founded(), newsIsGone, history).When(posts.System, stop).Then(gone)
		})
	}
}

func TestStopTargetThatDoesNotWait(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded(), newsIsGone, posts.OnPost(posts.WrittenBy(posts.Client))).When(posts.System, stop).Nothing()
	posts.Given(t, acme.Founded(), newsIsGone, posts.Claimed()).When(posts.System, stop).Nothing()
	posts.Given(t, acme.Founded(), newsIsGone, posts.Claimed(), posts.OnPost(posts.Ends()[post.Published])).When(posts.System, stop).Nothing()
}

func TestStopTargetOnAnAccountThatIsThere(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded(), posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later))).When(posts.System, stop).Nothing()
}

func TestStopTargetIsTheSystems(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded(), newsIsGone, posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later))).When(posts.Owner, stop).Refused(domain.R32, "not_found")
	posts.Given(t, acme.Founded(), newsIsGone).When(posts.System, stop).Refused(domain.R32, "not_found")
}
