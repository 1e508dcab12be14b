package post

import (
	"cmp"
	"slices"

	"behalf/domain"
	"behalf/domain/workspace"
)

// Gate is an approval that a target waits for (R50, R51).
type Gate string

// The gates.
const (
	TeamGate   Gate = "team"
	ClientGate Gate = "client"
)

// Rule is the one that asks for the approval.
func (g Gate) Rule() domain.Rule {
	if g == TeamGate {
		return domain.R50
	}
	return domain.R51
}

// Approval is one person's yes to one revision on one account (R54).
type Approval struct {
	Gate Gate          `json:"gate" enum:"team,client" doc:"Which approval it is."`
	By   domain.UserID `json:"by" doc:"Who has given it."`
}

// gatesOf answers which approvals a target needs whose content these members
// wrote: the author and, where that is somebody else, who wrote the latest
// revision. What either needs an approval for needs it (R50-R52): nobody's words
// slip through because somebody else began the post.
func gatesOf(w workspace.Workspace, account domain.AccountID, writers ...domain.UserID) (gates []Gate) {
	var team, client bool
	for _, id := range writers {
		writer := w.Members[id]
		team = team || writer.Role == workspace.Editor && writer.Assignments[account].PostingLevel == workspace.ApprovalRequired
		client = client || writer.Role != workspace.Client
	}
	if team {
		gates = append(gates, TeamGate)
	}
	if client && w.ApprovedByClient(account) {
		gates = append(gates, ClientGate)
	}
	return gates
}

// OpenGates are the target's gates that the approvals of this revision have not
// passed yet.
func (p Post) OpenGates(w workspace.Workspace, account domain.AccountID, reviser domain.UserID, approvals []Approval) (open []Gate) {
	author := p.Author
	if target, known := p.Targets[account]; known {
		author = target.Author
	}
	for _, gate := range gatesOf(w, account, author, reviser) {
		if !Passes(w, account, gate, approvals) {
			open = append(open, gate)
		}
	}
	return open
}

// Passes reports whether the approvals are enough: one of the team, and one or
// all of the Clients, as the account is set (R51).
func Passes(w workspace.Workspace, account domain.AccountID, gate Gate, approvals []Approval) bool {
	given := map[domain.UserID]bool{}
	for _, approval := range approvals {
		if approval.Gate == gate {
			given[approval.By] = true
		}
	}
	if gate == TeamGate || len(given) == 0 {
		return len(given) > 0
	}
	return !slices.ContainsFunc(ClientsNeeded(w, account), func(id domain.UserID) bool { return !given[id] })
}

// ClientsNeeded are the Clients who all have to approve on an account; nobody
// where any one is enough (R51).
func ClientsNeeded(w workspace.Workspace, account domain.AccountID) (needed []domain.UserID) {
	if w.Accounts[account].Approval != workspace.AllClients {
		return nil
	}
	for id, member := range w.Members {
		if member.ApprovesAsClient(account) {
			needed = append(needed, id)
		}
	}
	return needed
}

// ApproverOf answers through which gate a member approves on an account; none
// where the member does not (R50, R51).
func ApproverOf(member workspace.Member, account domain.AccountID) Gate {
	switch {
	case member.Role == workspace.Owner, member.Role == workspace.Admin && member.Holds(account):
		return TeamGate
	case member.ApprovesAsClient(account):
		return ClientGate
	}
	return ""
}

// Asked are those who may let the gates pass, without who wrote the post (R53).
func (p Post) Asked(w workspace.Workspace, gates map[domain.AccountID][]Gate) (asked []domain.UserID) {
	for id, member := range w.Members {
		for account, open := range gates {
			if slices.Contains(open, ApproverOf(member, account)) && !p.IsOwn(account, id) {
				asked = append(asked, id)
				break
			}
		}
	}
	slices.SortFunc(asked, func(a, b domain.UserID) int { return cmp.Compare(a.String(), b.String()) })
	return asked
}

// IsOwn reports whether the post is the person's own, on this account (R53).
func (p Post) IsOwn(account domain.AccountID, id domain.UserID) bool {
	return p.Author == id || p.Targets[account].Author == id
}

// StillAsked are those who may let a waiting target's gates pass, as the
// workspace is now, and have not approved it yet.
func (p Post) StillAsked(w workspace.Workspace, account domain.AccountID) []domain.UserID {
	target := p.Targets[account]
	if target.State != Waiting {
		return nil
	}
	return slices.DeleteFunc(p.Asked(w, map[domain.AccountID][]Gate{account: target.Gates}), func(id domain.UserID) bool {
		return !p.awaits(w, account, id)
	})
}

// Awaits reports whether something of the post waits for this member's
// approval, which they may give and have not given yet (R50-R54).
func (p Post) Awaits(w workspace.Workspace, id domain.UserID) bool {
	return slices.ContainsFunc(p.Accounts(), func(account domain.AccountID) bool { return p.awaits(w, account, id) })
}

func (p Post) awaits(w workspace.Workspace, account domain.AccountID, id domain.UserID) bool {
	target := p.Targets[account]
	if target.State != Waiting || p.IsOwn(account, id) {
		return false
	}
	gate := ApproverOf(w.Members[id], account)
	given := slices.Contains(target.Approvals, Approval{Gate: gate, By: id})
	// who has approved is asked again where that is enough by now: others have gone
	return slices.Contains(target.Gates, gate) && (!given || Passes(w, account, gate, target.Approvals))
}
