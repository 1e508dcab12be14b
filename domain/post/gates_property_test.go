package post_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/catalog"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/outcome"
	"behalf/domain/post/planning"
	"behalf/domain/post/review"
	"behalf/domain/post/sending"
	"behalf/domain/post/writing"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

// office is a workspace in which people write, change, approve and decline one
// post after another, while what they may changes.
type office struct {
	log    *scenario.Log
	told   []domain.Change // everything that has happened, in order
	now    time.Time
	posts  byte
	byHand bool // what is due is posted by people
}

func (o *office) happens(changes ...domain.Change) {
	o.log.Append(changes...)
	o.told = append(o.told, changes...)
}

// tries lets somebody issue a command, and the log take what it is answered with.
func (o *office) tries(by domain.Actor, command any) {
	by.Now = o.now
	if decision := o.log.Decide(scenario.Acme, by, command); decision.Err == nil {
		o.happens(decision.Changes...)
	}
}

var (
	everybody = []domain.Actor{posts.Owner, posts.Admin, posts.Editor, posts.Client, scenario.As(posts.Dora)}
	everyRole = []workspace.Role{workspace.Admin, workspace.Editor, workspace.Client}
)

func drawMember(t *rapid.T, of domain.UserID) []domain.Change {
	role := rapid.SampledFrom(everyRole).Draw(t, "role")
	var assignments []workspace.Assignment
	for _, on := range []domain.AccountID{scenario.News, scenario.Blog} {
		if rapid.IntRange(0, 4).Draw(t, "assigned") == 0 {
			continue
		}
		assignment := acme.Gives(on, workspace.OwnerMode)
		switch role {
		case workspace.Editor:
			assignment.PostingLevel = rapid.SampledFrom([]workspace.PostingLevel{workspace.Full, workspace.ApprovalRequired}).Draw(t, "level")
		case workspace.Client:
			assignment.ApprovesPosts = rapid.Bool().Draw(t, "approves")
		}
		assignments = append(assignments, assignment)
	}
	return acme.Joined(of, role, acme.Writes, assignments...)
}

func drawContent(t *rapid.T) post.Content {
	content := post.Content{Text: rapid.SampledFrom([]string{"one", "two", "three"}).Draw(t, "text")}
	for _, on := range []domain.AccountID{scenario.News, scenario.Blog} {
		if rapid.Bool().Draw(t, "there") {
			content.Targets = append(content.Targets, post.Destination{Account: on})
		}
	}
	return content
}

// step is one thing that somebody does, or that happens to the workspace.
func (o *office) step(t *rapid.T) {
	o.now = o.now.Add(time.Duration(rapid.IntRange(0, 6).Draw(t, "minutes")) * time.Minute)
	by := rapid.SampledFrom(everybody).Draw(t, "who")
	id := domain.PostID{0: 5, 15: byte(rapid.IntRange(1, int(o.posts)).Draw(t, "post"))}
	p := o.log.State(post.Stream(id)).(*post.Post)
	at := o.now.Add(time.Duration(rapid.IntRange(1, 12).Draw(t, "ahead")) * time.Minute)
	on := rapid.SampledFrom([]domain.AccountID{scenario.News, scenario.Blog}).Draw(t, "account")
	switch rapid.IntRange(0, 15).Draw(t, "what") {
	case 0:
		o.tries(by, writing.CreateDraft{Post: id, Content: drawContent(t)})
	case 1:
		o.tries(by, planning.SchedulePost{Post: id, Content: drawContent(t), At: at})
	case 2:
		o.tries(by, planning.PublishPost{Post: id, Content: drawContent(t)})
	case 3:
		o.tries(by, planning.SchedulePost{Post: id, At: at})
	case 4:
		o.tries(by, planning.SubmitPost{Post: id})
	case 5:
		o.tries(by, writing.EditPost{Post: id, Content: drawContent(t)})
	case 6, 7:
		for _, one := range everybody {
			o.tries(one, review.ApprovePost{Post: id, Revision: p.Revision})
		}
	case 8:
		o.tries(by, review.DeclinePost{Post: id, Revision: p.Revision, Note: "no"})
	case 9:
		o.tries(by, planning.ReschedulePost{Post: id, At: at})
	case 10:
		o.tries(by, planning.UnschedulePost{Post: id})
		o.tries(by, planning.PublishTargetNow{Post: id, Account: on})
	case 11: // a member becomes something else, or the account asks all Clients
		if by.User == scenario.Olivia {
			o.happens(acme.In(workspace.ClientApprovalChanged{Account: on, To: rapid.SampledFrom([]workspace.ClientApproval{workspace.AnyClient, workspace.AllClients}).Draw(t, "how many")})...)
		} else {
			o.happens(drawMember(t, by.User)...)
		}
	case 12:
		if p.Targets[on].State == post.HandedOver {
			o.now = p.Targets[on].Deadline.Add(1)
		}
		o.tries(posts.System, sending.MissTarget{Post: id, Account: on})
	case 13:
		for _, one := range everybody {
			o.tries(one, ending.ResolveUnknown{Post: id, Account: on})
		}
	case 14:
		o.byHand = !o.byHand
		o.tries(posts.System, sending.ResumeTarget{Post: id, Account: on})
	case 15:
		o.tries(posts.System, writing.PassToOwner{Post: id, Author: by.User})
	}
	for _, on := range []domain.AccountID{scenario.News, scenario.Blog} {
		if o.byHand {
			o.tries(posts.System, sending.HandOver{Post: id, Account: on})
		}
		o.tries(posts.System, sending.ClaimTarget{Post: id, Account: on, Life: time.Minute})
		if target := o.log.State(post.Stream(id)).(*post.Post).Targets[on]; target.State == post.Claimed {
			o.tries(posts.System, drawEnd(t, outcome.AttemptRef{Post: id, Account: on, Attempt: target.Attempt}, o.now))
		}
	}
}

// drawEnd is what an attempt comes to.
func drawEnd(t *rapid.T, ref outcome.AttemptRef, now time.Time) any {
	switch rapid.IntRange(0, 5).Draw(t, "end") {
	case 0:
		return outcome.RecordUnknown{AttemptRef: ref}
	case 1:
		return outcome.FailTarget{AttemptRef: ref, Code: "rejected"}
	case 2:
		return outcome.HoldTarget{AttemptRef: ref, Code: "ExpiredToken"}
	case 3:
		return outcome.ReleaseTarget{AttemptRef: ref, Code: "absent", NotBefore: now.Add(time.Minute)}
	default:
		return outcome.RecordPublished{AttemptRef: ref, Remote: "1"}
	}
}

// R50-R54: whatever happens, nothing is sent without what its writers' posts
// need, given to this very revision by whom it is for, and never by its author;
// nor is anybody asked to post it by hand.
func TestNothingIsSentWithoutItsApprovals(t *testing.T) {
	t.Parallel()
	sent, approved := 0, 0
	const rounds = 10 // chance may draw no approval in one
	for round := 0; approved == 0 && round < rounds; round++ {
		rapid.Check(t, func(t *rapid.T) {
			o := &office{log: scenario.NewLog(catalog.Aggregates()...), now: posts.Now, posts: 3}
			o.happens(acme.Founded()...)
			for _, by := range everybody[1:] {
				o.happens(drawMember(t, by.User)...)
			}
			for _, on := range []domain.AccountID{scenario.News, scenario.Blog} {
				o.happens(domain.On(account.Stream(on), account.Connected{
					Workspace: scenario.Acme, Network: "sandbox", Remote: "x", Connection: domain.ConnectionID{15: on[15]}, Holder: scenario.Olivia,
				})...)
			}
			for range rapid.IntRange(20, 80).Draw(t, "steps") {
				o.step(t)
			}
			for i, change := range o.told {
				switch e := change.Event.(type) {
				case post.TargetClaimed:
					sent++
					approved += oracle(t, o.told[:i], change.Stream, e.Account, e.Revision)
				case post.TargetHandedOver:
					oracle(t, o.told[:i], change.Stream, e.Account, 0)
				}
			}
		})
	}
	require.NotZero(t, sent, "something is sent")
	require.NotZero(t, approved, "some of it after an approval")
}
