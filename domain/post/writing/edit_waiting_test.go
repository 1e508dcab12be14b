package writing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/post/writing"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
)

// R54, R59: what nobody knows of was approved as it read then; edited since, it
// is not sent again on a person's word, and can be submitted.
func TestEditWhatIsUnknown(t *testing.T) {
	t.Parallel()
	unknown := append(posts.FromEdith(), posts.OnPost(posts.CarlsClaim(), post.TargetUnknown{Account: scenario.News, Attempt: posts.Attempt})...)
	posts.Given(t, acme.Founded(), posts.EdithHere, unknown).When(posts.Editor, writing.EditPost{Post: posts.ThePost, Content: posts.NewText()}).ThenOn(posts.OnPost(posts.EdithEdits())...)

	changed := append(unknown, posts.OnPost(posts.EdithEdits())...)
	require.Equal(t, post.Unknown, posts.After(changed).Targets[scenario.News].State)
	missed := post.TargetMissed{Account: scenario.News, Author: scenario.Edith, Code: "not_approved", Detail: "It has not been approved as it reads now."}
	posts.Given(t, acme.Founded(), posts.EdithHere, changed).When(posts.Owner, posts.Resolve).Then(missed)
	posts.Given(t, acme.Founded(), posts.EdithHere, changed, posts.OnPost(missed)).When(posts.Owner, posts.PublishNow).Refused(domain.R50, "not_approved")
	posts.Given(t, acme.Founded(), posts.EdithHere, changed, posts.OnPost(missed)).When(posts.Editor, planning.SubmitPost{Post: posts.ThePost, At: posts.Later}).
		ThenFirst(post.Scheduled{Revision: 2, At: posts.Later, Gates: posts.TeamsGate, Asked: []domain.UserID{scenario.Olivia}})
}

// R60: what is sent again is looked at again; what the network shows is not.
func TestResolveUnknownThatANetworkWouldRefuse(t *testing.T) {
	t.Parallel()
	unknown := append(posts.Claimed(), posts.OnPost(posts.Ends()[post.Unknown])...)
	faulty := posts.Resolve
	faulty.Checked = post.Checked{Revision: 1, Faults: []domain.Fault{{Field: "targets[0].text", Code: "text_too_long"}}}
	posts.Given(t, acme.Founded(), unknown).When(posts.Owner, faulty).Refused(domain.R60, "content_refused")
	faulty.Checked = post.Checked{Revision: 2}
	posts.Given(t, acme.Founded(), unknown).When(posts.Owner, faulty).Refused(domain.R54, "post_changed")
	faulty.Shown, faulty.URL = true, posts.Address
	posts.Given(t, acme.Founded(), unknown).When(posts.Owner, faulty).Then(post.TargetConfirmed{Account: scenario.News, By: scenario.Olivia, URL: posts.Address})
}

// R47: what waits for a connection past its time goes on when a person says so,
// edited or not; before its time it goes on by itself.
func TestEditWhatIsHeld(t *testing.T) {
	t.Parallel()
	edit := writing.EditPost{Post: posts.ThePost, Content: posts.NewText()}
	open := posts.Edited(posts.Owner, posts.Owner, posts.NewText())
	open.Open = posts.NewsAlone
	past := posts.OnPost(posts.NewsWritten(posts.Owner), posts.ScheduledAt(posts.Now), posts.HeldNews)
	posts.Given(t, acme.Founded(), past).When(posts.Owner, edit).ThenOn(posts.OnPost(open)...)
	require.Equal(t, post.NeedsReauthentication, posts.After(past, posts.OnPost(open)).Targets[scenario.News].State)
	posts.Given(t, acme.Founded(), past, posts.OnPost(open)).When(posts.Owner, posts.PublishNow).ThenFirst(posts.PublishesNow)

	open.Planned = posts.NewsAlone
	posts.Given(t, acme.Founded(), posts.OnPost(posts.NewsWritten(posts.Owner), posts.ScheduledAt(posts.Now.Add(1)), posts.HeldNews)).When(posts.Owner, edit).ThenOn(posts.OnPost(open)...)
}

// R54, R47: an edit of what waits past its time asks nobody and lets nothing out
// without its approvals; its author submits it, or moves it.
func TestEditWhatIsHeldAndNeedsAnApproval(t *testing.T) {
	t.Parallel()
	held := append(posts.FromEdith(), posts.OnPost(posts.HeldNews)...)
	posts.Given(t, acme.Founded(), posts.EdithHere, held).When(posts.Editor, writing.EditPost{Post: posts.ThePost, Content: posts.NewText()}).ThenOn(posts.OnPost(posts.EdithEdits())...)

	changed := append(held, posts.OnPost(posts.EdithEdits())...)
	posts.Given(t, acme.Founded(), posts.EdithHere, changed).When(posts.Editor, posts.PublishNow).Refused(domain.R50, "not_approved")
	asks := post.Scheduled{Revision: 2, At: posts.Later, Gates: posts.TeamsGate, Asked: []domain.UserID{scenario.Olivia}}
	posts.Given(t, acme.Founded(), posts.EdithHere, changed).When(posts.Editor, planning.SubmitPost{Post: posts.ThePost, At: posts.Later}).
		ThenOn(append(posts.OnPost(asks), posts.Slots(posts.Later, scenario.News)...)...)
	moved := post.Rescheduled{Accounts: posts.NewsAlone, At: posts.Later}
	posts.Given(t, acme.Founded(), posts.EdithHere, changed).When(posts.Editor, planning.ReschedulePost{Post: posts.ThePost, At: posts.Later}).
		ThenOn(append(posts.OnPost(moved, asks), posts.Slots(posts.Later, scenario.News)...)...)
	require.Equal(t, post.Waiting, posts.After(changed, posts.OnPost(moved, asks)).Targets[scenario.News].State)
}

// R61: a draft that nobody scheduled stays one when the post is edited.
func TestEditLeavesDraftsAlone(t *testing.T) {
	t.Parallel()
	bothPlanned := posts.OnPost(posts.WrittenBy(posts.Editor), post.Scheduled{Revision: 1, At: posts.Later, Gates: map[domain.AccountID][]post.Gate{scenario.Blog: {post.TeamGate}}})
	takenBack := posts.OnPost(post.Passed{From: scenario.Edith, To: scenario.Olivia, Whole: true, Accounts: []domain.AccountID{scenario.News, scenario.Blog}, Drafts: []domain.AccountID{scenario.Blog}})
	want := posts.Edited(posts.Owner, posts.Owner, posts.ToBoth())
	want.Open, want.Planned = []domain.AccountID{scenario.News, scenario.Blog}, posts.NewsAlone
	posts.Given(t, acme.Founded(), bothPlanned, takenBack, posts.Slots(posts.Later, scenario.News)).
		When(posts.Owner, writing.EditPost{Post: posts.ThePost, Content: posts.ToBoth()}).
		ThenOn(posts.OnPost(want)...)
}
