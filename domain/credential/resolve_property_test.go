package credential

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
)

// Whatever the situation, the answer is the rule book's.
func TestResolveFollowsTheRuleBook(t *testing.T) {
	t.Parallel()
	for s := range everySituation {
		w, a, author := build(s)

		got, err := Resolve(w, scenario.Blog, a, author, s.override)
		require.NoError(t, err)

		want, rule := lookUp(s)
		holder, connection := scenario.Olivia, connectionOf(scenario.Olivia)
		if want.through == "author" {
			holder, connection = author, connectionOf(author)
		}
		state := s.holding(want.through).state
		if state == account.Missing {
			connection = domain.ConnectionID{}
		}
		require.Equal(t, want.mode, got.Mode, "%+v", s)
		require.Equal(t, holder, got.Holder)
		require.Equal(t, connection, got.Connection)
		require.Equal(t, state, got.State)
		require.Equal(t, want.identity, got.Identity)
		require.Equal(t, want.goesOut, got.GoesOut())
		require.Equal(t, s.byHand, got.ByHand)
		require.Contains(t, got.Rules, rule, "it names the rule that decided")
	}
}

// What must never happen, stated on its own: it holds whatever the rule book says.
func TestResolveNeverBetrays(t *testing.T) {
	t.Parallel()
	for s := range everySituation {
		w, a, author := build(s)
		got, err := Resolve(w, scenario.Blog, a, author, s.override)
		require.NoError(t, err)

		require.Contains(t, []domain.UserID{w.Owner, author}, got.Holder, "never another member's connection")
		require.False(t, got.Mends().IsZero(), "somebody mends it (R44)")
		require.Equal(t, got.Holder, got.Mends(), "and that is whose it is (R35, R38)")
		require.Equal(t, a.ConnectionOf(got.Holder).State == account.Active, got.Usable(), "usable is active and nothing else (R44)")

		held, assigned := w.Members[author].Assignments[scenario.Blog]
		if author != w.Owner && assigned && held.CredentialMode == workspace.MemberMode && w.Members[author].MayWrite() == nil {
			require.Equal(t, author, got.Holder, "mode member never falls back to the Owner's connection")
		} else {
			require.Equal(t, w.Owner, got.Holder, "and only mode member leaves the Owner's connection")
		}
		if !w.Accounts[scenario.Blog].HasIdentities {
			require.Empty(t, got.Identity, "no identity where the network has none (R40)")
		}
		if got.Mode == workspace.OwnerMode && author != w.Owner {
			require.NotEqual(t, "override", got.Identity, "the Owner's identity is the Owner's to choose (R36)")
		}
	}
}

// Changing the mode is all that it takes: nothing else is remembered (R33, R42).
func TestModeIsReadWhenResolving(t *testing.T) {
	t.Parallel()
	every := slices.Collect(everySituation)
	require.Len(t, every, 110592)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.SampledFrom(every).Draw(t, "situation")
		s.isOwner, s.isMember, s.assigned, s.role = false, true, true, workspace.Editor
		w, a, author := build(s)
		modes := []workspace.CredentialMode{workspace.MemberMode, workspace.OwnerMode}
		for _, mode := range rapid.SliceOf(rapid.SampledFrom(modes)).Draw(t, "modes") {
			w.Evolve(workspace.CredentialModeChanged{Member: author, Account: scenario.Blog, To: mode})
			got, err := Resolve(w, scenario.Blog, a, author, s.override)
			require.NoError(t, err)
			require.Equal(t, mode, got.Mode)
			require.Equal(t, mode == workspace.MemberMode, got.Holder == author)
		}
	})
}

// everySituation counts through all of them: each option is a digit of n.
func everySituation(yield func(situation) bool) {
	for n := 0; ; n++ {
		rest := n
		choose := func(options int) int {
			digit := rest % options
			rest /= options
			return digit
		}
		s := situation{
			transferred: choose(2) == 1, added: choose(2) == 1,
			isOwner: choose(2) == 1, isMember: choose(2) == 1, writes: choose(2) == 1, assigned: choose(2) == 1, network: choose(2) == 1, byHand: choose(2) == 1,
			role:     []workspace.Role{workspace.Admin, workspace.Editor, workspace.Client}[choose(3)],
			mode:     []workspace.CredentialMode{workspace.OwnerMode, workspace.MemberMode}[choose(2)],
			override: []string{"", "override"}[choose(2)],
			owners:   holdings("owner's identity")[choose(6)],
			authors:  holdings("author's identity")[choose(6)],
		}
		if rest > 0 || !yield(s) {
			return
		}
	}
}

func holdings(identity string) [6]holding {
	return [6]holding{
		{state: account.Missing}, {state: account.Revoked},
		{state: account.Active}, {state: account.Active, identity: identity},
		{state: account.NeedsReauthentication}, {state: account.NeedsReauthentication, identity: identity},
	}
}

// build makes the histories that a situation describes. A third member is in
// mode member with a connection that works, in every one of them.
func build(s situation) (workspace.Workspace, account.Account, domain.UserID) {
	author := scenario.Carl
	if s.isOwner {
		author = scenario.Olivia
	}
	var w workspace.Workspace
	for _, event := range founded(s, author) {
		w.Evolve(event)
	}
	w.Evolve(workspace.InvitationAccepted{
		Member: scenario.Edith, Role: workspace.Editor,
		Assignments: []workspace.Assignment{{Account: scenario.Blog, CredentialMode: workspace.MemberMode}},
	})
	if s.isMember && !s.isOwner {
		joined := workspace.InvitationAccepted{Member: author, Role: s.role, Access: workspace.ClientAccess{ManagePosts: s.writes}}
		if s.assigned {
			joined.Assignments = []workspace.Assignment{{Account: scenario.Blog, CredentialMode: s.mode}}
		}
		w.Evolve(joined)
	}
	var a account.Account
	connect(&a, scenario.Edith, holding{state: account.Active, identity: "a third one's identity"})
	connect(&a, scenario.Adam, holding{state: account.Active, identity: "the old Owner's identity"})
	connect(&a, scenario.Olivia, s.owners)
	if !s.isOwner {
		connect(&a, author, s.authors)
	}
	return w, a, author
}

// founded is how the workspace came to be Olivia's, and the account into it.
func founded(s situation, author domain.UserID) []domain.Event {
	by := scenario.Edith
	if s.added {
		by = author
	}
	added := workspace.AccountAdded{Account: scenario.Blog, AddedBy: by, HasIdentities: s.network, ByHand: s.byHand}
	if !s.transferred {
		return []domain.Event{workspace.Created{Owner: scenario.Olivia}, added}
	}
	return []domain.Event{
		workspace.Created{Owner: scenario.Adam}, added,
		workspace.InvitationAccepted{Member: scenario.Olivia, Role: workspace.Admin},
		workspace.OwnershipOffered{To: scenario.Olivia},
		workspace.OwnershipTransferred{
			From: scenario.Adam, To: scenario.Olivia,
			Assignments: []workspace.Assignment{{Account: scenario.Blog, CredentialMode: workspace.MemberMode}},
		},
	}
}

func connect(a *account.Account, holder domain.UserID, h holding) {
	if h.state == account.Missing {
		return
	}
	a.Evolve(account.Connected{Workspace: scenario.Acme, Connection: connectionOf(holder), Holder: holder, Identity: h.identity})
	switch h.state {
	case account.Revoked:
		a.Evolve(account.Disconnected{Holder: holder, Connection: connectionOf(holder)})
	case account.NeedsReauthentication:
		a.Evolve(account.ReauthenticationNeeded{Holder: holder, Connection: connectionOf(holder)})
	}
}

func connectionOf(holder domain.UserID) domain.ConnectionID { return domain.ConnectionID(holder) }
