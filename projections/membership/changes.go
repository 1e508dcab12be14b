package membership

import (
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows"
)

// handleWorkspaces follows what happens to a workspace itself.
func handleWorkspaces(recorded eventstore.Recorded) []rows.Change {
	ws := recorded.Workspace
	becomes := func(column string, value any) []rows.Change {
		return []rows.Change{workspaces.Patch(rows.Values{"workspace_id": ws}, rows.Values{column: value})}
	}
	switch e := recorded.Event.(type) {
	case workspace.Renamed:
		return becomes("name", e.To)
	case workspace.OwnershipOffered:
		return becomes("offered_to", e.To)
	case workspace.OwnershipOfferWithdrawn, workspace.OwnershipDeclined:
		return becomes("offered_to", domain.UserID{})
	case workspace.PublishingPaused:
		return pausing(ws, e.Account, true)
	case workspace.PublishingResumed:
		return pausing(ws, e.Account, false)
	case workspace.GraceSet:
		return becomes("grace_minutes", e.ToMinutes)
	case workspace.Closed:
		return becomes("closed_at", recorded.RecordedAt)
	case workspace.DeletionScheduled:
		return becomes("delete_at", e.Until.UTC())
	case workspace.DeletionCancelled:
		return becomes("delete_at", time.Time{})
	case workspace.Deleted:
		return []rows.Change{
			workspaces.Delete(rows.Values{"workspace_id": ws}),
			members.Delete(rows.Values{"workspace_id": ws}),
			assignments.Delete(rows.Values{"workspace_id": ws}),
		}
	}
	return nil
}

// pausing of one account is the accounts' matter, see accounts.View.
func pausing(ws domain.WorkspaceID, id domain.AccountID, paused bool) []rows.Change {
	if !id.IsZero() {
		return nil
	}
	return []rows.Change{workspaces.Patch(rows.Values{"workspace_id": ws}, rows.Values{"paused": paused})}
}

// handleSettings follows what a member is and may do.
func handleSettings(recorded eventstore.Recorded) []rows.Change {
	becomes := func(member domain.UserID, set rows.Values) []rows.Change {
		return []rows.Change{members.Patch(rows.Values{"workspace_id": recorded.Workspace, "user_id": member}, set)}
	}
	switch e := recorded.Event.(type) {
	case workspace.RoleChanged:
		changes := becomes(e.Member, rows.Values{
			"role": e.To, "add_accounts": e.Access.AddAccounts, "manage_posts": e.Access.ManagePosts,
		})
		return append(changes, allAssigned(recorded.Workspace, e.Member, e.Assignments)...)
	case workspace.ClientAccessChanged:
		changes := becomes(e.Member, rows.Values{"add_accounts": e.To.AddAccounts, "manage_posts": e.To.ManagePosts})
		if e.From.ManagePosts != e.To.ManagePosts {
			changes = append(changes, assignments.Patch(
				rows.Values{"workspace_id": recorded.Workspace, "user_id": e.Member}, rows.Values{"credential_mode": e.Mode},
			))
		}
		return changes
	case workspace.AddingAccountsGranted:
		return becomes(e.Member, rows.Values{"add_accounts": true})
	case workspace.AddingAccountsWithdrawn:
		return becomes(e.Member, rows.Values{"add_accounts": false})
	case workspace.AuditorGranted:
		return becomes(e.Member, rows.Values{"auditor": true})
	case workspace.AuditorWithdrawn:
		return becomes(e.Member, rows.Values{"auditor": false})
	case workspace.TwoFactorRequired:
		return becomes(e.Member, rows.Values{"require_two_factor": true})
	case workspace.TwoFactorRequirementLifted:
		return becomes(e.Member, rows.Values{"require_two_factor": false})
	}
	return nil
}

// handleAssignments follows who has which account, and how.
func handleAssignments(recorded eventstore.Recorded) []rows.Change {
	becomes := func(member domain.UserID, account domain.AccountID, column string, value any) []rows.Change {
		return []rows.Change{assignments.Patch(
			rows.Values{"workspace_id": recorded.Workspace, "user_id": member, "account_id": account}, rows.Values{column: value},
		)}
	}
	switch e := recorded.Event.(type) {
	case workspace.AccountAssigned:
		return []rows.Change{assigned(recorded.Workspace, e.Member, e.Assignment)}
	case workspace.AccountUnassigned:
		return []rows.Change{assignments.Delete(rows.Values{"workspace_id": recorded.Workspace, "user_id": e.Member, "account_id": e.Account})}
	case workspace.PostingLevelChanged:
		return becomes(e.Member, e.Account, "posting_level", e.To)
	case workspace.ApprovalChanged:
		return becomes(e.Member, e.Account, "approves_posts", e.ApprovesPosts)
	case workspace.CredentialModeChanged:
		return becomes(e.Member, e.Account, "credential_mode", e.To)
	case workspace.AccountRemoved:
		return []rows.Change{assignments.Delete(rows.Values{"workspace_id": recorded.Workspace, "account_id": e.Account})}
	}
	return nil
}
