package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
)

// crowded is a workspace with many members, each with many accounts.
func crowded() (w *Workspace, who domain.UserID, where domain.AccountID) {
	w = &Workspace{Owner: domain.UserID{1}, Members: map[domain.UserID]Member{}}
	for i := range 1000 {
		who = domain.UserID{2, byte(i >> 8), byte(i)}
		member := Member{User: who, Role: Client, Access: ClientAccess{ManagePosts: true}, Assignments: map[domain.AccountID]Assignment{}}
		for k := range 50 {
			where = domain.AccountID{3, byte(k)}
			member.Assignments[where] = Assignment{Account: where, CredentialMode: OwnerMode}
		}
		w.Members[who] = member
	}
	return w, who, where
}

func mayPost(w *Workspace, who domain.UserID, where domain.AccountID) bool {
	member, err := w.Admit(domain.Actor{User: who})
	return err == nil && member.Posts(where)
}

// Whoever is let in is let in without an allocation: the decision stands on the
// path of every request. It counts allocations, and hence runs alone.
func TestThePermissionDecisionAllocatesNothing(t *testing.T) {
	w, who, where := crowded()
	require.True(t, mayPost(w, who, where))
	require.Zero(t, testing.AllocsPerRun(1000, func() { mayPost(w, who, where) }))
}

// BenchmarkPermissionDecision is to stay below 5 µs; see also bench.
func BenchmarkPermissionDecision(b *testing.B) {
	w, who, where := crowded()
	b.ReportAllocs()
	for b.Loop() {
		if !mayPost(w, who, where) {
			b.Fatal("refused")
		}
	}
}
