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

// R56: the grace is the workspace's own, as it is when it counts: longer or
// shorter than what it was when the post was scheduled.
func TestGraceOfTheWorkspace(t *testing.T) {
	t.Parallel()
	for minutes, within := range map[int]string{1: "a minute", 2: "2 minutes", 30: "30 minutes", 1440: "1440 minutes"} {
		set := acme.In(workspace.GraceSet{FromMinutes: 15, ToMinutes: minutes})
		history := func() [][]domain.Change {
			return [][]domain.Change{acme.Founded(), posts.CarlJoined(workspace.OwnerMode), posts.Connected(scenario.Olivia, posts.Olivias), posts.DueNow(), set}
		}
		end := posts.Now.Add(time.Duration(minutes) * time.Minute)
		last, past := scenario.At(posts.System, end), scenario.At(posts.System, end.Add(time.Nanosecond))
		missed := post.TargetMissed{
			Account: scenario.News, Author: scenario.Carl, Code: "grace_passed", Detail: "It could not be sent within " + within + " of its time.",
		}

		inTime := posts.Claims()
		inTime.Begun, inTime.Deadline = end, end.Add(30*time.Second)
		posts.Given(t, history()...).When(last, posts.Claim).Then(inTime)
		posts.Given(t, history()...).When(last, miss).Nothing()
		posts.Given(t, history()...).When(last, sending.HandOver{Post: posts.ThePost, Account: scenario.News}).Then(post.TargetHandedOver{
			Account: scenario.News, To: scenario.Olivia, Mode: workspace.OwnerMode, Deadline: end.Add(sending.ConfirmWithin),
		})
		for _, late := range []any{posts.Claim, miss, sending.HandOver{Post: posts.ThePost, Account: scenario.News}} {
			posts.Given(t, history()...).When(past, late).Then(missed)
		}
	}
}

// R32: a target is missed in its own workspace, by whose grace it is judged.
func TestMissTargetOfAnotherWorkspace(t *testing.T) {
	t.Parallel()
	elsewhere := posts.WrittenBy(posts.Client)
	elsewhere.Workspace = domain.WorkspaceID{15: 2}
	posts.Given(t, acme.Founded(), posts.OnPost(elsewhere, posts.ScheduledAt(posts.Now))).When(scenario.At(posts.System, posts.Later), miss).Refused(domain.R32, "not_found")
}
