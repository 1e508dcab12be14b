package workspace

import "behalf/domain"

// Whom names a member or, with the same settings, somebody who is still invited.
type Whom struct {
	Member     domain.UserID       `json:"member,omitempty" doc:"The member. Name either a member or an invitation."`
	Invitation domain.InvitationID `json:"invitation,omitempty" doc:"A pending invitation, whose offer is changed."`
}

// Subject is whose settings a command changes: a member, or what an invitation
// offers, as the member that it would make.
type Subject struct {
	Member
	invitation domain.InvitationID // zero for a member
}

// Manage admits the actor and finds whom they manage. It refuses with R2 or R5
// whom the actor does not manage, and with rule what cannot be found.
func (w Workspace) Manage(by domain.Actor, whom Whom, rule domain.Rule) (manager Member, of Subject, err error) {
	if _, err := w.Admit(by); err != nil {
		return Member{}, Subject{}, err
	}
	of, missing := w.Subject(whom, by, rule)
	if manager, err = w.MayManage(by, of.Role); err != nil {
		return Member{}, Subject{}, err
	}
	return manager, of, missing
}

// Subject finds whom a command is about.
func (w Workspace) Subject(whom Whom, by domain.Actor, rule domain.Rule) (Subject, error) {
	if whom.Member.IsZero() == whom.Invitation.IsZero() {
		return Subject{}, domain.Wrong(rule, "member", "name_one", "Name either a member or a pending invitation.")
	}
	if !whom.Member.IsZero() {
		member, known := w.Members[whom.Member]
		if !known {
			return Subject{}, domain.Wrong(rule, "member", "unknown_member", "This user is not a member.")
		}
		return Subject{Member: member}, nil
	}
	invitation, known := w.Invitations[whom.Invitation]
	if !known {
		return Subject{}, domain.Wrong(rule, "invitation", "unknown_invitation", "There is no such invitation.")
	}
	of := Subject{Member: invitation.member(), invitation: invitation.ID}
	if !invitation.Open(by) {
		return of, domain.Clash(rule, "invitation_not_pending", "The invitation is not pending any more.")
	}
	return of, nil
}

// Open reports whether the invitation can still be accepted.
func (i Invitation) Open(by domain.Actor) bool {
	return i.Status == Pending && by.Now.Before(i.ExpiresAt)
}

// member is what accepting the invitation as it stands would make.
func (i Invitation) member() Member {
	return Member{
		User: i.Person, Role: i.Role, Access: i.Offer.Access, Auditor: i.Offer.Auditor,
		RequireTwoFactor: i.Offer.RequireTwoFactor, Assignments: byAccount(i.Offer.Assignments),
	}
}

// Becomes is the change of the settings: the event itself for a member, and
// the amended offer for an invitation.
func (s Subject) Becomes(event domain.Event) []domain.Event {
	if s.invitation.IsZero() {
		return []domain.Event{event}
	}
	offered := s.evolved(event)
	return []domain.Event{InvitationAmended{
		Invitation: s.invitation, Role: offered.Role, Access: offered.Access, Auditor: offered.Auditor,
		RequireTwoFactor: offered.RequireTwoFactor, Assignments: offered.Assigned(),
	}}
}
