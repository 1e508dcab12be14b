package sending_test

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

var miss = sending.MissTarget{Post: posts.ThePost, Account: scenario.News}

// R56: not sent within 15 minutes of its time.
func TestMissTargetAfterItsGrace(t *testing.T) {
	t.Parallel()
	due := posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Now))
	posts.Given(t, due).When(scenario.At(posts.System, posts.Now.Add(15*time.Minute)), miss).Nothing()
	posts.Given(t, due).
		When(scenario.At(posts.System, posts.Now.Add(15*time.Minute+time.Nanosecond)), miss).
		Then(post.TargetMissed{Account: scenario.News, Author: scenario.Carl, Code: "grace_passed", Detail: "It could not be sent within 15 minutes of its time."})
}

// R56, R68: the author reads why it was missed, not only that it was: that
// publishing is paused, or why the last attempt for this time sent nothing.
func TestMissTargetSaysWhy(t *testing.T) {
	t.Parallel()
	due := posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Now))
	late := scenario.At(posts.System, posts.Now.Add(15*time.Minute+time.Nanosecond))
	says := func(code, detail string) post.TargetMissed {
		return post.TargetMissed{Account: scenario.News, Author: scenario.Carl, Code: code, Detail: detail}
	}
	paused := says("publishing_paused", "Publishing is paused: it could not be sent within 15 minutes of its time.")
	for _, command := range []any{miss, posts.Claim} {
		for _, pause := range []workspace.PublishingPaused{{}, {Account: scenario.News}} {
			posts.Given(t, acme.Founded(), due, acme.In(pause)).When(late, command).Then(paused)
		}
		posts.Given(t, acme.Founded(), due, acme.In(workspace.PublishingPaused{}, workspace.PublishingResumed{})).When(late, command).
			Then(says("grace_passed", "It could not be sent within 15 minutes of its time."))
		posts.Given(t, acme.Founded(), due, acme.In(workspace.PublishingPaused{Account: scenario.Blog})).When(late, command).
			Then(says("grace_passed", "It could not be sent within 15 minutes of its time."))
	}

	released := post.TargetReleased{Account: scenario.News, Attempt: posts.Attempt, Code: "503", Detail: "The network is down.", NotBefore: posts.Now}
	down := says("503", "It could not be sent within 15 minutes of its time. Why not, the last time: The network is down.")
	tried := append(posts.Claimed(), posts.OnPost(released)...)
	for _, command := range []any{miss, posts.Claim} {
		posts.Given(t, acme.Founded(), tried).When(late, command).Then(down)
		posts.Given(t, acme.Founded(), tried, acme.In(workspace.PublishingPaused{})).When(late, command).Then(paused)
	}
	for _, again := range []domain.Event{post.TargetScheduled{Account: scenario.News, At: posts.Now}, post.Rescheduled{Accounts: posts.NewsAlone, At: posts.Now}} {
		posts.Given(t, acme.Founded(), tried, posts.OnPost(again)).When(late, miss).
			Then(says("grace_passed", "It could not be sent within 15 minutes of its time."))
	}
}

// R56: not approved by its time.
func TestMissTargetWithoutApproval(t *testing.T) {
	t.Parallel()
	waiting := posts.OnPost(posts.WrittenBy(posts.Editor), post.Scheduled{
		Revision: 1, At: posts.Later, Gates: map[domain.AccountID][]post.Gate{scenario.News: {post.TeamGate}},
	})
	posts.Given(t, waiting).When(scenario.At(posts.System, posts.Later.Add(-time.Nanosecond)), miss).Nothing()
	posts.Given(t, waiting).
		When(scenario.At(posts.System, posts.Later), miss).
		Then(post.TargetMissed{Account: scenario.News, Author: scenario.Edith, Code: "not_approved", Detail: "It was not approved by its time."})
}

func TestMissTargetThatIsNotWaiting(t *testing.T) {
	t.Parallel()
	tomorrow := scenario.At(posts.System, posts.Now.Add(24*time.Hour))
	posts.Given(t, posts.Claimed()).When(tomorrow, miss).Nothing()
	for state, end := range posts.Ends() {
		if state != post.Due {
			posts.Given(t, posts.Claimed(), posts.OnPost(end)).When(tomorrow, miss).Nothing()
		}
	}
	posts.Given(t, posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Now), post.TargetMissed{Account: scenario.News})).When(tomorrow, miss).Nothing()
}

func TestMissTargetIsTheSystems(t *testing.T) {
	t.Parallel()
	posts.Given(t, posts.Claimed()).When(posts.Owner, miss).Refused(domain.R32, "not_found")
	posts.Given(t).When(posts.System, miss).Refused(domain.R32, "not_found")
}
