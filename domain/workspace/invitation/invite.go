package invitation

import (
	"time"

	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/workspace"
)

// Life is how long an invitation's link works (R23).
const Life = 7 * 24 * time.Hour

// inviting is what all commands that invite have in common.
type inviting struct {
	email       user.Email
	person      domain.UserID
	offered     workspace.Member // what accepting will make
	assignments []workspace.Assignment
}

// invite checks an invitation and answers the events that come before it: a
// pending one of the same person is replaced (R24), which is revoking it, and
// an Admin revokes only invitations of Editors (R5).
func invite(w workspace.Workspace, by domain.Actor, i inviting) ([]domain.Event, error) {
	manager, err := w.MayManage(by, i.offered.Role)
	if err != nil {
		return nil, err
	}
	if err := i.email.Check("email"); err != nil {
		return nil, err
	}
	if err := w.CheckAssignments(manager, i.offered, i.assignments); err != nil {
		return nil, err
	}
	if _, member := w.Members[i.person]; member {
		return nil, domain.Clash(domain.R24, "already_member", "This address belongs to a member already.")
	}
	var events []domain.Event
	for id, earlier := range w.Invitations {
		if earlier.Person != i.person || earlier.Status != workspace.Pending {
			continue
		}
		if _, err := w.MayManage(by, earlier.Role); err != nil {
			return nil, err
		}
		events = append(events, workspace.InvitationSuperseded{Invitation: id})
	}
	return events, nil
}
