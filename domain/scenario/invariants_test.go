package scenario_test

import (
	"slices"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// check looks at everything that must hold after every command.
func (m *machine) check(t *rapid.T) {
	w := m.workspace()
	if !slices.Contains(m.owners, w.Owner) {
		m.owners = append(m.owners, w.Owner)
	}
	checkMembers(t, w)
	checkInvitations(t, w)
	checkAccounts(t, w)
	for _, id := range m.accounts {
		checkOutages(t, m.log.History(account.Stream(id)))
	}
	for _, id := range m.posts {
		checkAttempts(t, m.owners, m.log.History(post.Stream(id)))
		m.checkLives(t, id)
	}
}

func checkMembers(t *rapid.T, w *workspace.Workspace) {
	var owners int
	for user, member := range w.Members {
		require.Equal(t, user, member.User)
		if member.Role == workspace.Owner {
			owners++
			require.Equal(t, w.Owner, user)
			require.Empty(t, member.Assignments, "the Owner has every account and no mode (R42)")
		}
		for id, assignment := range member.Assignments {
			require.Equal(t, id, assignment.Account)
			require.Contains(t, w.Accounts, id, "an assignment is to an account of the workspace (R27)")
			checkAssignment(t, member.Role, member.Access, assignment)
		}
		checkFlags(t, member.Role, member.Access)
	}
	require.Equal(t, 1, owners, "exactly one Owner, always (R3)")
	if !w.OfferedTo.IsZero() {
		require.Contains(t, w.Members, w.OfferedTo, "the ownership is offered to a member (R11)")
		require.NotEqual(t, w.Owner, w.OfferedTo)
	}
}

func checkAssignment(t *rapid.T, role workspace.Role, access workspace.ClientAccess, assignment workspace.Assignment) {
	writes := role != workspace.Client || access.ManagePosts
	require.Equal(t, writes, assignment.CredentialMode != workspace.NoMode, "a mode goes with writing (R19, R33)")
	require.False(t, assignment.PostingLevel == workspace.ApprovalRequired && role != workspace.Editor, "levels are Editors' (R50)")
	require.False(t, assignment.ApprovesPosts && role != workspace.Client, "approvals are Clients' (R18)")
}

func checkFlags(t *rapid.T, role workspace.Role, access workspace.ClientAccess) {
	require.False(t, access.ManagePosts && role != workspace.Client, "manage_posts is a Client's (R17)")
	require.False(t, access.AddAccounts && role != workspace.Client && role != workspace.Admin, "add_accounts is a Client's or an Admin's (R7, R16)")
}

func checkInvitations(t *rapid.T, w *workspace.Workspace) {
	pending := map[domain.UserID]int{}
	for _, invitation := range w.Invitations {
		if invitation.Status == workspace.Pending {
			pending[invitation.Person]++
			require.Equal(t, 1, pending[invitation.Person], "one pending invitation per person (R24)")
			require.NotContains(t, w.Members, invitation.Person, "a member is not invited (R24)")
			for _, assignment := range invitation.Offer.Assignments {
				checkAssignment(t, invitation.Role, invitation.Offer.Access, assignment)
			}
			checkFlags(t, invitation.Role, invitation.Offer.Access)
		}
	}
}

func checkAccounts(t *rapid.T, w *workspace.Workspace) {
	held := map[[2]string]bool{}
	for _, a := range w.Accounts {
		remote := [2]string{a.Network, a.Remote}
		require.False(t, held[remote], "a remote account is held once (R46)")
		held[remote] = true
	}
}

// checkOutages reads that nobody is asked twice in one outage (R44).
func checkOutages(t *rapid.T, history []domain.Event) {
	asked := map[domain.UserID]bool{}
	for _, event := range history {
		switch e := event.(type) {
		case account.Connected:
			asked[e.Holder] = false
		case account.ReauthenticationNeeded:
			require.False(t, asked[e.Holder], "once per outage (R44)")
			asked[e.Holder] = true
		}
	}
}

// checkAttempts reads from a post's events alone that no target ever had two
// live claims, that none was sent again after it was live, and whose connection
// the claims used.
func checkAttempts(t *rapid.T, owners []domain.UserID, history []domain.Event) {
	author := history[0].(post.Written).Author
	running, live := map[domain.AccountID]domain.AttemptID{}, map[domain.AccountID]bool{}
	ended := func(id domain.AccountID, attempt domain.AttemptID) {
		require.Equal(t, running[id], attempt, "only the running attempt ends (R59)")
		delete(running, id)
	}
	for _, event := range history {
		switch e := event.(type) {
		case post.TargetClaimed:
			require.NotContains(t, running, e.Account, "never two live claims (R59)")
			require.False(t, live[e.Account], "what is live is not sent again (R59)")
			require.Contains(t, append(slices.Clone(owners), author), e.Holder)
			running[e.Account] = e.Attempt
		case post.TargetPublished:
			require.False(t, live[e.Account], "published once (R59)")
			live[e.Account] = true
			delete(running, e.Account)
		case post.TargetReleased:
			ended(e.Account, e.Attempt)
		case post.TargetFailed:
			ended(e.Account, e.Attempt)
		case post.TargetUnknown:
			ended(e.Account, e.Attempt)
		case post.TargetNeedsReauthentication:
			ended(e.Account, e.Attempt)
		case post.TargetMissed, post.TargetScheduled:
			require.False(t, live[accountOf(event)])
			require.NotContains(t, running, accountOf(event))
		}
	}
}

func accountOf(event domain.Event) domain.AccountID {
	if e, ok := event.(post.TargetScheduled); ok {
		return e.Account
	}
	return event.(post.TargetMissed).Account
}

// next lists where a target's life may go from each state in one command.
// Whatever else it was, it is published once the network shows it (R59).
var next = map[post.TargetState][]post.TargetState{
	"":                         {post.Waiting, post.Due},
	post.Draft:                 {post.Published},
	post.Waiting:               {post.Missed, post.Published, post.Draft, post.Unknown}, // a draft, where its author is gone (R61); unknown by a restored log (R69)
	post.Due:                   {post.Claimed, post.NeedsReauthentication, post.Missed, post.Failed, post.Published, post.Unknown},
	post.Claimed:               {post.Due, post.Failed, post.Unknown, post.NeedsReauthentication, post.Published},
	post.NeedsReauthentication: {post.Due, post.Published, post.Missed, post.Unknown}, // missed, where its author is gone (R61)
	post.Missed:                {post.Due, post.Published, post.Unknown},
	post.Failed:                {post.Due, post.Published, post.Unknown},
	post.Unknown:               {post.Published},
	post.Published:             {},
}

// checkLives compares each target's state with the last look's.
func (m *machine) checkLives(t *rapid.T, id domain.PostID) {
	now := m.log.State(post.Stream(id)).(*post.Post)
	for at, target := range now.Targets {
		was := m.before[id].Targets[at].State
		if target.State != was && !slices.Contains(next[was], target.State) {
			require.Failf(t, "a target's life took a way that there is not", "%q → %q", was, target.State)
		}
	}
	m.before[id] = *now
}
