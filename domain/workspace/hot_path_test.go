package workspace_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/workspace"
)

// crowded is a workspace with many members, each with many accounts.
func crowded() (w *workspace.Workspace, who domain.UserID, where domain.AccountID) {
	w = &workspace.Workspace{Owner: domain.UserID{1}, Members: map[domain.UserID]workspace.Member{}}
	for i := range 1000 {
		who = domain.UserID{2, byte(i >> 8), byte(i)}
		member := workspace.Member{User: who, Role: workspace.Client, Access: workspace.ClientAccess{ManagePosts: true}, Assignments: map[domain.AccountID]workspace.Assignment{}}
		for k := range 50 {
			where = domain.AccountID{3, byte(k)}
			member.Assignments[where] = workspace.Assignment{Account: where, CredentialMode: workspace.OwnerMode}
		}
		w.Members[who] = member
	}
	return w, who, where
}

func mayPost(w *workspace.Workspace, who domain.UserID, where domain.AccountID) bool {
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
