package post

import (
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
)

// Plan is how a post that waits for its author, or comes with the command, is
// to go out.
type Plan struct {
	At         time.Time
	Zone       string
	OnApproval bool // what needs an approval goes out once it has it, until At
}

// OpenOn are the gates that have to pass on these accounts before the post may
// go out there.
func (p Post) OpenOn(w workspace.Workspace, accounts []domain.AccountID) map[domain.AccountID][]Gate {
	gates := map[domain.AccountID][]Gate{}
	for _, account := range accounts {
		if open := p.OpenGates(w, account, p.Reviser, p.Targets[account].Approvals); len(open) > 0 {
			gates[account] = open
		}
	}
	if len(gates) == 0 {
		return nil
	}
	return gates
}

// Schedule is the event of planning these accounts of a post.
func (s Scene) Schedule(p Post, accounts []domain.AccountID, how Plan) Scheduled {
	gates := p.OpenOn(s.Workspace, accounts)
	event := Scheduled{
		Revision: p.Revision, At: how.At, Zone: how.Zone, Gates: gates, OnApproval: how.OnApproval, Asked: p.Asked(s.Workspace, gates),
	}
	if len(accounts) < len(p.Targets) {
		event.Accounts = accounts
	}
	return event
}
