package workspace

import (
	"fmt"

	"behalf/domain"
)

// MaxAssignments bounds one invitation; no team's member holds more accounts.
const MaxAssignments = 1000

// CheckAssignments refuses assignments that a member of this role and access
// cannot have, or that the manager cannot give.
func (w Workspace) CheckAssignments(manager, to Member, assignments []Assignment) error {
	if len(assignments) > MaxAssignments {
		return domain.Wrong(0, "assignments", "too_many", "At most 1000 accounts can be assigned at once.")
	}
	seen := map[domain.AccountID]bool{}
	for i, assignment := range assignments {
		at := fmt.Sprintf("assignments[%d].", i)
		if err := w.CheckAssignment(manager, to, assignment, at); err != nil {
			return err
		}
		if seen[assignment.Account] {
			return domain.Wrong(0, at+"account", "assigned_twice", "The account is assigned twice.")
		}
		seen[assignment.Account] = true
	}
	return nil
}

// CheckAssignment refuses with R27 an account that the workspace does not hold,
// with R50, R18, R19 or R33 what does not go with the role, and with R6 or R8
// what the manager does not have. at is where it stands in the command.
func (w Workspace) CheckAssignment(manager, to Member, a Assignment, at string) error {
	if _, held := w.Accounts[a.Account]; !held {
		return domain.Wrong(domain.R27, at+"account", "unknown_account", "The workspace does not hold this account.")
	}
	if err := to.CheckLevel(a.PostingLevel, at+"posting_level"); err != nil {
		return err
	}
	if a.ApprovesPosts && to.Role != Client {
		return domain.Wrong(domain.R18, at+"approves_posts", "approval_for_clients_only", "Only Clients approve posts in this way.")
	}
	if err := to.checkMode(a.CredentialMode, at+"credential_mode"); err != nil {
		return err
	}
	return manager.MayGrant(a.Account, a.CredentialMode)
}

// CheckLevel refuses with R50 what is no level, and one that only Editors have;
// field is where it stands in the command.
func (m Member) CheckLevel(level PostingLevel, field string) error {
	switch {
	case level != "" && level != Full && level != ApprovalRequired:
		return domain.Wrong(domain.R50, field, "unknown_level", "A posting level is full or approval_required.")
	case level == ApprovalRequired && m.Role != Editor:
		return domain.Wrong(domain.R50, field, "level_for_editors_only", "Only Editors have a posting level other than full.")
	default:
		return nil
	}
}

// checkMode takes a mode from whom can write, and none from who cannot (R19, R33).
func (m Member) checkMode(mode CredentialMode, field string) error {
	switch {
	case m.MayWrite() == nil && m.Role == Client:
		return CheckMode(mode, field, domain.R19)
	case m.MayWrite() == nil:
		return CheckMode(mode, field, domain.R33)
	case mode != NoMode:
		return domain.Wrong(domain.R19, field, "mode_without_manage_posts", "A credential mode goes only with manage_posts.")
	default:
		return nil
	}
}

// CheckMode refuses with the rule what is neither of the two modes of who writes.
func CheckMode(mode CredentialMode, field string, rule domain.Rule) error {
	if mode != OwnerMode && mode != MemberMode {
		return domain.Wrong(rule, field, "mode_required", "Choose whose connection the posts go out through: owner or member.")
	}
	return nil
}
