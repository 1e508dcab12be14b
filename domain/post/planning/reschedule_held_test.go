package planning_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

// heldByOlivia is Carl's post to News, whose time passed while the Owner's
// connection was dead; his own works, and his mode has become member since.
func heldByOlivia() []domain.Change {
	team := append(append(acme.Founded(), posts.CarlJoined(workspace.OwnerMode)...), posts.Connected(scenario.Olivia, posts.Olivias)...)
	team = append(append(team, posts.Broken(scenario.Olivia, posts.Olivias)...), posts.Connected(scenario.Carl, posts.Carls)...)
	team = append(team, posts.OnPost(posts.Wrote(posts.Client, posts.ToNews()), posts.ScheduledAt(posts.Now), posts.HeldNews)...)
	return append(team, acme.In(workspace.CredentialModeChanged{
		Member: scenario.Carl, Account: scenario.News, From: workspace.OwnerMode, To: workspace.MemberMode,
	})...)
}

// R42, R47: what is moved goes out at its new moment through whatever its mode
// says then: nobody would ever mend what is not used any more.
func TestRescheduleWhatIsHeld(t *testing.T) {
	t.Parallel()
	moved, again := post.Rescheduled{Accounts: posts.NewsAlone, At: posts.Later}, post.TargetScheduled{Account: scenario.News, At: posts.Later}
	posts.Given(t, heldByOlivia()).When(posts.Client, planning.ReschedulePost{Post: posts.ThePost, At: posts.Later}).
		ThenOn(append(posts.OnPost(moved, again), posts.Slots(posts.Later, scenario.News)...)...)

	made := posts.Claims()
	made.Mode, made.Holder, made.Connection = workspace.MemberMode, scenario.Carl, posts.Carls
	made.Rules, made.Begun, made.Deadline = []domain.Rule{domain.R37, domain.R38, domain.R39}, posts.Later, posts.Later.Add(posts.Claim.Life)
	posts.Given(t, heldByOlivia(), posts.OnPost(moved, again)).When(scenario.At(posts.System, posts.Later), posts.Claim).Then(made)
}

// R47, R48: past its time it waits for a person, whatever its mode has become;
// who says "now" has it sent through what the mode says now.
func TestAHeldTargetWhoseModeChanged(t *testing.T) {
	t.Parallel()
	posts.Given(t, heldByOlivia()).When(posts.System, posts.Resume).Nothing()
	posts.Given(t, heldByOlivia()).When(posts.Client, posts.PublishNow).ThenFirst(posts.PublishesNow)

	made := posts.Claims()
	made.Mode, made.Holder, made.Connection = workspace.MemberMode, scenario.Carl, posts.Carls
	made.Rules = []domain.Rule{domain.R37, domain.R38, domain.R39}
	posts.Given(t, heldByOlivia(), posts.OnPost(posts.PublishesNow)).When(posts.System, posts.Claim).Then(made)
}
