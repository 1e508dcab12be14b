package writing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/writing"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

var (
	pass   = writing.PassToOwner{Post: posts.ThePost, Author: scenario.Carl}
	passed = post.Passed{
		From: scenario.Carl, To: scenario.Olivia, Whole: true, Accounts: []domain.AccountID{scenario.News, scenario.Blog},
	}
	gone = acme.In(workspace.MemberRemoved{Member: scenario.Carl})
)

// R61: scheduled stays scheduled, keeps its gates, and loses the author's identity.
func TestPassToOwnerWhatIsScheduled(t *testing.T) {
	t.Parallel()
	written := posts.WrittenBy(posts.Client)
	written.Targets[1].Identity = "author-7"
	posts.Given(t, acme.Founded(), gone, posts.OnPost(written, posts.ScheduledAt(posts.Later))).When(posts.System, pass).Then(passed)
	posts.Given(t, acme.Founded(), gone, posts.OnPost(written, posts.ScheduledAt(posts.Later), passed)).When(posts.System, pass).Nothing()

	p := posts.After(posts.OnPost(written, posts.ScheduledAt(posts.Later), passed))
	require.Equal(t, scenario.Olivia, p.Author)
	for _, target := range p.Targets {
		require.Equal(t, scenario.Olivia, target.Author)
		require.Equal(t, post.Due, target.State)
		require.Equal(t, posts.Later, target.Due)
		require.Empty(t, target.Identity)
	}
}

// R61: what waits for approval becomes a draft; it keeps the gates that it had.
func TestPassToOwnerWhatWaits(t *testing.T) {
	t.Parallel()
	scheduled := posts.ScheduledAt(posts.Later)
	scheduled.Gates = map[domain.AccountID][]post.Gate{scenario.News: {post.TeamGate}}
	want := passed
	want.Drafts = []domain.AccountID{scenario.News}
	posts.Given(t, acme.Founded(), gone, posts.OnPost(posts.WrittenBy(posts.Client), scheduled)).When(posts.System, pass).Then(want)

	p := posts.After(posts.OnPost(posts.WrittenBy(posts.Client), scheduled, want))
	require.Equal(t, post.Draft, p.Targets[scenario.News].State)
	require.Equal(t, []post.Gate{post.TeamGate}, p.Targets[scenario.News].Gates)
	require.Equal(t, post.Due, p.Targets[scenario.Blog].State)
}

// What waited for the author to reauthenticate goes on without them (R44, R47).
func TestPassToOwnerWhatIsHeld(t *testing.T) {
	t.Parallel()
	held := post.TargetNeedsReauthentication{Account: scenario.News, Holder: scenario.Carl, Mode: workspace.MemberMode}
	posts.Given(t, acme.Founded(), gone, posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later), held)).
		When(posts.System, pass).
		Then(passed, post.TargetScheduled{Account: scenario.News, At: posts.Later})
	posts.Given(t, acme.Founded(), gone, posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Now), held)).
		When(posts.System, pass).
		Then(passed, post.TargetMissed{
			Account: scenario.News, Author: scenario.Olivia, Code: "author_gone", Detail: "Its time passed while it waited for somebody who may not post here any more.",
		})
}

// R54: what was edited while it was held has gates to pass, and waits for approval
// like anything else: by a clock for which its time is still to come it becomes a
// draft, by another one it has missed it.
func TestPassToOwnerWhatIsHeldAndNeedsAnApproval(t *testing.T) {
	t.Parallel()
	history := append(posts.FromEdith(), posts.OnPost(posts.HeldNews, posts.EdithEdits())...)
	passing := writing.PassToOwner{Post: posts.ThePost, Author: scenario.Edith}
	want := post.Passed{From: scenario.Edith, To: scenario.Olivia, Whole: true, Accounts: posts.NewsAlone}
	left := acme.In(workspace.MemberRemoved{Member: scenario.Edith})

	drafts := want
	drafts.Drafts = posts.NewsAlone
	posts.Given(t, acme.Founded(), posts.EdithHere, left, history).When(scenario.At(posts.System, posts.Now.Add(-time.Millisecond)), passing).Then(drafts)
	require.Equal(t, post.Draft, posts.After(history, posts.OnPost(drafts)).Targets[scenario.News].State)
	posts.Given(t, acme.Founded(), posts.EdithHere, left, history).When(posts.System, passing).Then(want, post.TargetMissed{
		Account: scenario.News, Author: scenario.Olivia, Code: "author_gone", Detail: "Its time passed while it waited for somebody who may not post here any more.",
	})
}

// An unassigned account takes its targets alone.
func TestPassToOwnerOnOneAccount(t *testing.T) {
	t.Parallel()
	onBlog := pass
	onBlog.Accounts = []domain.AccountID{scenario.Blog}
	want := post.Passed{From: scenario.Carl, To: scenario.Olivia, Accounts: onBlog.Accounts}
	history := posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later))
	posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.OwnerMode), history).When(posts.System, onBlog).Then(want)

	p := posts.After(history, posts.OnPost(want))
	require.Equal(t, scenario.Carl, p.Author)
	require.Equal(t, scenario.Carl, p.Targets[scenario.News].Author)
	require.Equal(t, scenario.Olivia, p.Targets[scenario.Blog].Author)

	rest := passed
	rest.Accounts = []domain.AccountID{scenario.News}
	posts.Given(t, acme.Founded(), gone, history, posts.OnPost(want)).When(posts.System, pass).Then(rest)
}

// A running attempt goes on to its end, published stays published.
func TestPassToOwnerLeavesOutcomes(t *testing.T) {
	t.Parallel()
	for state, end := range posts.Ends() {
		if state == post.NeedsReauthentication {
			continue
		}
		posts.Given(t, acme.Founded(), gone, posts.Claimed(), posts.OnPost(end)).When(posts.System, pass).Then(passed)
		require.Equal(t, state, posts.After(posts.Claimed(), posts.OnPost(end, passed)).Targets[scenario.News].State)
	}
	posts.Given(t, acme.Founded(), gone, posts.Claimed()).When(posts.System, pass).Then(passed)
	require.Equal(t, post.Claimed, posts.After(posts.Claimed(), posts.OnPost(passed)).Targets[scenario.News].State)
}

func TestPassToOwnerRefuses(t *testing.T) {
	t.Parallel()
	history := posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later))
	for _, by := range []domain.Actor{posts.Owner, posts.Client, posts.Stranger, {}} {
		posts.Given(t, acme.Founded(), gone, history).When(by, pass).Refused(domain.R32, "not_found")
	}
	posts.Given(t, acme.Founded(), gone).When(posts.System, pass).Refused(domain.R32, "not_found")
	posts.Given(t, acme.Founded(), posts.OnPost(posts.WrittenBy(posts.Editor), posts.ScheduledAt(posts.Later))).When(posts.System, pass).Nothing()
	posts.Given(t, acme.Founded(), posts.OnPost(posts.WrittenBy(posts.Owner))).When(posts.System, writing.PassToOwner{Post: posts.ThePost, Author: scenario.Olivia}).Nothing()
}

// R61: from then on it is claimed as the Owner's, whoever comes back.
func TestPassedTargetIsClaimedAsTheOwners(t *testing.T) {
	t.Parallel()
	made := posts.Claims()
	made.Rules = []domain.Rule{domain.R42, domain.R36}
	posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.MemberMode), posts.Connected(scenario.Olivia, posts.Olivias), posts.DueNow(), posts.OnPost(passed)).
		When(posts.System, posts.Claim).
		Then(made)
}
