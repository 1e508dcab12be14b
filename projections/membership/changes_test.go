package membership

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

// team1 is Acme with Carl, who has News in mode owner, and approves there.
func team1(more ...domain.Event) []domain.Change {
	return inAcme(append([]domain.Event{founded, newsAdded, blogAdded, invited(first), accepted(first)}, more...)...)
}

var (
	carlsRow = memberRow{
		Workspace: acme, User: carl, Role: workspace.Client, AddAccounts: true, ManagePosts: true, RequireTwoFactor: true, JoinedAt: at(5),
	}
	oliviasRow = memberRow{Workspace: acme, User: olivia, Role: workspace.Owner, JoinedAt: at(1)}
	carlOnNews = assignmentRow{
		Workspace: acme, User: carl, Account: news, PostingLevel: workspace.Full, ApprovesPosts: true, Mode: workspace.OwnerMode,
	}
)

func TestSettingsOfMembers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		event  domain.Event
		change func(m *memberRow, a *assignmentRow)
	}{
		"role": {
			workspace.RoleChanged{Member: carl, From: workspace.Client, To: workspace.Editor, Assignments: []workspace.Assignment{
				{Account: news, PostingLevel: workspace.ApprovalRequired, CredentialMode: workspace.MemberMode},
			}},
			func(m *memberRow, a *assignmentRow) {
				m.Role, m.AddAccounts, m.ManagePosts = workspace.Editor, false, false
				a.PostingLevel, a.ApprovesPosts, a.Mode = workspace.ApprovalRequired, false, workspace.MemberMode
			},
		},
		"manage_posts withdrawn": {
			workspace.ClientAccessChanged{Member: carl, From: access, To: workspace.ClientAccess{AddAccounts: true}},
			func(m *memberRow, a *assignmentRow) { m.ManagePosts, a.Mode = false, workspace.NoMode },
		},
		"add_accounts withdrawn": {
			workspace.ClientAccessChanged{Member: carl, From: access, To: workspace.ClientAccess{ManagePosts: true}},
			func(m *memberRow, _ *assignmentRow) { m.AddAccounts = false },
		},
		"adding withdrawn": {workspace.AddingAccountsWithdrawn{Member: carl}, func(m *memberRow, _ *assignmentRow) { m.AddAccounts = false }},
		"adding granted":   {workspace.AddingAccountsGranted{Member: carl}, func(*memberRow, *assignmentRow) {}},
		"auditor":          {workspace.AuditorGranted{Member: carl}, func(m *memberRow, _ *assignmentRow) { m.Auditor = true }},
		"no auditor":       {workspace.AuditorWithdrawn{Member: carl}, func(*memberRow, *assignmentRow) {}},
		"two-factor":       {workspace.TwoFactorRequired{Member: carl}, func(*memberRow, *assignmentRow) {}},
		"no two-factor":    {workspace.TwoFactorRequirementLifted{Member: carl}, func(m *memberRow, _ *assignmentRow) { m.RequireTwoFactor = false }},
		"level": {
			workspace.PostingLevelChanged{Member: carl, Account: news, To: workspace.ApprovalRequired},
			func(_ *memberRow, a *assignmentRow) { a.PostingLevel = workspace.ApprovalRequired },
		},
		"approval": {workspace.ApprovalChanged{Member: carl, Account: news}, func(_ *memberRow, a *assignmentRow) { a.ApprovesPosts = false }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, a := carlsRow, carlOnNews
			tc.change(&m, &a)
			g := given(t, record(team1(tc.event)...)...)
			then(g, members, oliviasRow, m)
			then(g, assignments, a)
		})
	}
}

// R61, R64: who is gone has no row and no assignment left.
func TestMembersWhoAreGone(t *testing.T) {
	t.Parallel()
	acmeRow := workspaceRow{Workspace: acme, Name: "Acme", Owner: olivia, Since: at(1), CreatedAt: at(1), Grace: 15}
	for _, gone := range []domain.Event{
		workspace.MemberRemoved{Member: carl, OfferLapsed: true}, workspace.MemberLeft{Member: carl, OfferLapsed: true},
	} {
		g := given(t, record(team1(workspace.OwnershipOffered{To: carl}, gone)...)...)
		then(g, members, oliviasRow)
		then(g, assignments)
		then(g, workspaces, acmeRow)
	}
	then(given(t, record(team1(workspace.AccountUnassigned{Member: carl, Account: news})...)...), assignments)
	then(given(t, record(team1(workspace.AccountRemoved{Account: news})...)...), assignments)
}

func TestOwnershipMoves(t *testing.T) {
	t.Parallel()
	offer := workspace.OwnershipOffered{To: carl}
	row := workspaceRow{Workspace: acme, Name: "Acme", Owner: olivia, Since: at(1), CreatedAt: at(1), Grace: 15, OfferedTo: carl}
	then(given(t, record(team1(offer)...)...), workspaces, row)
	row.OfferedTo = domain.UserID{}
	then(given(t, record(team1(offer, workspace.OwnershipOfferWithdrawn{To: carl})...)...), workspaces, row)
	then(given(t, record(team1(offer, workspace.OwnershipDeclined{By: carl})...)...), workspaces, row)

	g := given(t, record(team1(offer, workspace.OwnershipTransferred{
		From: olivia, To: carl, Assignments: []workspace.Assignment{{Account: news, CredentialMode: workspace.MemberMode}},
	})...)...)
	row.Owner, row.Since = carl, at(7)
	then(g, workspaces, row)
	then(g, members,
		memberRow{Workspace: acme, User: olivia, Role: workspace.Admin, JoinedAt: at(1)},
		memberRow{Workspace: acme, User: carl, Role: workspace.Owner, RequireTwoFactor: true, JoinedAt: at(5)},
	)
	then(g, assignments, assignmentRow{
		Workspace: acme, User: olivia, Account: news, PostingLevel: workspace.Full, Mode: workspace.MemberMode,
	})
}

func TestWorkspacesArePausedClosedAndDeleted(t *testing.T) {
	t.Parallel()
	until := dawn.Add(30 * 24 * time.Hour)
	row := func(change func(*workspaceRow)) workspaceRow {
		made := workspaceRow{Workspace: acme, Name: "Acme", Owner: olivia, Since: at(1), CreatedAt: at(1), Grace: 15}
		change(&made)
		return made
	}
	for _, tc := range []struct {
		events []domain.Event
		change func(*workspaceRow)
	}{
		{[]domain.Event{workspace.Renamed{From: "Acme", To: "Apex"}}, func(w *workspaceRow) { w.Name = "Apex" }},
		{[]domain.Event{workspace.PublishingPaused{}}, func(w *workspaceRow) { w.Paused = true }},
		{[]domain.Event{workspace.PublishingPaused{}, workspace.PublishingResumed{}}, func(*workspaceRow) {}},
		{[]domain.Event{workspace.PublishingPaused{Account: news}}, func(*workspaceRow) {}},
		{[]domain.Event{workspace.GraceSet{FromMinutes: 15, ToMinutes: 30}}, func(w *workspaceRow) { w.Grace = 30 }},
		{[]domain.Event{workspace.Closed{}}, func(w *workspaceRow) { w.ClosedAt = at(6) }},
		{[]domain.Event{workspace.DeletionScheduled{Until: until}}, func(w *workspaceRow) { w.DeleteAt = until }},
		{[]domain.Event{workspace.DeletionScheduled{Until: until}, workspace.DeletionCancelled{}}, func(*workspaceRow) {}},
	} {
		then(given(t, record(team1(tc.events...)...)...), workspaces, row(tc.change))
	}
	g := given(t, record(team1(workspace.DeletionScheduled{Until: until}, workspace.Deleted{})...)...)
	then(g, workspaces)
	then(g, members)
	then(g, assignments)
}

func TestInvitationsComeToTheirEnds(t *testing.T) {
	t.Parallel()
	row := func(change func(*invitationRow)) invitationRow {
		made := invitationRow{
			ID: first, Workspace: acme, Status: workspace.Pending, Generation: 1, Role: workspace.Client, Person: carl,
			Email: sealed(carl, "carl@example.com"), AddAccounts: true, ManagePosts: true, RequireTwoFactor: true, Assignments: offered,
			InvitedBy: olivia, InvitedAt: at(2), ExpiresAt: dawn.Add(invitation.Life), Event: eventID(2), Position: 2,
		}
		change(&made)
		return made
	}
	later := dawn.Add(2 * invitation.Life)
	for _, tc := range []struct {
		event  domain.Event
		change func(*invitationRow)
	}{
		{workspace.InvitationRevoked{Invitation: first}, func(i *invitationRow) { i.Status = workspace.Revoked }},
		{workspace.InvitationDeclined{Invitation: first}, func(i *invitationRow) { i.Status = workspace.Declined }},
		{workspace.InvitationExpired{Invitation: first}, func(i *invitationRow) { i.Status = workspace.Expired }},
		{workspace.InvitationResent{Invitation: first, Generation: 2, ExpiresAt: later}, func(i *invitationRow) {
			i.Generation, i.ExpiresAt, i.InvitedAt, i.Event, i.Position = 2, later, at(3), eventID(3), 3
		}},
		{workspace.InvitationAmended{Invitation: first, Role: workspace.Editor, Auditor: true}, func(i *invitationRow) {
			i.Role, i.Auditor, i.AddAccounts, i.ManagePosts, i.RequireTwoFactor = workspace.Editor, true, false, false, false
			i.Assignments = []workspace.Assignment{}
		}},
	} {
		then(given(t, record(inAcme(founded, invited(first), tc.event)...)...), invitations, row(tc.change))
	}
}

func TestEveryRoleIsInvited(t *testing.T) {
	t.Parallel()
	email, until := sealed(carl, "carl@example.com"), dawn.Add(invitation.Life)
	for _, event := range []workspace.Invited{
		workspace.AdminInvited{Invitation: first, Generation: 1, Person: carl, Email: email, AddAccounts: true, Assignments: offered, ExpiresAt: until},
		workspace.EditorInvited{Invitation: first, Generation: 1, Person: carl, Email: email, Assignments: offered, ExpiresAt: until},
		workspace.AuditorInvited{Invitation: first, Generation: 1, Person: carl, Email: email, ExpiresAt: until},
	} {
		offer := event.Offer()
		then(given(t, record(inAcme(founded, event)...)...), invitations, invitationRow{
			ID: first, Workspace: acme, Status: workspace.Pending, Generation: 1, Role: offer.Role, Person: carl, Email: email,
			AddAccounts: offer.Access.AddAccounts, Auditor: offer.Auditor, Assignments: append([]workspace.Assignment{}, offer.Assignments...),
			InvitedBy: olivia, InvitedAt: at(2), ExpiresAt: until, Event: eventID(2), Position: 2,
		})
	}
}
