package notice_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/notice"
	"behalf/domain/post"
)

var (
	edith = domain.UserID{15: 6}
	adam  = domain.UserID{15: 7}
	blog  = domain.AccountID{15: 8}
	hello = domain.PostID{15: 5}
	noon  = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
)

// said is what one person is told.
type said struct {
	to   domain.UserID
	kind notice.Kind
	text string
}

// R50-R56, R59: who is told of what happens to a post, and in which words.
func TestWhoIsToldOfAPost(t *testing.T) {
	t.Parallel()
	gates := map[domain.AccountID][]post.Gate{news: {post.TeamGate}}
	onNews, both := []domain.AccountID{news}, []domain.AccountID{news, blog}
	for name, c := range map[string]struct {
		event domain.Event
		by    domain.UserID
		want  []said
	}{
		"waiting": {post.Scheduled{At: noon, Gates: gates, Asked: []domain.UserID{olivia, adam}}, edith, []said{
			{olivia, notice.PostWaiting, "A post to “News” in “Acme” waits for your approval."},
			{adam, notice.PostWaiting, "A post to “News” in “Acme” waits for your approval."},
		}},
		"waiting on two accounts": {post.Scheduled{Gates: map[domain.AccountID][]post.Gate{news: {post.TeamGate}, blog: {post.ClientGate}}, Asked: []domain.UserID{olivia}}, edith, []said{
			{olivia, notice.PostWaiting, "A post in “Acme” waits for your approval."},
		}},
		"needs no approval": {post.Scheduled{At: noon}, edith, nil},
		"changed by one who approves it": {post.Edited{Gates: gates, Planned: onNews, Asked: []domain.UserID{olivia, adam}}, adam, []said{
			{olivia, notice.PostWaiting, "A post to “News” in “Acme” was changed, and waits for your approval again."},
		}},
		"reminded": {post.ApprovalReminded{Accounts: onNews, Asked: []domain.UserID{adam}}, domain.UserID{}, []said{
			{adam, notice.PostReminder, "A post to “News” in “Acme” still waits for your approval."},
		}},
		"approved": {post.Approved{By: adam, Accounts: onNews, Passed: onNews, Author: edith}, adam, []said{
			{edith, notice.PostApproved, "Your post to “News” in “Acme” is approved."},
		}},
		"approved in part": {post.Approved{By: adam, Accounts: both, Passed: both, Gates: map[domain.AccountID][]post.Gate{blog: {post.ClientGate}}, Author: edith}, adam, []said{
			{edith, notice.PostApproved, "Your post in “Acme” has got one of the approvals that it needs."},
		}},
		"approved by one of all": {post.Approved{By: carl, Accounts: onNews, Author: edith}, carl, nil},
		"declined": {post.Declinement{By: adam, Accounts: onNews, Author: edith}, adam, []said{
			{edith, notice.PostDeclined, "Your post to “News” in “Acme” was declined, with a note."},
		}},
		"troubled by its content": {post.TargetTroubled{Account: news, To: edith, Detail: "The text is too long."}, domain.UserID{}, []said{
			{edith, notice.PostTrouble, "Your post to “News” in “Acme” goes out in a few minutes, and the network would refuse it. The text is too long."},
		}},
		"troubled by rights": {post.TargetTroubled{Account: news, To: olivia, Rights: true, Detail: "You are no admin of the page."}, domain.UserID{}, []said{
			{olivia, notice.PostTrouble, "A post to “News” in “Acme” goes out in a few minutes, and the network would refuse it: your connection may not publish it. You are no admin of the page."},
		}},
		"handed over": {post.TargetHandedOver{Account: news, To: olivia, Deadline: noon}, domain.UserID{}, []said{
			{olivia, notice.PostHandedOver, "It is time to publish a post to “News” in “Acme”. The network takes it from people alone."},
		}},
		"failed": {post.TargetFailed{Account: news, Author: edith, Detail: "Too long."}, domain.UserID{}, []said{
			{edith, notice.PostFailed, "A post of yours to “News” in “Acme” was refused by the network. Too long."},
		}},
		"failed for want of rights": {post.TargetFailed{Account: news, Author: edith, Holder: olivia}, domain.UserID{}, []said{
			{olivia, notice.PostFailed, "A post to “News” in “Acme” was refused by the network: your connection may not publish it."},
			{edith, notice.PostFailed, "A post of yours to “News” in “Acme” was refused by the network."},
		}},
		"failed for want of the author's rights": {post.TargetFailed{Account: news, Author: edith, Holder: edith}, domain.UserID{}, []said{
			{edith, notice.PostFailed, "A post to “News” in “Acme” was refused by the network: your connection may not publish it."},
		}},
		"missed": {post.TargetMissed{Account: news, Author: edith, Detail: "It was not approved by its time."}, domain.UserID{}, []said{
			{edith, notice.PostMissed, "Your post to “News” in “Acme” was not published. It was not approved by its time."},
		}},
		"unknown": {post.TargetUnknown{Account: news, Author: edith, Owner: olivia}, domain.UserID{}, []said{
			{edith, notice.PostUnknown, "Nobody knows whether a post to “News” in “Acme” was published."},
			{olivia, notice.PostUnknown, "Nobody knows whether a post to “News” in “Acme” was published."},
		}},
		"the Owner's own is unknown": {post.TargetUnknown{Account: news, Author: olivia, Owner: olivia}, domain.UserID{}, []said{
			{olivia, notice.PostUnknown, "Nobody knows whether a post to “News” in “Acme” was published."},
		}},
		"unknown for a day": {post.TargetUnresolved{Account: news, Author: edith, Owner: olivia}, domain.UserID{}, []said{
			{edith, notice.PostUnknown, "Still nobody has said whether a post to “News” in “Acme” was published."},
			{olivia, notice.PostUnknown, "Still nobody has said whether a post to “News” in “Acme” was published."},
		}},
		"kept": {post.TargetDeletionFailed{Account: news, By: edith}, domain.UserID{}, []said{
			{edith, notice.PostKept, "A post to “News” in “Acme” that you deleted is still shown by the network."},
		}},
		"failed in a version that does not name its author": {post.TargetFailed{Account: news}, domain.UserID{}, nil},
	} {
		var got []said
		for _, n := range notice.Of(c.event, post.Stream(hello), c.by) {
			require.Equal(t, []domain.PostID{hello}, n.Details.Posts, name)
			require.True(t, n.Kind.IsAboutPost(), name)
			got = append(got, said{n.To, n.Kind, n.Words(notice.Names{Workspace: "Acme", Account: "News"}).Text})
		}
		require.Equal(t, c.want, got, name)
	}
}

// What has to be done, and until when, is said beside it.
func TestWhatIsToBeDoneAboutAPost(t *testing.T) {
	t.Parallel()
	gates := map[domain.AccountID][]post.Gate{news: {post.TeamGate}}
	for _, c := range []struct {
		event domain.Event
		want  string
	}{
		{post.Scheduled{At: noon, Gates: gates, Asked: []domain.UserID{adam}}, "It is to go out on Tuesday, 1 December 2026, 12:00 UTC. If it is not approved by then, it is not published."},
		{post.Scheduled{At: noon, OnApproval: true, Gates: gates, Asked: []domain.UserID{adam}}, "It goes out as soon as it is approved, until Tuesday, 1 December 2026, 12:00 UTC."},
		{post.TargetHandedOver{Account: news, To: adam, Deadline: noon}, "Then say where people see it, until Tuesday, 1 December 2026, 12:00 UTC. Otherwise it counts as missed."},
		{post.TargetUnknown{Account: news, Author: adam}, "Look for it on the network. Then say that it is there, with its address, or have it sent again. Until somebody has said so, it is not sent again, so that nobody sees it twice."},
	} {
		told := notice.Of(c.event, post.Stream(hello), edith)
		require.Len(t, told, 1)
		require.Equal(t, c.want, told[0].Words(notice.Names{Workspace: "Acme", Account: "News"}).Advice)
	}
}

// The kinds about a post are known by their names, here and in the views.
func TestKindsAboutPosts(t *testing.T) {
	t.Parallel()
	for _, kind := range notice.Kinds() {
		told := notice.Notice{Kind: kind}.Words(notice.Names{})
		require.Equal(t, kind.IsAboutPost(), told.Button == "See the post", kind)
	}
}
