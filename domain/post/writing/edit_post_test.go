package writing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/writing"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

func TestEditADraft(t *testing.T) {
	t.Parallel()
	want := posts.Edited(posts.Owner, posts.Owner, posts.NewText())
	want.Open = posts.NewsAlone
	posts.Given(t, acme.Founded(), posts.OnPost(posts.NewsWritten(posts.Owner))).When(posts.Owner, writing.EditPost{Post: posts.ThePost, Content: posts.NewText()}).ThenOn(posts.OnPost(want)...)
	p := posts.After(posts.OnPost(posts.NewsWritten(posts.Owner), want))
	require.Equal(t, 2, p.Revision)
	require.Equal(t, post.Draft, p.Targets[scenario.News].State)
	content, err := post.ReadContent(p.Content)
	require.NoError(t, err)
	require.Equal(t, posts.NewText(), content)
}

// R54: what was approved has to be approved again, whoever changes it.
func TestEditReopensTheGates(t *testing.T) {
	t.Parallel()
	want := posts.Edited(posts.Owner, posts.Editor, posts.NewText())
	want.Removed, want.Open, want.Planned = []domain.AccountID{scenario.Blog}, posts.NewsAlone, posts.NewsAlone
	want.Gates, want.Asked = map[domain.AccountID][]post.Gate{scenario.News: {post.TeamGate}}, []domain.UserID{scenario.Olivia}
	history := append(posts.Waiting(post.TeamGate), posts.OnPost(posts.Approved(posts.Owner, post.TeamGate))...)
	posts.Given(t, acme.Founded(), posts.EdithHere, history, posts.Slots(posts.Later, scenario.News, scenario.Blog)).
		When(posts.Owner, writing.EditPost{Post: posts.ThePost, Content: posts.NewText()}).
		ThenOn(append(posts.OnPost(want), posts.Freed(scenario.Blog)...)...)
	p := posts.After(history, posts.OnPost(want))
	require.Equal(t, post.Waiting, p.Targets[scenario.News].State)
	require.Empty(t, p.Targets[scenario.News].Approvals)
	require.NotContains(t, p.Targets, scenario.Blog)
}

// R51: a Client's post passes the Clients' gate; words that somebody else put
// into it do not.
func TestEditingAClientsPostOpensTheClientGate(t *testing.T) {
	t.Parallel()
	want := posts.Edited(posts.Admin, posts.Client, posts.NewText())
	want.Open, want.Planned = posts.NewsAlone, posts.NewsAlone
	want.Gates, want.Asked = map[domain.AccountID][]post.Gate{scenario.News: {post.ClientGate}}, []domain.UserID{posts.Dora}
	posts.Given(t, acme.Founded(), posts.AdamHere, posts.CarlJoined(workspace.OwnerMode), posts.DoraApproves, posts.OnPost(posts.NewsWritten(posts.Client), posts.ScheduledAt(posts.Later)), posts.Slots(posts.Later, scenario.News)).
		When(posts.Admin, writing.EditPost{Post: posts.ThePost, Content: posts.NewText()}).
		ThenOn(posts.OnPost(want)...)
}

// What has gone out stays, and an account that is added is scheduled with the rest.
func TestEditAPostThatIsPartlyOut(t *testing.T) {
	t.Parallel()
	history := posts.OnPost(posts.NewsWritten(posts.Owner), posts.ScheduledAt(posts.Now), post.TargetPublished{Account: scenario.News, Remote: "1"})
	onBlog := post.Content{Text: "Hello again", Targets: []post.Destination{{Account: scenario.Blog}}}
	want := posts.Edited(posts.Owner, posts.Owner, onBlog)
	want.Targets, want.Added = []post.Place{{Account: scenario.Blog}, {Account: scenario.News}}, []domain.AccountID{scenario.Blog}
	posts.Given(t, acme.Founded(), history).When(posts.Owner, writing.EditPost{Post: posts.ThePost, Content: onBlog}).ThenOn(posts.OnPost(want)...)
	p := posts.After(history, posts.OnPost(want))
	require.Equal(t, post.Published, p.Targets[scenario.News].State)
	require.Equal(t, post.Draft, p.Targets[scenario.Blog].State)

	added := posts.Edited(posts.Owner, posts.Owner, posts.ToBoth())
	added.Added, added.Open, added.Planned = []domain.AccountID{scenario.Blog}, posts.NewsAlone, posts.NewsAlone
	posts.Given(t, acme.Founded(), posts.OnPost(posts.NewsWritten(posts.Owner), posts.ScheduledAt(posts.Later)), posts.Slots(posts.Later, scenario.News)).
		When(posts.Owner, writing.EditPost{Post: posts.ThePost, Content: posts.ToBoth()}).
		ThenOn(append(posts.OnPost(added, post.Scheduled{Revision: 2, At: posts.Later, Accounts: []domain.AccountID{scenario.Blog}}), posts.Slots(posts.Later, scenario.Blog)...)...)
}

func TestEditIsRefused(t *testing.T) {
	t.Parallel()
	edit := writing.EditPost{Post: posts.ThePost, Content: posts.NewText()}
	posts.Given(t, acme.Founded(), posts.OnPost(posts.NewsWritten(posts.Owner), posts.ScheduledAt(posts.Now), posts.CarlsClaim())).When(posts.Owner, edit).Refused(domain.R59, "being_sent")
	handed := post.TargetHandedOver{Account: scenario.News, To: scenario.Olivia, Deadline: posts.Later}
	posts.Given(t, acme.Founded(), posts.OnPost(posts.NewsWritten(posts.Owner), posts.ScheduledAt(posts.Now), handed)).When(posts.Owner, edit).Refused(domain.R59, "handed_over")
	late := post.TargetMissed{Account: scenario.News, Code: "not_confirmed"}
	open := posts.Edited(posts.Owner, posts.Owner, posts.NewText())
	open.Open = posts.NewsAlone
	posts.Given(t, acme.Founded(), posts.OnPost(posts.NewsWritten(posts.Owner), posts.ScheduledAt(posts.Now), handed, late)).When(posts.Owner, edit).ThenOn(posts.OnPost(open)...)
	posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.OwnerMode), posts.OnPost(posts.WrittenBy(posts.Owner), posts.ScheduledAt(posts.Later))).When(posts.Client, edit).Refused(domain.R27, "account_not_yours")
	posts.Given(t, acme.Founded()).When(posts.Owner, edit).Refused(domain.R32, "not_found")
	unsaid := writing.EditPost{Post: posts.ThePost, Content: post.Content{Targets: posts.NewText().Targets}}
	posts.Given(t, acme.Founded(), posts.OnPost(posts.NewsWritten(posts.Owner))).When(posts.Owner, unsaid).Refused(domain.R60, "malformed_text")
}
