package catalog

import (
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/planning"
	"behalf/domain/post/review"
	"behalf/domain/post/writing"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
)

// wrote is a post on an account, and what has happened to it since.
func wrote(author func(actor) domain.UserID, on domain.AccountID, private bool, since ...domain.Event) func(actor) []domain.Change {
	return func(a actor) []domain.Change {
		return domain.On(post.Stream(aPost), append([]domain.Event{post.Written{
			Workspace: scenario.Acme, Author: author(a), Content: personal.Workspace(scenario.Acme).Says(`{"text":"Hello"}`),
			Targets: []post.Place{{Account: on}}, Private: private,
		}}, since...)...)
	}
}

// iApprove: a Client who has News approves posts there.
func iApprove(a actor) []domain.Change {
	if a.role() != workspace.Client || len(a.joined[0].Event.(workspace.InvitationAccepted).Assignments) == 0 {
		return nil
	}
	return domain.On(workspace.Stream(scenario.Acme), workspace.ApprovalChanged{Member: a.user, Account: scenario.News, ApprovesPosts: true})
}

var (
	planned = post.Scheduled{Revision: 1, At: scenario.Now.Add(time.Hour)}
	shown   = post.TargetPublished{Account: scenario.News, Remote: "1"}
)

func waits(gate post.Gate) post.Scheduled {
	return post.Scheduled{Revision: 1, At: scenario.Now.Add(time.Hour), Gates: map[domain.AccountID][]post.Gate{scenario.News: {gate}}}
}

func ofPosts() map[string][]permission {
	const (
		ownDraft     = "yes yes yes yes R17 R17 yes yes R17"
		ownPlanned   = "yes yes yes yes R17 R17 yes yes R32"
		others       = "yes yes yes R28 R17 R17 yes yes R32"
		nobodySees   = "R32 R32 R32 R32 R32 R32 R32 R32 R32"
		whoSees      = "yes yes yes yes yes yes yes yes R32"
		onlyTheOwner = "yes R32 R32 R32 R32 R32 R32 R32 R32"
	)
	hello := post.Content{Text: "Hello again", Targets: []post.Destination{{Account: scenario.News}}}
	approve, decline := review.ApprovePost{Post: aPost, Revision: 1}, review.DeclinePost{Post: aPost, Revision: 1, Note: "Why?"}
	decides := func(command any) []permission {
		return []permission{
			{"somebody else's, that waits for the team", always(command), wrote(carls, scenario.News, false, waits(post.TeamGate)), "yes yes yes R50 R50 R50 R50 R50 R32"},
			{"somebody else's, that waits for a Client; who is one approves", always(command), both(iApprove, wrote(olivias, scenario.News, false, waits(post.ClientGate))), "R53 R51 R51 R51 yes yes yes yes R32"},
			{"one's own", always(command), wrote(mine, scenario.News, false, waits(post.TeamGate)), "R53 R53 R53 R53 R53 R53 R53 R53 R32"},
			{"one that does not wait", always(command), wrote(carls, scenario.News, false, planned), "R54 R54 R54 R50 R50 R50 R50 R50 R32"},
		}
	}
	return map[string][]permission{
		"CreateDraft": {{"to News", always(writing.CreateDraft{Content: hello}), nil, "yes yes yes yes R17 R17 yes yes R17"}},
		"EditPost": {
			{"one's own draft", always(writing.EditPost{Post: aPost, Content: hello}), wrote(mine, scenario.News, false), ownDraft},
			{"somebody else's draft", always(writing.EditPost{Post: aPost, Content: hello}), wrote(carls, scenario.News, false), others},
			{"somebody else's private draft", always(writing.EditPost{Post: aPost, Content: hello}), wrote(carls, scenario.News, true), nobodySees},
			{"one on Blog", always(writing.EditPost{Post: aPost, Content: hello}), wrote(carls, scenario.Blog, false, planned), onlyTheOwner},
		},
		"SubmitPost": {
			{"one's own, where Editors need approval", always(planning.SubmitPost{Post: aPost}), both(needsApproval, wrote(mine, scenario.News, false)), "R50 R50 R50 yes R17 R17 R50 R50 R17"},
		},
		"ReschedulePost": {
			{"one's own", always(planning.ReschedulePost{Post: aPost, At: scenario.Now.Add(2 * time.Hour)}), wrote(mine, scenario.News, false, planned), ownPlanned},
			{"somebody else's", always(planning.ReschedulePost{Post: aPost, At: scenario.Now.Add(2 * time.Hour)}), wrote(carls, scenario.News, false, planned), others},
		},
		"UnschedulePost": {
			{"one's own", always(planning.UnschedulePost{Post: aPost}), wrote(mine, scenario.News, false, planned), ownPlanned},
			{"somebody else's", always(planning.UnschedulePost{Post: aPost}), wrote(carls, scenario.News, false, planned), others},
		},
		"DeletePost": {
			{"one's own draft", always(ending.DeletePost{Post: aPost}), wrote(mine, scenario.News, false), ownDraft},
			{"somebody else's that was published", always(ending.DeletePost{Post: aPost}), wrote(carls, scenario.News, false, planned, shown), others},
		},
		"SharePost": {
			{"one's own", always(writing.SharePost{Post: aPost}), wrote(mine, scenario.News, true), "yes yes yes yes yes yes yes yes yes"},
			{"somebody else's", always(writing.SharePost{Post: aPost}), wrote(carls, scenario.News, true), nobodySees},
		},
		"KeepPrivate": {
			{"one's own", always(writing.KeepPrivate{Post: aPost}), wrote(mine, scenario.News, false), "yes yes yes yes yes yes yes yes yes"},
			{"somebody else's", always(writing.KeepPrivate{Post: aPost}), wrote(carls, scenario.News, false), "R31 R31 R31 R31 R31 R31 R31 R31 R32"},
		},
		"DuplicatePost": {
			{"somebody else's", always(writing.DuplicatePost{Original: aPost, Content: hello, Revision: 1}), wrote(carls, scenario.News, false), ownPlanned},
			{"one on Blog", always(writing.DuplicatePost{Original: aPost, Content: hello, Revision: 1}), wrote(carls, scenario.Blog, false), onlyTheOwner},
		},
		"CommentOnPost": {
			{"on News", always(review.CommentOnPost{Post: aPost, Text: "Nice"}), wrote(carls, scenario.News, false), whoSees},
			{"a private draft", always(review.CommentOnPost{Post: aPost, Text: "Nice"}), wrote(carls, scenario.News, true), nobodySees},
		},
		"DeleteComment": {
			{"one's own", always(review.DeleteComment{Post: aPost, Comment: domain.CommentID{15: 1}}), func(a actor) []domain.Change {
				return wrote(carls, scenario.News, false, post.Commented{Comment: domain.CommentID{15: 1}, By: a.user})(a)
			}, whoSees},
			{"somebody else's", always(review.DeleteComment{Post: aPost, Comment: domain.CommentID{15: 1}}), wrote(carls, scenario.News, false, post.Commented{Comment: domain.CommentID{15: 1}, By: scenario.Adam}), "R28 R28 R28 R28 R28 R28 R28 R28 R32"},
		},
		"ResolveUnknown": {
			{"one's own", always(ending.ResolveUnknown{Post: aPost, Account: scenario.News}), wrote(mine, scenario.News, false, planned, post.TargetUnknown{Account: scenario.News}), ownPlanned},
			{"somebody else's", always(ending.ResolveUnknown{Post: aPost, Account: scenario.News}), wrote(carls, scenario.News, false, planned, post.TargetUnknown{Account: scenario.News}), others},
		},
		"ConfirmPosted": {
			{"somebody else's that one was asked to post", always(ending.ConfirmPosted{Post: aPost, Account: scenario.News, URL: "https://example.com/1"}), func(a actor) []domain.Change {
				return wrote(carls, scenario.News, false, planned, handedOver(a.user))(a)
			}, whoSees},
			{"somebody else's that another one was asked to post", always(ending.ConfirmPosted{Post: aPost, Account: scenario.News, URL: "https://example.com/1"}), wrote(carls, scenario.News, false, planned, handedOver(scenario.Edith)), others},
		},
		"ApprovePost": decides(approve),
		"DeclinePost": decides(decline),
	}
}

func handedOver(to domain.UserID) post.TargetHandedOver {
	return post.TargetHandedOver{Account: scenario.News, To: to, Deadline: scenario.Now.Add(time.Hour)}
}

func olivias(actor) domain.UserID { return scenario.Olivia }

// R57: two members who publish to one account within a minute.
func aPostJustWentOut(actor) []domain.Change {
	return domain.On(account.Stream(scenario.News), account.SlotReserved{
		Post: domain.PostID{0: 0x05, 15: 0x21}, At: scenario.Now.Add(-time.Second), Decided: scenario.Now.Add(-time.Second),
	})
}
