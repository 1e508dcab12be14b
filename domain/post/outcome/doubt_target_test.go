package outcome_test

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/outcome"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
)

// R69: what is still to go out, or waits for a person to publish it again, by a
// log that may have forgotten that this has happened, is for a person to decide;
// whatever else is known stays.
func TestDoubtTarget(t *testing.T) {
	t.Parallel()
	doubt := outcome.DoubtTarget{Post: posts.ThePost, Account: scenario.News, Detail: "The network cannot be asked."}
	unknown := post.TargetUnknown{Account: scenario.News, Author: scenario.Carl, Detail: "The network cannot be asked."}
	posts.Given(t, posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Now))).When(posts.System, doubt).Then(unknown)
	named := unknown
	named.Owner = scenario.Olivia
	posts.Given(t, acme.Founded(), posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Now))).When(posts.System, doubt).Then(named)
	posts.Given(t, posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Now), post.TargetNeedsReauthentication{Account: scenario.News})).When(posts.System, doubt).Then(unknown)
	posts.Given(t, posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Now), post.TargetMissed{Account: scenario.News})).When(posts.System, doubt).Then(unknown)
	posts.Given(t, posts.Claimed(), posts.OnPost(posts.Ends()[post.Failed])).When(posts.System, doubt).Then(unknown)
	posts.Given(t, posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Now), post.Unscheduled{Accounts: posts.NewsAlone})).When(posts.System, doubt).Then(unknown)
	posts.Given(t, posts.Claimed()).When(posts.System, doubt).Nothing()
	for state, end := range posts.Ends() {
		if state == post.Published || state == post.Unknown {
			posts.Given(t, posts.Claimed(), posts.OnPost(end)).When(posts.System, doubt).Nothing()
		}
	}
	posts.Given(t, posts.Claimed()).When(posts.Owner, doubt).Refused(domain.R32, "not_found")
	posts.Given(t).When(posts.System, doubt).Refused(domain.R32, "not_found")
}

// R52: what was never approved does not go out because a person says that it has
// not: it is missed, and can be submitted again.
func TestDoubtedTargetWithoutApproval(t *testing.T) {
	t.Parallel()
	waiting := posts.OnPost(posts.WrittenBy(posts.Editor), post.Scheduled{
		Revision: 1, At: posts.Later, Gates: map[domain.AccountID][]post.Gate{scenario.News: {post.TeamGate}},
	})
	doubt := outcome.DoubtTarget{Post: posts.ThePost, Account: scenario.News}
	unknown := post.TargetUnknown{Account: scenario.News, Author: scenario.Edith}
	posts.Given(t, waiting).When(scenario.At(posts.System, posts.Later.Add(time.Hour)), doubt).Then(unknown)
	posts.Given(t, acme.Founded(), waiting, posts.OnPost(unknown)).
		When(posts.Owner, ending.ResolveUnknown{Post: posts.ThePost, Account: scenario.News}).
		Then(post.TargetMissed{Account: scenario.News, Author: scenario.Edith, Code: "not_approved", Detail: "It has not been approved as it reads now."})
	posts.Given(t, acme.Founded(), waiting, posts.OnPost(unknown)).
		When(posts.Owner, ending.ResolveUnknown{Post: posts.ThePost, Account: scenario.News, Shown: true, URL: "https://example.com/1"}).
		Then(post.TargetConfirmed{Account: scenario.News, By: scenario.Olivia, URL: "https://example.com/1"})
}

// R52, R69: what was taken back before it was doubted is a draft again, not sent,
// when a person says that the network does not show it.
func TestDoubtedTargetThatWasTakenBack(t *testing.T) {
	t.Parallel()
	unknown := post.TargetUnknown{Account: scenario.News}
	for name, taken := range map[string]domain.Event{
		"taken back": post.Unscheduled{Accounts: posts.NewsAlone},
		"declined":   post.Declinement{Accounts: posts.NewsAlone, Gate: post.TeamGate, By: scenario.Olivia},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doubted := posts.OnPost(posts.WrittenBy(posts.Editor), post.Scheduled{
				Revision: 1, At: posts.Later, Gates: map[domain.AccountID][]post.Gate{scenario.News: {post.TeamGate}},
			}, taken, unknown)
			posts.Given(t, acme.Founded(), doubted).
				When(posts.Owner, ending.ResolveUnknown{Post: posts.ThePost, Account: scenario.News}).
				Then(post.Unscheduled{Accounts: posts.NewsAlone})
			posts.Given(t, acme.Founded(), doubted).
				When(posts.Owner, ending.ResolveUnknown{Post: posts.ThePost, Account: scenario.News, Shown: true, URL: "https://example.com/1"}).
				Then(post.TargetConfirmed{Account: scenario.News, By: scenario.Olivia, URL: "https://example.com/1"})
		})
	}
}

// R69: what was moved before it was doubted goes out at the moment that it was
// moved to, when a person says that the network does not show it.
func TestDoubtedTargetThatWasMoved(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded(), posts.OnPost(
		posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Now), post.Rescheduled{Accounts: posts.NewsAlone, At: posts.Later},
		post.TargetUnknown{Account: scenario.News},
	)).
		When(posts.Owner, ending.ResolveUnknown{Post: posts.ThePost, Account: scenario.News}).
		ThenFirst(post.TargetScheduled{Account: scenario.News, At: posts.Later})
}
