package notice

import (
	"slices"

	"behalf/domain"
	"behalf/domain/post"
)

// ofPost is who is told of what happens to a post. Whoever waits for somebody
// else's act is told when it comes; whoever has to act is asked; who did it
// themselves is told nothing.
func ofPost(event domain.Event, id domain.PostID, by domain.UserID) []Notice {
	told := tellings{post: id, by: by}
	switch e := event.(type) {
	case post.Scheduled:
		details := Details{Until: e.At}
		if e.OnApproval {
			details.Change = ByItself
		}
		told.all(PostWaiting, e.Asked, gated(e.Gates), details)
	case post.Edited:
		told.all(PostWaiting, e.Asked, waitingIn(e), Details{Change: Revised})
	case post.ApprovalReminded:
		told.all(PostReminder, e.Asked, e.Accounts, Details{})
	case post.Approved:
		if len(e.Passed) > 0 { // one of several Clients who all have to approve changes nothing yet (R51)
			details := Details{}
			if len(e.Gates) > 0 {
				details.Change = InPart
			}
			told.one(PostApproved, e.Author, e.Passed, details)
		}
	case post.Declinement:
		told.one(PostDeclined, e.Author, e.Accounts, Details{})
	default:
		told.ofTarget(event)
	}
	return told.notices
}

func (t *tellings) ofTarget(event domain.Event) {
	switch e := event.(type) {
	case post.TargetTroubled:
		t.one(PostTrouble, e.To, on(e.Account), Details{Change: cause(e.Rights), Why: e.Detail})
	case post.TargetHandedOver:
		t.one(PostHandedOver, e.To, on(e.Account), Details{Until: e.Deadline})
	case post.TargetFailed:
		if e.Holder != e.Author {
			t.one(PostFailed, e.Holder, on(e.Account), Details{Change: OfRights, Why: e.Detail})
		}
		t.one(PostFailed, e.Author, on(e.Account), Details{Change: cause(!e.Holder.IsZero() && e.Holder == e.Author), Why: e.Detail})
	case post.TargetMissed:
		t.one(PostMissed, e.Author, on(e.Account), Details{Why: e.Detail})
	case post.TargetUnknown:
		t.one(PostUnknown, e.Author, on(e.Account), Details{Why: e.Detail})
		if e.Owner != e.Author {
			t.one(PostUnknown, e.Owner, on(e.Account), Details{Why: e.Detail})
		}
	case post.TargetUnresolved:
		t.one(PostUnknown, e.Author, on(e.Account), Details{Change: Still})
		if e.Owner != e.Author {
			t.one(PostUnknown, e.Owner, on(e.Account), Details{Change: Still})
		}
	case post.TargetDeletionFailed:
		t.one(PostKept, e.By, on(e.Account), Details{Why: e.Detail})
	}
}

// tellings gathers what one event on a post's stream tells.
type tellings struct {
	post    domain.PostID
	by      domain.UserID
	notices []Notice
}

// one tells somebody about some of the post's accounts. Nobody is told what they
// did, nor is nobody: the first versions of some events do not name whose the
// post is.
func (t *tellings) one(kind Kind, to domain.UserID, accounts []domain.AccountID, details Details) {
	if to.IsZero() || to == t.by {
		return
	}
	details.Posts = []domain.PostID{t.post}
	n := Notice{Kind: kind, To: to, Details: details}
	if len(accounts) == 1 {
		n.Account = accounts[0]
	}
	t.notices = append(t.notices, n)
}

func (t *tellings) all(kind Kind, to []domain.UserID, accounts []domain.AccountID, details Details) {
	for _, person := range to {
		t.one(kind, person, accounts, details)
	}
}

func cause(rights bool) Change {
	if rights {
		return OfRights
	}
	return OfContent
}

func on(account domain.AccountID) []domain.AccountID { return []domain.AccountID{account} }

func gated(gates map[domain.AccountID][]post.Gate) (accounts []domain.AccountID) {
	for account, open := range gates {
		if len(open) > 0 {
			accounts = append(accounts, account)
		}
	}
	return accounts
}

// waitingIn are the accounts on which an edited post is to go out once it is
// approved.
func waitingIn(e post.Edited) []domain.AccountID {
	return slices.DeleteFunc(gated(e.Gates), func(account domain.AccountID) bool { return !slices.Contains(e.Planned, account) })
}
