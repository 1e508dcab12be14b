package review_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/post/review"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

var (
	approves       = review.ApprovePost{Post: posts.ThePost, Revision: 1}
	declines       = review.DeclinePost{Post: posts.ThePost, Revision: 1, Note: "Shorter, please."}
	clientApproves = acme.Joined(scenario.Carl, workspace.Client, acme.ReadOnly, workspace.Assignment{Account: scenario.News, ApprovesPosts: true})
	allHaveTo      = acme.In(workspace.ClientApprovalChanged{Account: scenario.News, From: workspace.AnyClient, To: workspace.AllClients})
)

// R50-R52: each gate is passed by those that it is for, in any order.
func TestApprovePost(t *testing.T) {
	t.Parallel()
	team := [][]domain.Change{acme.Founded(), posts.AdamHere, posts.EdithHere, clientApproves}
	for _, by := range []domain.Actor{posts.Owner, posts.Admin} {
		posts.Given(t, append(team, posts.Waiting(post.TeamGate))...).When(by, approves).Then(posts.Approved(by, post.TeamGate))
	}
	posts.Given(t, append(team, posts.Waiting(post.ClientGate))...).When(posts.Client, approves).Then(posts.Approved(posts.Client, post.ClientGate))

	first := posts.Approved(posts.Client, post.ClientGate)
	first.Gates = map[domain.AccountID][]post.Gate{scenario.News: {post.TeamGate}}
	posts.Given(t, append(team, posts.Waiting(post.TeamGate, post.ClientGate))...).When(posts.Client, approves).Then(first)
	posts.Given(t, append(team, posts.Waiting(post.TeamGate, post.ClientGate), posts.OnPost(first))...).When(posts.Admin, approves).Then(posts.Approved(posts.Admin, post.TeamGate))

	p := posts.After(posts.Waiting(post.TeamGate, post.ClientGate), posts.OnPost(first))
	require.Equal(t, post.Waiting, p.Targets[scenario.News].State)
	p.Evolve(posts.Approved(posts.Admin, post.TeamGate))
	require.Equal(t, post.Due, p.Targets[scenario.News].State)
	require.Equal(t, posts.Later, p.Targets[scenario.News].Due)
}

// R51: where the account is set to all, all of them; whoever has left meanwhile
// is not waited for, once somebody says yes again.
func TestApprovePostByAllClients(t *testing.T) {
	t.Parallel()
	team := [][]domain.Change{acme.Founded(), posts.EdithHere, clientApproves, posts.DoraApproves, allHaveTo, posts.Waiting(post.ClientGate)}
	notYet := posts.Approved(posts.Client, post.ClientGate)
	notYet.Passed = nil
	posts.Given(t, team...).When(posts.Client, approves).Then(notYet)
	posts.Given(t, append(team, posts.OnPost(notYet))...).When(posts.Client, approves).Nothing()
	posts.Given(t, append(team, posts.OnPost(notYet))...).When(scenario.As(posts.Dora), approves).Then(posts.Approved(scenario.As(posts.Dora), post.ClientGate))
	doraLeft := acme.In(workspace.MemberLeft{Member: posts.Dora})
	posts.Given(t, append(team, posts.OnPost(notYet), doraLeft)...).When(posts.Client, approves).Then(posts.Approved(posts.Client, post.ClientGate))
}

// R53: nobody approves or declines their own post, whatever they are.
func TestNobodyApprovesTheirOwnPost(t *testing.T) {
	t.Parallel()
	own := posts.OnPost(posts.WrittenBy(posts.Owner), post.Scheduled{Revision: 1, At: posts.Later, Gates: map[domain.AccountID][]post.Gate{scenario.News: {post.TeamGate}}})
	posts.Given(t, acme.Founded(), own).When(posts.Owner, approves).Refused(domain.R53, "your_own_post")
	posts.Given(t, acme.Founded(), own).When(posts.Owner, declines).Refused(domain.R53, "your_own_post")
}

// R54: an approval is of the revision that was seen.
func TestApproveAnotherRevision(t *testing.T) {
	t.Parallel()
	stale := approves
	stale.Revision = 2
	posts.Given(t, acme.Founded(), posts.EdithHere, posts.Waiting(post.TeamGate)).When(posts.Owner, stale).Refused(domain.R54, "post_changed")
}

// R56: at its time it is too late, exactly.
func TestApproveTooLate(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded(), posts.EdithHere, posts.Waiting(post.TeamGate)).When(scenario.At(posts.Owner, posts.Later.Add(-1)), approves).Then(posts.Approved(posts.Owner, post.TeamGate))
	posts.Given(t, acme.Founded(), posts.EdithHere, posts.Waiting(post.TeamGate)).When(scenario.At(posts.Owner, posts.Later), approves).Refused(domain.R56, "too_late")
}

func TestApproveOnlyOnSomeAccounts(t *testing.T) {
	t.Parallel()
	elsewhere := approves
	elsewhere.Accounts = []domain.AccountID{scenario.Blog}
	posts.Given(t, acme.Founded(), posts.EdithHere, posts.Waiting(post.TeamGate)).When(posts.Owner, elsewhere).Refused(domain.R54, "not_waiting")
}

// R55: it returns to its author, with the note; its minute is free again.
func TestDeclinePost(t *testing.T) {
	t.Parallel()
	declined := post.Declinement{
		By: scenario.Olivia, Revision: 1, Gate: post.TeamGate, Accounts: posts.NewsAlone, Author: scenario.Edith,
		Note: personal.Workspace(scenario.Acme).Says("Shorter, please."),
	}
	posts.Given(t, acme.Founded(), posts.EdithHere, posts.Waiting(post.TeamGate, post.ClientGate), posts.Slots(posts.Later, scenario.News)).
		When(posts.Owner, declines).
		ThenOn(append(posts.OnPost(declined), posts.Freed(scenario.News)...)...)
	p := posts.After(posts.Waiting(post.TeamGate, post.ClientGate), posts.OnPost(declined))
	require.Equal(t, post.Declined, p.Targets[scenario.News].State)
	require.Equal(t, post.Due, p.Targets[scenario.Blog].State, "the other account is not asked about (R58)")

	for _, note := range []string{"", " ", "nul\x00"} {
		silent := declines
		silent.Note = note
		posts.Given(t, acme.Founded(), posts.EdithHere, posts.Waiting(post.TeamGate)).When(posts.Owner, silent).Refused(domain.R55, "malformed_note")
	}

	resubmitted := post.Scheduled{
		Revision: 1, At: posts.Later, Accounts: posts.NewsAlone, Gates: map[domain.AccountID][]post.Gate{scenario.News: {post.TeamGate}}, Asked: []domain.UserID{scenario.Olivia},
	}
	posts.Given(t, acme.Founded(), posts.EdithHere, posts.Waiting(post.TeamGate), posts.OnPost(declined)).
		When(posts.Editor, planning.SubmitPost{Post: posts.ThePost, At: posts.Later}).
		ThenOn(append(posts.OnPost(resubmitted), posts.Slots(posts.Later, scenario.News)...)...)
}

// Without a moment it goes out once it is approved, at the next minute that is free.
func TestSubmitPost(t *testing.T) {
	t.Parallel()
	written := posts.Wrote(posts.Editor, posts.ToNews())
	submitted := post.Scheduled{
		Revision: 1, At: posts.Now.Add(planning.ApprovalLife), OnApproval: true,
		Gates: map[domain.AccountID][]post.Gate{scenario.News: {post.TeamGate}}, Asked: []domain.UserID{scenario.Olivia},
	}
	posts.Given(t, acme.Founded(), posts.EdithHere, posts.OnPost(written)).When(posts.Editor, planning.SubmitPost{Post: posts.ThePost}).ThenOn(posts.OnPost(submitted)...)

	yes := posts.Approved(posts.Owner, post.TeamGate)
	history := posts.OnPost(written, submitted)
	posts.Given(t, acme.Founded(), posts.EdithHere, history).When(posts.Owner, approves).
		ThenOn(append(posts.OnPost(yes, post.TargetScheduled{Account: scenario.News, At: posts.Now}), posts.Slots(posts.Now, scenario.News)...)...)
	another := posts.Taken(posts.Now.Add(-20 * 1e9))
	soon := posts.Now.Add(40 * 1e9)
	posts.Given(t, acme.Founded(), posts.EdithHere, history, another).When(posts.Owner, approves).
		ThenOn(append(posts.OnPost(yes, post.TargetScheduled{Account: scenario.News, At: soon}), posts.Slots(soon, scenario.News)...)...)

	posts.Given(t, acme.Founded(), posts.EdithHere, posts.OnPost(posts.Wrote(posts.Owner, posts.ToNews()))).When(posts.Owner, planning.SubmitPost{Post: posts.ThePost}).Refused(domain.R50, "no_approval_needed")
	posts.Given(t, acme.Founded(), posts.EdithHere, history).When(posts.Editor, planning.SubmitPost{Post: posts.ThePost}).Refused(domain.R57, "nothing_to_schedule")
}

// R56: reminded once for each time, and nobody while there is more of it.
// R51, R53, R64: who is asked is decided on the workspace as it is: not the
// author, not who has approved, not who has gone; who has approved is asked
// again when the one that was waited for has gone.
func TestWhoIsStillAsked(t *testing.T) {
	t.Parallel()
	team := [][]domain.Change{acme.Founded(), posts.EdithHere, posts.AdamHere, clientApproves, posts.DoraApproves, allHaveTo, posts.Waiting(post.TeamGate, post.ClientGate)}
	asked := func(more ...[]domain.Change) []domain.UserID {
		log := scenario.NewLog(catalog.Aggregates()...)
		log.Append(slices.Concat(append(team, more...)...)...)
		p, w := log.State(post.Stream(posts.ThePost)).(*post.Post), log.State(workspace.Stream(scenario.Acme)).(*workspace.Workspace)
		found := p.StillAsked(*w, scenario.News)
		for _, id := range []domain.UserID{scenario.Olivia, scenario.Adam, scenario.Edith, scenario.Carl, posts.Dora} {
			require.Equal(t, slices.Contains(found, id), p.Awaits(*w, id))
		}
		return found
	}
	everybody := []domain.UserID{scenario.Olivia, scenario.Adam, scenario.Carl, posts.Dora}
	require.ElementsMatch(t, everybody, asked())
	notYet := posts.Approved(posts.Client, post.ClientGate)
	notYet.Passed = nil
	require.ElementsMatch(t, []domain.UserID{scenario.Olivia, scenario.Adam, posts.Dora}, asked(posts.OnPost(notYet)))
	require.ElementsMatch(t, []domain.UserID{scenario.Olivia, scenario.Adam, scenario.Carl}, asked(posts.OnPost(notYet), acme.In(workspace.MemberLeft{Member: posts.Dora})))
	require.ElementsMatch(t, []domain.UserID{scenario.Olivia, scenario.Carl, posts.Dora}, asked(acme.In(workspace.MemberRemoved{Member: scenario.Adam})))
	passed := posts.Approved(posts.Owner, post.TeamGate)
	passed.Gates = map[domain.AccountID][]post.Gate{scenario.News: {post.ClientGate}}
	require.ElementsMatch(t, []domain.UserID{scenario.Carl, posts.Dora}, asked(posts.OnPost(passed)))
	require.Empty(t, asked(posts.OnPost(post.Unscheduled{Accounts: posts.NewsAlone})))
}

// R56: who has approved already is not reminded.
func TestRemindApprovalOfWhoIsLeft(t *testing.T) {
	t.Parallel()
	notYet := posts.Approved(posts.Client, post.ClientGate)
	notYet.Passed = nil
	soon := scenario.At(posts.System, posts.Later.Add(-review.RemindAhead))
	posts.Given(t, acme.Founded(), posts.EdithHere, clientApproves, posts.DoraApproves, allHaveTo, posts.Waiting(post.ClientGate), posts.OnPost(notYet)).
		When(soon, review.RemindApproval{Post: posts.ThePost}).Then(post.ApprovalReminded{Accounts: posts.NewsAlone, Asked: []domain.UserID{posts.Dora}})
}

func TestRemindApproval(t *testing.T) {
	t.Parallel()
	remind, reminded := review.RemindApproval{Post: posts.ThePost}, post.ApprovalReminded{Accounts: posts.NewsAlone, Asked: []domain.UserID{scenario.Olivia}}
	soon := scenario.At(posts.System, posts.Later.Add(-review.RemindAhead))
	posts.Given(t, acme.Founded(), posts.EdithHere, posts.Waiting(post.TeamGate)).When(soon, remind).Then(reminded)
	posts.Given(t, acme.Founded(), posts.EdithHere, posts.Waiting(post.TeamGate)).When(scenario.At(posts.System, posts.Later.Add(-review.RemindAhead-1)), remind).Nothing()
	posts.Given(t, acme.Founded(), posts.EdithHere, posts.Waiting(post.TeamGate)).When(scenario.At(posts.System, posts.Later), remind).Nothing()
	posts.Given(t, acme.Founded(), posts.EdithHere, posts.Waiting(post.TeamGate), posts.OnPost(reminded)).When(soon, remind).Nothing()
	posts.Given(t, acme.Founded(), posts.EdithHere, posts.Waiting(post.TeamGate)).When(posts.Owner, remind).Refused(domain.R32, "not_found")
}
