package sending_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

// R42, R43: the mode as it is now, and history says whose credentials.
func TestClaimTargetInModeOwner(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.OwnerMode), posts.Connected(scenario.Olivia, posts.Olivias), posts.DueNow()).
		When(posts.System, posts.Claim).
		Then(posts.Claims())
}

func TestClaimTargetInModeMember(t *testing.T) {
	t.Parallel()
	made := posts.Claims()
	made.Mode, made.Holder, made.Connection = workspace.MemberMode, scenario.Carl, posts.Carls
	made.Rules = []domain.Rule{domain.R37, domain.R38, domain.R39}
	posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.MemberMode), posts.Connected(scenario.Olivia, posts.Olivias), posts.Connected(scenario.Carl, posts.Carls), posts.DueNow()).
		When(posts.System, posts.Claim).
		Then(made)
}

// R42: a mode that changed after scheduling counts.
func TestClaimTargetReadsTheModeWhenPublishing(t *testing.T) {
	t.Parallel()
	toMember := acme.In(workspace.CredentialModeChanged{
		Member: scenario.Carl, Account: scenario.News, From: workspace.OwnerMode, To: workspace.MemberMode,
	})
	posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.OwnerMode), posts.Connected(scenario.Olivia, posts.Olivias), posts.DueNow(), toMember).
		When(posts.System, posts.Claim).
		Then(post.TargetNeedsReauthentication{
			Account: scenario.News, Mode: workspace.MemberMode, Holder: scenario.Carl, Code: "no_connection",
			Detail: "The person whose connection this goes out through has not connected the account.",
		})
}

// R44: no usable connection, nothing is sent, and one person is named.
func TestClaimTargetThroughADeadConnection(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.OwnerMode), posts.Connected(scenario.Olivia, posts.Olivias), posts.Broken(scenario.Olivia, posts.Olivias), posts.DueNow()).
		When(posts.System, posts.Claim).
		Then(post.TargetNeedsReauthentication{
			Account: scenario.News, Mode: workspace.OwnerMode, Holder: scenario.Olivia, Connection: posts.Olivias, Code: "needs_reauthentication",
			Detail: "The connection that this goes out through has to be reauthenticated.",
		})
}

// R61: a removed author's post goes out as the Owner's.
func TestClaimTargetOfWhoIsGone(t *testing.T) {
	t.Parallel()
	made := posts.Claims()
	made.Rules = []domain.Rule{domain.R61, domain.R42}
	posts.Given(t, acme.Founded(), posts.Connected(scenario.Olivia, posts.Olivias), posts.Connected(scenario.Carl, posts.Carls), posts.DueNow()).
		When(posts.System, posts.Claim).
		Then(made)
}

func TestClaimTargetOfAnAccountThatIsGone(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.In(workspace.Created{Owner: scenario.Olivia}), posts.DueNow()).
		When(posts.System, posts.Claim).
		Then(post.TargetFailed{Account: scenario.News, Author: scenario.Carl, Code: "account_gone", Detail: "The workspace does not hold this account any more."})
}

func TestClaimTargetWithAnIdentity(t *testing.T) {
	t.Parallel()
	written := posts.Wrote(posts.Owner, post.Content{Text: "Hello", Targets: []post.Destination{{Account: scenario.Blog, Identity: "author-1"}}})
	made := posts.Claims()
	made.Account, made.Key, made.Identity = scenario.Blog, sending.Key(posts.ThePost, scenario.Blog, 1), "author-1"
	made.Rules = []domain.Rule{domain.R42, domain.R36}
	onBlog := posts.Connected(scenario.Olivia, posts.Olivias)
	onBlog[0].Stream.ID = scenario.Blog
	posts.Given(t, acme.Founded(), onBlog, posts.OnPost(written, posts.ScheduledAt(posts.Now))).
		When(posts.System, sending.ClaimTarget{Post: posts.ThePost, Account: scenario.Blog, Life: 30 * time.Second}).
		Then(made)
}

// Not long before its time, nor before an attempt's backoff has passed; not after its grace.
func TestClaimTargetInItsTime(t *testing.T) {
	t.Parallel()
	team := append(append(acme.Founded(), posts.CarlJoined(workspace.OwnerMode)...), posts.Connected(scenario.Olivia, posts.Olivias)...)
	at := func(moment time.Time) domain.Actor { return scenario.At(posts.System, moment) }

	posts.Given(t, team, posts.DueNow()).When(at(posts.Now.Add(-sending.Ahead-time.Nanosecond)), posts.Claim).Refused(domain.R57, "not_due")
	posts.Given(t, team, posts.DueNow()).When(at(posts.Now.Add(-sending.Ahead)), posts.Claim).Then(posts.Claims()) // begun at its time

	atTheEnd := posts.Claims()
	atTheEnd.Begun, atTheEnd.Deadline = posts.Now.Add(sending.Grace), posts.Now.Add(sending.Grace+30*time.Second)
	posts.Given(t, team, posts.DueNow()).When(at(posts.Now.Add(sending.Grace)), posts.Claim).Then(atTheEnd)
	posts.Given(t, team, posts.DueNow()).
		When(at(posts.Now.Add(sending.Grace+time.Nanosecond)), posts.Claim).
		Then(post.TargetMissed{Account: scenario.News, Author: scenario.Carl, Code: "grace_passed", Detail: "It could not be sent within 15 minutes of its time."})

	backoff := posts.Now.Add(time.Minute)
	released := append(posts.Claimed(), posts.OnPost(post.TargetReleased{Account: scenario.News, Attempt: posts.Attempt, NotBefore: backoff})...)
	again := posts.Claims()
	again.Begun, again.Deadline = backoff, backoff.Add(30*time.Second)
	posts.Given(t, team, released).When(at(backoff.Add(-sending.Ahead-time.Nanosecond)), posts.Claim).Refused(domain.R57, "not_due")
	posts.Given(t, team, released).When(at(backoff), posts.Claim).Then(again)

	// claimed ahead of a moment past its grace, it would be sent then
	tooLate := append(posts.Claimed(), posts.OnPost(post.TargetReleased{Account: scenario.News, Attempt: posts.Attempt, NotBefore: posts.Now.Add(sending.Grace + time.Nanosecond)})...)
	posts.Given(t, team, tooLate).
		When(at(posts.Now.Add(sending.Grace-time.Second)), posts.Claim).
		Then(post.TargetMissed{Account: scenario.News, Author: scenario.Carl, Code: "grace_passed", Detail: "It could not be sent within 15 minutes of its time."})
}

func TestClaimTargetThatIsNotDue(t *testing.T) {
	t.Parallel()
	for state, end := range posts.Ends() {
		if state != post.Due {
			posts.Given(t, acme.Founded(), posts.Claimed(), posts.OnPost(end)).When(posts.System, posts.Claim).Refused(domain.R59, "not_scheduled")
		}
	}
	posts.Given(t, acme.Founded(), posts.Claimed()).When(posts.System, posts.Claim).Refused(domain.R59, "not_scheduled")
	posts.Given(t, acme.Founded(), posts.OnPost(posts.WrittenBy(posts.Client))).When(posts.System, posts.Claim).Refused(domain.R59, "not_scheduled")
}

func TestClaimTargetIsTheSystems(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded(), posts.DueNow()).When(posts.Owner, posts.Claim).Refused(domain.R32, "not_found")
	posts.Given(t, acme.Founded()).When(posts.System, posts.Claim).Refused(domain.R32, "not_found")

	elsewhere := posts.WrittenBy(posts.Client)
	elsewhere.Workspace = domain.WorkspaceID{15: 2}
	posts.Given(t, acme.Founded(), posts.OnPost(elsewhere, posts.ScheduledAt(posts.Now))).When(posts.System, posts.Claim).Refused(domain.R32, "not_found")
}

// R59: a repetition of the same revision is recognised, another revision is not.
func TestKey(t *testing.T) {
	t.Parallel()
	key := sending.Key(posts.ThePost, scenario.News, 1)
	require.Equal(t, "BQAAAAAAAAAAAAAAAAAAAQMAAAAAAAAAAAAAAAAAAAE-1", key, "written in the log: it never changes")
	require.Regexp(t, `^[A-Za-z0-9_-]{1,64}$`, sending.Key(domain.PostID{0: 0xff, 15: 0xff}, domain.AccountID{0: 0xff}, 1<<31-1))
	require.NotEqual(t, key, sending.Key(posts.ThePost, scenario.News, 2))
	require.NotEqual(t, key, sending.Key(posts.ThePost, scenario.Blog, 1))
	require.NotEqual(t, key, sending.Key(domain.PostID{15: 9}, scenario.News, 1))
}
