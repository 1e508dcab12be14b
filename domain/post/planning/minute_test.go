package planning_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
)

// R57: "now" is refused while another post is less than a minute away, and the
// answer names the next moment that is free.
func TestAMinuteBetweenTwoPosts(t *testing.T) {
	t.Parallel()
	for at, free := range map[time.Time]string{
		posts.Now:                             "2026-11-22T12:01:00Z",
		posts.Now.Add(-59 * time.Second):      "2026-11-22T12:00:01Z",
		posts.Now.Add(time.Minute - 1):        "2026-11-22T12:01:59.999999999Z",
		posts.Now.Add(59*time.Second + 5*1e8): "2026-11-22T12:01:59.5Z",
	} {
		refusal := posts.Given(t, acme.Founded(), posts.Taken(at)).When(posts.Owner, planning.PublishPost{Post: posts.ThePost, Content: posts.ToNews()}).Refused(domain.R57, "minute_taken")
		require.Contains(t, refusal.Detail, "Acme News")
		require.Contains(t, refusal.Detail, free)
	}
	for _, at := range []time.Time{posts.Now.Add(-time.Minute), posts.Now.Add(time.Minute)} {
		posts.Given(t, acme.Founded(), posts.Taken(at)).When(posts.Owner, planning.PublishPost{Post: posts.ThePost, Content: posts.ToNews()}).ThenFirst(posts.NewsWritten(posts.Owner), posts.ScheduledAt(posts.Now))
	}
	posts.Given(t, acme.Founded(), posts.Taken(posts.Later)).When(posts.Owner, planning.SchedulePost{Post: posts.ThePost, Content: posts.ToNews(), At: posts.Later}).Refused(domain.R57, "minute_taken")
	posts.Given(t, acme.Founded(), posts.Taken(posts.Now), missedPost(posts.Owner)).When(posts.Owner, posts.PublishNow).Refused(domain.R57, "minute_taken")
}

// The post's own minute does not hinder it, and moves with it.
func TestReschedulePost(t *testing.T) {
	t.Parallel()
	at := posts.Later.Add(30 * time.Second)
	both := []domain.AccountID{scenario.News, scenario.Blog}
	planned := posts.OnPost(posts.WrittenBy(posts.Owner), posts.ScheduledAt(posts.Later))
	moved := post.Rescheduled{Accounts: both, At: at, Zone: "Europe/Berlin"}
	posts.Given(t, acme.Founded(), planned, posts.Slots(posts.Later, both...)).
		When(posts.Owner, planning.ReschedulePost{Post: posts.ThePost, At: at, Zone: "Europe/Berlin"}).
		ThenOn(append(posts.OnPost(moved), posts.Slots(at, both...)...)...)
	p := posts.After(planned, posts.OnPost(moved))
	require.Equal(t, at, p.Targets[scenario.News].Due)

	posts.Given(t, acme.Founded(), posts.OnPost(posts.WrittenBy(posts.Owner))).When(posts.Owner, planning.ReschedulePost{Post: posts.ThePost, At: at}).Refused(domain.R57, "nothing_scheduled")
	posts.Given(t, acme.Founded(), planned).When(posts.Owner, planning.ReschedulePost{Post: posts.ThePost, At: posts.Now}).Refused(domain.R57, "moment_passed")
	posts.Given(t, acme.Founded(), posts.OnPost(posts.WrittenBy(posts.Owner), posts.ScheduledAt(posts.Now), posts.CarlsClaim())).
		When(posts.Owner, planning.ReschedulePost{Post: posts.ThePost, At: at}).Refused(domain.R59, "being_sent")
}

func TestUnschedulePost(t *testing.T) {
	t.Parallel()
	both := []domain.AccountID{scenario.News, scenario.Blog}
	planned := posts.OnPost(posts.WrittenBy(posts.Owner), posts.ScheduledAt(posts.Later))
	posts.Given(t, acme.Founded(), planned, posts.Slots(posts.Later, both...)).
		When(posts.Owner, planning.UnschedulePost{Post: posts.ThePost}).
		ThenOn(append(posts.OnPost(post.Unscheduled{Accounts: both}), posts.Freed(both...)...)...)
	p := posts.After(planned, posts.OnPost(post.Unscheduled{Accounts: both}))
	require.True(t, p.IsDraft())
	posts.Given(t, acme.Founded(), posts.OnPost(posts.WrittenBy(posts.Owner))).When(posts.Owner, planning.UnschedulePost{Post: posts.ThePost}).Refused(domain.R57, "nothing_scheduled")
}

// A draft is published or scheduled as it stands, without its content.
func TestADraftGoesOut(t *testing.T) {
	t.Parallel()
	draft := posts.OnPost(posts.NewsWritten(posts.Owner))
	posts.Given(t, acme.Founded(), draft).When(posts.Owner, planning.PublishPost{Post: posts.ThePost}).
		ThenOn(append(posts.OnPost(posts.ScheduledAt(posts.Now)), posts.Slots(posts.Now, scenario.News)...)...)
	posts.Given(t, acme.Founded(), draft).When(posts.Owner, planning.SchedulePost{Post: posts.ThePost, At: posts.Later}).
		ThenOn(append(posts.OnPost(posts.ScheduledAt(posts.Later)), posts.Slots(posts.Later, scenario.News)...)...)
	posts.Given(t, acme.Founded(), draft, posts.OnPost(posts.ScheduledAt(posts.Later))).When(posts.Owner, planning.PublishPost{Post: posts.ThePost}).Refused(domain.R57, "nothing_to_schedule")
	posts.Given(t, acme.Founded()).When(posts.Owner, planning.PublishPost{Post: posts.ThePost}).Refused(domain.R32, "not_found")
}

// R60: everything that was found is told, and nothing that was found about
// another revision.
func TestWhatANetworkWouldRefuse(t *testing.T) {
	t.Parallel()
	faults := []domain.Fault{{Field: "targets[0].text", Code: "text_too_long"}, {Field: "targets[0].media[1]", Code: "too_large"}}
	checked := post.Checked{Faults: faults}
	for _, command := range []any{
		planning.PublishPost{Post: posts.ThePost, Content: posts.ToNews(), Checked: checked},
		planning.SchedulePost{Post: posts.ThePost, Content: posts.ToNews(), At: posts.Later, Checked: checked},
	} {
		refusal := posts.Given(t, acme.Founded()).When(posts.Owner, command).Refused(domain.R60, "content_refused")
		require.Equal(t, faults, refusal.Faults)
	}
	stale := planning.PublishPost{Post: posts.ThePost, Checked: post.Checked{Revision: 2}}
	posts.Given(t, acme.Founded(), posts.OnPost(posts.NewsWritten(posts.Owner))).When(posts.Owner, stale).Refused(domain.R54, "post_changed")
}
