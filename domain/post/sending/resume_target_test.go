package sending_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
)

var (
	held = post.TargetNeedsReauthentication{Account: scenario.News, Holder: scenario.Carl}
)

// R47: still due in the future goes on by itself, at its time; past due waits
// for a person.
func TestResumeTarget(t *testing.T) {
	t.Parallel()
	waits := posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later), held)
	posts.Given(t, waits).When(posts.System, posts.Resume).Then(post.TargetScheduled{Account: scenario.News, At: posts.Later})
	posts.Given(t, waits).
		When(scenario.At(posts.System, posts.Later.Add(-time.Nanosecond)), posts.Resume).
		Then(post.TargetScheduled{Account: scenario.News, At: posts.Later})
	posts.Given(t, waits).When(scenario.At(posts.System, posts.Later), posts.Resume).Nothing()
	posts.Given(t, waits).When(scenario.At(posts.System, posts.Later.Add(time.Hour)), posts.Resume).Nothing()
}

// R54: what was edited when its time had passed, by the API's clock, is not let
// out by a clock that is behind it: nobody has approved what it says now.
func TestResumeTargetThatNeedsAnApproval(t *testing.T) {
	t.Parallel()
	edited := append(posts.FromEdith(), posts.OnPost(posts.HeldNews, posts.EdithEdits())...)
	require.Equal(t, []post.Gate{post.TeamGate}, posts.After(edited).Targets[scenario.News].Gates)
	posts.Given(t, acme.Founded(), posts.EdithHere, edited).When(scenario.At(posts.System, posts.Now.Add(-time.Millisecond)), posts.Resume).Nothing()
}

func TestResumeTargetThatDoesNotWait(t *testing.T) {
	t.Parallel()
	posts.Given(t, posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later))).When(posts.System, posts.Resume).Nothing()
	for state, end := range posts.Ends() {
		if state != post.NeedsReauthentication {
			posts.Given(t, posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later), posts.CarlsClaim(), end)).When(posts.System, posts.Resume).Nothing()
		}
	}
}

func TestResumeTargetIsTheSystems(t *testing.T) {
	t.Parallel()
	posts.Given(t, posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later), held)).When(posts.Client, posts.Resume).Refused(domain.R32, "not_found")
	posts.Given(t).When(posts.System, posts.Resume).Refused(domain.R32, "not_found")
}
