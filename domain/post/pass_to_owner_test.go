package post

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

var (
	pass   = PassToOwner{Post: thePost, Author: scenario.Carl}
	passed = Passed{
		From: scenario.Carl, To: scenario.Olivia, Whole: true, Accounts: []domain.AccountID{scenario.News, scenario.Blog},
	}
	gone = acme.In(workspace.MemberRemoved{Member: scenario.Carl})
)

// after folds the post.
func after(history ...[]domain.Change) Post {
	var p Post
	for _, changes := range history {
		for _, change := range changes {
			p.Evolve(change.Event)
		}
	}
	return p
}

// R61: scheduled stays scheduled, keeps its gates, and loses the author's identity.
func TestPassToOwnerWhatIsScheduled(t *testing.T) {
	t.Parallel()
	written := writtenBy(client)
	written.Targets[1].Identity = "author-7"
	given(t, acme.Founded(), gone, onPost(written, scheduledAt(later))).When(system, pass).Then(passed)
	given(t, acme.Founded(), gone, onPost(written, scheduledAt(later), passed)).When(system, pass).Nothing()

	p := after(onPost(written, scheduledAt(later), passed))
	require.Equal(t, scenario.Olivia, p.Author)
	for _, target := range p.Targets {
		require.Equal(t, scenario.Olivia, target.Author)
		require.Equal(t, Due, target.State)
		require.Equal(t, later, target.Due)
		require.Empty(t, target.Identity)
	}
}

// R61: what waits for approval becomes a draft; it keeps the gates that it had.
func TestPassToOwnerWhatWaits(t *testing.T) {
	t.Parallel()
	scheduled := scheduledAt(later)
	scheduled.Gates = map[domain.AccountID][]Gate{scenario.News: {TeamGate}}
	want := passed
	want.Drafts = []domain.AccountID{scenario.News}
	given(t, acme.Founded(), gone, onPost(writtenBy(client), scheduled)).When(system, pass).Then(want)

	p := after(onPost(writtenBy(client), scheduled, want))
	require.Equal(t, Draft, p.Targets[scenario.News].State)
	require.Equal(t, []Gate{TeamGate}, p.Targets[scenario.News].Gates)
	require.Equal(t, Due, p.Targets[scenario.Blog].State)
}

// What waited for the author to reauthenticate goes on without them (R44, R47).
func TestPassToOwnerWhatIsHeld(t *testing.T) {
	t.Parallel()
	held := TargetNeedsReauthentication{Account: scenario.News, Holder: scenario.Carl, Mode: workspace.MemberMode}
	given(t, acme.Founded(), gone, onPost(writtenBy(client), scheduledAt(later), held)).
		When(system, pass).
		Then(passed, TargetScheduled{Account: scenario.News, At: later})
	given(t, acme.Founded(), gone, onPost(writtenBy(client), scheduledAt(now), held)).
		When(system, pass).
		Then(passed, TargetMissed{
			Account: scenario.News, Code: "author_gone", Detail: "Its time passed while it waited for somebody who may not post here any more.",
		})
}

// An unassigned account takes its targets alone.
func TestPassToOwnerOnOneAccount(t *testing.T) {
	t.Parallel()
	onBlog := pass
	onBlog.Accounts = []domain.AccountID{scenario.Blog}
	want := Passed{From: scenario.Carl, To: scenario.Olivia, Accounts: onBlog.Accounts}
	history := onPost(writtenBy(client), scheduledAt(later))
	given(t, acme.Founded(), carlJoined(workspace.OwnerMode), history).When(system, onBlog).Then(want)

	p := after(history, onPost(want))
	require.Equal(t, scenario.Carl, p.Author)
	require.Equal(t, scenario.Carl, p.Targets[scenario.News].Author)
	require.Equal(t, scenario.Olivia, p.Targets[scenario.Blog].Author)

	rest := passed
	rest.Accounts = []domain.AccountID{scenario.News}
	given(t, acme.Founded(), gone, history, onPost(want)).When(system, pass).Then(rest)
}

// A running attempt goes on to its end, published stays published.
func TestPassToOwnerLeavesOutcomes(t *testing.T) {
	t.Parallel()
	for state, end := range ends() {
		if state == NeedsReauthentication {
			continue
		}
		given(t, acme.Founded(), gone, claimed(), onPost(end)).When(system, pass).Then(passed)
		require.Equal(t, state, after(claimed(), onPost(end, passed)).Targets[scenario.News].State)
	}
	given(t, acme.Founded(), gone, claimed()).When(system, pass).Then(passed)
	require.Equal(t, Claimed, after(claimed(), onPost(passed)).Targets[scenario.News].State)
}

func TestPassToOwnerRefuses(t *testing.T) {
	t.Parallel()
	history := onPost(writtenBy(client), scheduledAt(later))
	for _, by := range []domain.Actor{owner, client, stranger, {}} {
		given(t, acme.Founded(), gone, history).When(by, pass).Refused(domain.R32, "not_found")
	}
	given(t, acme.Founded(), gone).When(system, pass).Refused(domain.R32, "not_found")
	given(t, acme.Founded(), onPost(writtenBy(editor), scheduledAt(later))).When(system, pass).Nothing()
	given(t, acme.Founded(), onPost(writtenBy(owner))).When(system, PassToOwner{Post: thePost, Author: scenario.Olivia}).Nothing()
}

// R61: from then on it is claimed as the Owner's, whoever comes back.
func TestPassedTargetIsClaimedAsTheOwners(t *testing.T) {
	t.Parallel()
	made := claims()
	made.Rules = []domain.Rule{domain.R42, domain.R36}
	given(t, acme.Founded(), carlJoined(workspace.MemberMode), connected(scenario.Olivia, olivias), dueNow(), onPost(passed)).
		When(system, claim).
		Then(made)
}
