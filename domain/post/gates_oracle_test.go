package post_test

import (
	"slices"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// told is what an oracle knows of a post when a target is claimed. It reads the
// log alone, and asks nothing of the code that decides.
type told struct {
	w        workspace.Workspace // as of the event that is looked at
	author   domain.UserID       // of the post
	whose    domain.UserID       // the target's author
	own      bool                // who approved was one of them
	reviser  domain.UserID
	revision int
	need     []post.Gate                   // as of when the target was planned, or changed since
	given    map[post.Gate][]domain.UserID // to this revision, since it was declined last
	enough   map[post.Gate]bool            // by those who approved when somebody did
}

// oracle reads the whole log up to a claim of this revision, or up to where a
// target is handed over (0), and requires that every gate was passed; it answers
// how many there were.
func oracle(t *rapid.T, log []domain.Change, stream domain.Stream, on domain.AccountID, revision int) int {
	k := told{given: map[post.Gate][]domain.UserID{}, enough: map[post.Gate]bool{}}
	for _, change := range log {
		switch {
		case change.Stream.Category == domain.WorkspaceStreams:
			k.w.Evolve(change.Event)
		case change.Stream == stream:
			k.take(change.Event, on)
		}
	}
	if revision > 0 {
		require.Equal(t, k.revision, revision, "the latest revision is sent")
	}
	for _, gate := range k.need {
		require.True(t, k.enough[gate], "%s was sent without the %s's approval of revision %d", on, gate, k.revision)
	}
	require.False(t, k.own, "nobody approves their own post (R53)")
	return len(k.need)
}

func (k *told) take(event domain.Event, on domain.AccountID) {
	switch e := event.(type) {
	case post.Written:
		k.author, k.whose, k.reviser, k.revision = e.Author, e.Author, e.Author, 1
	case post.Passed:
		k.pass(e, on)
	case post.Edited:
		if slices.Contains(e.Added, on) {
			k.whose = k.author
		}
		k.reviser, k.revision = e.By, e.Revision
		k.void()
		k.plan(on)
	case post.Scheduled:
		if len(e.Accounts) == 0 || slices.Contains(e.Accounts, on) {
			k.plan(on)
		}
	case post.Declinement:
		if slices.Contains(e.Accounts, on) {
			k.void()
		}
	case post.Approved:
		if e.Revision == k.revision && slices.Contains(e.Accounts, on) {
			k.approve(e.By, on)
		}
	}
}

func (k *told) void() { k.given, k.enough = map[post.Gate][]domain.UserID{}, map[post.Gate]bool{} }

// pass makes it the Owner's; what had to be approved still has to be (R61).
func (k *told) pass(e post.Passed, on domain.AccountID) {
	if e.Whole {
		k.author = e.To
	}
	if slices.Contains(e.Accounts, on) {
		k.whose = e.To
	}
}

// plan is what the rules ask for at this moment (R10: not later).
func (k *told) plan(on domain.AccountID) {
	k.need = nil
	for _, writer := range []domain.UserID{k.whose, k.reviser} {
		member := k.w.Members[writer]
		if member.Role == workspace.Editor && member.Assignments[on].PostingLevel == workspace.ApprovalRequired {
			k.need = append(k.need, post.TeamGate)
		}
		if member.Role != workspace.Client && len(k.approvers(on)) > 0 {
			k.need = append(k.need, post.ClientGate)
		}
	}
	for _, gate := range []post.Gate{post.TeamGate, post.ClientGate} {
		k.enough[gate] = k.enough[gate] || k.suffices(gate, on)
	}
}

func (k *told) approvers(on domain.AccountID) (approve []domain.UserID) {
	for id, member := range k.w.Members {
		if member.Role == workspace.Client && member.Assignments[on].ApprovesPosts {
			approve = append(approve, id)
		}
	}
	return approve
}

// approve counts a yes for the gate that its giver stands at now.
func (k *told) approve(by domain.UserID, on domain.AccountID) {
	k.own = k.own || by == k.author || by == k.whose
	member := k.w.Members[by]
	_, assigned := member.Assignments[on]
	switch {
	case member.Role == workspace.Owner, member.Role == workspace.Admin && assigned:
		k.given[post.TeamGate] = append(k.given[post.TeamGate], by)
	case slices.Contains(k.approvers(on), by):
		k.given[post.ClientGate] = append(k.given[post.ClientGate], by)
	}
	for gate := range k.given {
		k.enough[gate] = k.enough[gate] || k.suffices(gate, on)
	}
}

// suffices: one of the team; one of the Clients, or all who approve now (R51).
func (k *told) suffices(gate post.Gate, on domain.AccountID) bool {
	given := k.given[gate]
	if gate == post.ClientGate && k.w.Accounts[on].Approval == workspace.AllClients {
		for _, id := range k.approvers(on) {
			if !slices.Contains(given, id) {
				return false
			}
		}
	}
	return len(given) > 0
}
