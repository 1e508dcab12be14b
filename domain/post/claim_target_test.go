package post

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

var claim = ClaimTarget{Post: thePost, Account: scenario.News, Life: 30 * time.Second}

// claims is the claim that a first decision makes.
func claims() TargetClaimed {
	made := carlsClaim()
	made.Attempt = scenario.Fresh(1)
	return made
}

func dueNow() []domain.Change { return onPost(writtenBy(client), scheduledAt(now)) }

// R42, R43: the mode as it is now, and history says whose credentials.
func TestClaimTargetInModeOwner(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded(), carlJoined(workspace.OwnerMode), connected(scenario.Olivia, olivias), dueNow()).
		When(system, claim).
		Then(claims())
}

func TestClaimTargetInModeMember(t *testing.T) {
	t.Parallel()
	made := claims()
	made.Mode, made.Holder, made.Connection = workspace.MemberMode, scenario.Carl, carls
	made.Rules = []domain.Rule{domain.R37, domain.R38, domain.R39}
	given(t, acme.Founded(), carlJoined(workspace.MemberMode), connected(scenario.Olivia, olivias), connected(scenario.Carl, carls), dueNow()).
		When(system, claim).
		Then(made)
}

// R42: a mode that changed after scheduling counts.
func TestClaimTargetReadsTheModeWhenPublishing(t *testing.T) {
	t.Parallel()
	toMember := acme.In(workspace.CredentialModeChanged{
		Member: scenario.Carl, Account: scenario.News, From: workspace.OwnerMode, To: workspace.MemberMode,
	})
	given(t, acme.Founded(), carlJoined(workspace.OwnerMode), connected(scenario.Olivia, olivias), dueNow(), toMember).
		When(system, claim).
		Then(TargetNeedsReauthentication{
			Account: scenario.News, Mode: workspace.MemberMode, Holder: scenario.Carl, Code: "no_connection",
			Detail: "The person whose connection this goes out through has not connected the account.",
		})
}

// R44: no usable connection, nothing is sent, and one person is named.
func TestClaimTargetThroughADeadConnection(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded(), carlJoined(workspace.OwnerMode), connected(scenario.Olivia, olivias), broken(scenario.Olivia, olivias), dueNow()).
		When(system, claim).
		Then(TargetNeedsReauthentication{
			Account: scenario.News, Mode: workspace.OwnerMode, Holder: scenario.Olivia, Connection: olivias, Code: "needs_reauthentication",
			Detail: "The connection that this goes out through has to be reauthenticated.",
		})
}

// R61: a removed author's post goes out as the Owner's.
func TestClaimTargetOfWhoIsGone(t *testing.T) {
	t.Parallel()
	made := claims()
	made.Rules = []domain.Rule{domain.R61, domain.R42}
	given(t, acme.Founded(), connected(scenario.Olivia, olivias), connected(scenario.Carl, carls), dueNow()).
		When(system, claim).
		Then(made)
}

func TestClaimTargetOfAnAccountThatIsGone(t *testing.T) {
	t.Parallel()
	given(t, acme.In(workspace.Created{Owner: scenario.Olivia}), dueNow()).
		When(system, claim).
		Then(TargetFailed{Account: scenario.News, Code: "account_gone", Detail: "The workspace does not hold this account any more."})
}

func TestClaimTargetWithAnIdentity(t *testing.T) {
	t.Parallel()
	written := Written{
		Workspace: scenario.Acme, Author: scenario.Olivia, Text: "Hello",
		Targets: []Destination{{Account: scenario.Blog, Identity: "author-1"}},
	}
	made := claims()
	made.Account, made.Key, made.Identity = scenario.Blog, Key(thePost, scenario.Blog, 1), "author-1"
	made.Rules = []domain.Rule{domain.R42, domain.R36}
	onBlog := connected(scenario.Olivia, olivias)
	onBlog[0].Stream.ID = scenario.Blog
	given(t, acme.Founded(), onBlog, onPost(written, scheduledAt(now))).
		When(system, ClaimTarget{Post: thePost, Account: scenario.Blog, Life: 30 * time.Second}).
		Then(made)
}

// Not before its time, nor before an attempt's backoff has passed; not after its grace.
func TestClaimTargetInItsTime(t *testing.T) {
	t.Parallel()
	team := append(append(acme.Founded(), carlJoined(workspace.OwnerMode)...), connected(scenario.Olivia, olivias)...)
	at := func(moment time.Time) domain.Actor { return scenario.At(system, moment) }

	given(t, team, dueNow()).When(at(now.Add(-time.Nanosecond)), claim).Refused(domain.R57, "not_due")

	atTheEnd := claims()
	atTheEnd.Deadline = now.Add(Grace + 30*time.Second)
	given(t, team, dueNow()).When(at(now.Add(Grace)), claim).Then(atTheEnd)
	given(t, team, dueNow()).
		When(at(now.Add(Grace+time.Nanosecond)), claim).
		Then(TargetMissed{Account: scenario.News, Code: "grace_passed", Detail: "It could not be sent within 15 minutes of its time."})

	backoff := now.Add(time.Minute)
	released := append(claimed(), onPost(TargetReleased{Account: scenario.News, Attempt: attempt, NotBefore: backoff})...)
	again := claims()
	again.Deadline = backoff.Add(30 * time.Second)
	given(t, team, released).When(at(backoff.Add(-time.Nanosecond)), claim).Refused(domain.R57, "not_due")
	given(t, team, released).When(at(backoff), claim).Then(again)
}

func TestClaimTargetThatIsNotDue(t *testing.T) {
	t.Parallel()
	for state, end := range ends() {
		if state != Due {
			given(t, acme.Founded(), claimed(), onPost(end)).When(system, claim).Refused(domain.R59, "not_scheduled")
		}
	}
	given(t, acme.Founded(), claimed()).When(system, claim).Refused(domain.R59, "not_scheduled")
	given(t, acme.Founded(), onPost(writtenBy(client))).When(system, claim).Refused(domain.R59, "not_scheduled")
}

func TestClaimTargetIsTheSystems(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded(), dueNow()).When(owner, claim).Refused(domain.R32, "not_found")
	given(t, acme.Founded()).When(system, claim).Refused(domain.R32, "not_found")

	elsewhere := writtenBy(client)
	elsewhere.Workspace = domain.WorkspaceID{15: 2}
	given(t, acme.Founded(), onPost(elsewhere, scheduledAt(now))).When(system, claim).Refused(domain.R32, "not_found")
}

// R59: a repetition of the same revision is recognised, another revision is not.
func TestKey(t *testing.T) {
	t.Parallel()
	key := Key(thePost, scenario.News, 1)
	require.Equal(t, "BQAAAAAAAAAAAAAAAAAAAQMAAAAAAAAAAAAAAAAAAAE-1", key, "written in the log: it never changes")
	require.Regexp(t, `^[A-Za-z0-9_-]{1,64}$`, Key(domain.PostID{0: 0xff, 15: 0xff}, domain.AccountID{0: 0xff}, 1<<31-1))
	require.NotEqual(t, key, Key(thePost, scenario.News, 2))
	require.NotEqual(t, key, Key(thePost, scenario.Blog, 1))
	require.NotEqual(t, key, Key(domain.PostID{15: 9}, scenario.News, 1))
}
