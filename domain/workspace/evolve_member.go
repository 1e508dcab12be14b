package workspace

import (
	"maps"
	"slices"

	"behalf/domain"
)

// memberOf answers whose settings an event changes, zero for every other event.
func memberOf(event domain.Event) domain.UserID {
	switch e := event.(type) {
	case RoleChanged:
		return e.Member
	case ClientAccessChanged:
		return e.Member
	case AddingAccountsGranted:
		return e.Member
	case AddingAccountsWithdrawn:
		return e.Member
	case AuditorGranted:
		return e.Member
	case AuditorWithdrawn:
		return e.Member
	case TwoFactorRequired:
		return e.Member
	case TwoFactorRequirementLifted:
		return e.Member
	case AccountAssigned:
		return e.Member
	case AccountUnassigned:
		return e.Member
	case PostingLevelChanged:
		return e.Member
	case ApprovalChanged:
		return e.Member
	case CredentialModeChanged:
		return e.Member
	}
	return domain.UserID{}
}

// evolved is the member as an event about them leaves them. What an invitation
// offers changes in the same way, see Subject.
func (m Member) evolved(event domain.Event) Member {
	switch e := event.(type) {
	case RoleChanged:
		m.Role, m.Access, m.Assignments = e.To, e.Access, byAccount(e.Assignments)
	case ClientAccessChanged:
		m.Access = e.To
		if e.From.ManagePosts != e.To.ManagePosts {
			m = m.withModes(e.Mode)
		}
	case AddingAccountsGranted:
		m.Access.AddAccounts = true
	case AddingAccountsWithdrawn:
		m.Access.AddAccounts = false
	case AuditorGranted:
		m.Auditor = true
	case AuditorWithdrawn:
		m.Auditor = false
	case TwoFactorRequired:
		m.RequireTwoFactor = true
	case TwoFactorRequirementLifted:
		m.RequireTwoFactor = false
	case AccountAssigned:
		return m.with(e.Assignment)
	case AccountUnassigned:
		return m.without(e.Account)
	case PostingLevelChanged:
		return m.changed(e.Account, func(a *Assignment) { a.PostingLevel = e.To })
	case ApprovalChanged:
		return m.changed(e.Account, func(a *Assignment) { a.ApprovesPosts = e.ApprovesPosts })
	case CredentialModeChanged:
		return m.changed(e.Account, func(a *Assignment) { a.CredentialMode = e.To })
	}
	return m
}

func (m Member) with(assignment Assignment) Member {
	assignments := maps.Clone(m.Assignments)
	if assignments == nil {
		assignments = map[domain.AccountID]Assignment{}
	}
	assignments[assignment.Account] = assignment
	m.Assignments = assignments
	return m
}

func (m Member) without(id domain.AccountID) Member {
	m.Assignments = maps.Clone(m.Assignments)
	delete(m.Assignments, id)
	return m
}

func (m Member) changed(id domain.AccountID, change func(*Assignment)) Member {
	assignment := m.Assignments[id]
	change(&assignment)
	return m.with(assignment)
}

// withModes gives every assignment the same credential mode.
func (m Member) withModes(mode CredentialMode) Member {
	assignments := make(map[domain.AccountID]Assignment, len(m.Assignments))
	for id, assignment := range m.Assignments {
		assignment.CredentialMode = mode
		assignments[id] = assignment
	}
	m.Assignments = assignments
	return m
}

// Assigned lists the member's assignments, by account.
func (m Member) Assigned() []Assignment {
	return slices.SortedFunc(maps.Values(m.Assignments), func(a, b Assignment) int {
		return slices.Compare(a.Account[:], b.Account[:])
	})
}

func byAccount(assignments []Assignment) map[domain.AccountID]Assignment {
	held := make(map[domain.AccountID]Assignment, len(assignments))
	for _, assignment := range assignments {
		held[assignment.Account] = assignment
	}
	return held
}
