package credential

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/scenario"
	"behalf/domain/workspace"
)

// plain is a Client in mode owner whose Owner is connected.
var plain = situation{
	isMember: true, role: workspace.Client, writes: true, assigned: true, mode: workspace.OwnerMode, network: true,
	owners:  holding{state: account.Active, identity: "owner's identity"},
	authors: holding{state: account.Active, identity: "author's identity"},
}

func TestResolve(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change   func(s *situation)
		holder   domain.UserID
		state    account.ConnectionState
		identity string
		rules    []domain.Rule
	}{
		"mode owner (R34)": {
			func(*situation) {},
			scenario.Olivia, account.Active, "owner's identity", []domain.Rule{domain.R34, domain.R35, domain.R36},
		},
		"mode owner, the Owner's identity is not overridden (R36)": {
			func(s *situation) { s.override = "override" },
			scenario.Olivia, account.Active, "owner's identity", []domain.Rule{domain.R34, domain.R35, domain.R36},
		},
		"mode owner, the Owner never connected (R67)": {
			func(s *situation) { s.owners = holding{state: account.Missing} },
			scenario.Olivia, account.Missing, "", []domain.Rule{domain.R34, domain.R35, domain.R36},
		},
		"mode member (R37)": {
			func(s *situation) { s.mode = workspace.MemberMode },
			scenario.Carl, account.Active, "author's identity", []domain.Rule{domain.R37, domain.R38, domain.R39},
		},
		"mode member, overridden (R39)": {
			func(s *situation) { s.mode, s.override = workspace.MemberMode, "override" },
			scenario.Carl, account.Active, "override", []domain.Rule{domain.R37, domain.R38, domain.R39},
		},
		"mode member, not connected, although the Owner is": {
			func(s *situation) { s.mode, s.authors = workspace.MemberMode, holding{state: account.Missing} },
			scenario.Carl, account.Missing, "", []domain.Rule{domain.R37, domain.R38, domain.R39},
		},
		"mode member, dead, although the Owner's works": {
			func(s *situation) {
				s.mode, s.authors = workspace.MemberMode, holding{state: account.NeedsReauthentication}
			},
			scenario.Carl, account.NeedsReauthentication, "", []domain.Rule{domain.R37, domain.R38, domain.R39},
		},
		"the author was removed (R61)": {
			func(s *situation) { s.isMember, s.mode, s.override = false, workspace.MemberMode, "override" },
			scenario.Olivia, account.Active, "owner's identity", []domain.Rule{domain.R61, domain.R42},
		},
		"the Owner's own post (R42)": {
			func(s *situation) { s.isOwner, s.override = true, "override" },
			scenario.Olivia, account.Active, "override", []domain.Rule{domain.R42, domain.R36},
		},
		"a network without identities (R40)": {
			func(s *situation) { s.network, s.mode, s.override = false, workspace.MemberMode, "override" },
			scenario.Carl, account.Active, "", []domain.Rule{domain.R37, domain.R38, domain.R39},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := plain
			tc.change(&s)
			w, a, author := build(s)
			got, err := Resolve(w, scenario.Blog, a, author, s.override)
			require.NoError(t, err)
			require.Equal(t, tc.holder, got.Holder)
			require.Equal(t, tc.state, got.State)
			require.Equal(t, tc.identity, got.Identity)
			require.Equal(t, tc.rules, got.Rules)
		})
	}
}

// R61: whichever way the author lost the account, from that event on the post
// is resolved as the Owner's, without the author's identity.
func TestResolveFollowsEveryWithdrawal(t *testing.T) {
	t.Parallel()
	s := plain
	s.mode, s.override = workspace.MemberMode, "override"
	_, _, carl := build(s)
	for _, withdrawal := range []workspace.Withdrawal{
		workspace.MemberRemoved{Member: carl}, workspace.MemberLeft{Member: carl},
		workspace.AccountUnassigned{Member: carl, Account: scenario.Blog},
		workspace.ClientAccessChanged{Member: carl, From: workspace.ClientAccess{ManagePosts: true}},
		workspace.RoleChanged{Member: carl, From: workspace.Client, To: workspace.Client, Assignments: []workspace.Assignment{{Account: scenario.Blog}}},
	} {
		w, a, author := build(s)
		before, err := Resolve(w, scenario.Blog, a, author, s.override)
		require.NoError(t, err)
		require.Equal(t, carl, before.Holder)

		withdrawn, is := withdrawal.Withdraws()
		require.True(t, is)
		require.Equal(t, carl, withdrawn.Member)
		w.Evolve(withdrawal)
		got, err := Resolve(w, scenario.Blog, a, author, s.override)
		require.NoError(t, err)
		want, rule := lookUp(situation{network: true, override: s.override, owners: s.owners, authors: s.authors})
		require.Equal(t, domain.R61, rule)
		require.Equal(t, scenario.Olivia, got.Holder, withdrawal.EventType())
		require.Equal(t, want.mode, got.Mode)
		require.Equal(t, want.identity, got.Identity)
		require.Equal(t, domain.R61, got.Rules[0])
	}
}

func TestResolveAccountThatIsNotHeld(t *testing.T) {
	t.Parallel()
	w, a, author := build(plain)
	_, err := Resolve(w, scenario.Lost, a, author, "")
	require.ErrorIs(t, err, domain.R27)
}

// R49: after a transfer, "the Owner's connection" is the new Owner's.
func TestResolveFollowsTheOwner(t *testing.T) {
	t.Parallel()
	w, a, author := build(plain)
	w.Evolve(workspace.OwnershipTransferred{From: scenario.Olivia, To: scenario.Edith})
	got, err := Resolve(w, scenario.Blog, a, author, "")
	require.NoError(t, err)
	require.Equal(t, scenario.Edith, got.Holder)
	require.Equal(t, connectionOf(scenario.Edith), got.Connection)
}
