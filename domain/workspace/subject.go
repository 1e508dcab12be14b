package workspace

import "behalf/domain"

// Whom names a member or, with the same settings, somebody who is still invited.
type Whom struct {
	Member     domain.UserID       `json:"member,omitempty" doc:"The member. Name either a member or an invitation."`
	Invitation domain.InvitationID `json:"invitation,omitempty" doc:"A pending invitation, whose offer is changed."`
}

// subject is whose settings a command changes: a member, or what an invitation
// offers, as the member that it would make.
type subject struct {
	Member
	invitation domain.InvitationID // zero for a member
}

// manage admits the actor and finds whom they manage. It refuses with R2 or R5
// whom the actor does not manage, and with rule what cannot be found.
func (w Workspace) manage(by domain.Actor, whom Whom, rule domain.Rule) (manager Member, of subject, err error) {
	if _, err := w.Admit(by); err != nil {
		return Member{}, subject{}, err
	}
	of, missing := w.subject(whom, by, rule)
	if manager, err = w.mayManage(by, of.Role); err != nil {
		return Member{}, subject{}, err
	}
	return manager, of, missing
}

// subject finds whom a command is about.
func (w Workspace) subject(whom Whom, by domain.Actor, rule domain.Rule) (subject, error) {
	if whom.Member.IsZero() == whom.Invitation.IsZero() {
		return subject{}, domain.Wrong(rule, "member", "name_one", "Name either a member or a pending invitation.")
	}
	if !whom.Member.IsZero() {
		member, known := w.Members[whom.Member]
		if !known {
			return subject{}, domain.Wrong(rule, "member", "unknown_member", "This user is not a member.")
		}
		return subject{Member: member}, nil
	}
	invitation, known := w.Invitations[whom.Invitation]
	if !known {
		return subject{}, domain.Wrong(rule, "invitation", "unknown_invitation", "There is no such invitation.")
	}
	of := subject{Member: invitation.member(), invitation: invitation.ID}
	if !invitation.open(by) {
		return of, domain.Clash(rule, "invitation_not_pending", "The invitation is not pending any more.")
	}
	return of, nil
}

// open reports whether the invitation can still be accepted.
func (i Invitation) open(by domain.Actor) bool {
	return i.Status == Pending && by.Now.Before(i.ExpiresAt)
}

// member is what accepting the invitation as it stands would make.
func (i Invitation) member() Member {
	return Member{
		User: i.Person, Role: i.Role, Access: i.Offer.Access, Auditor: i.Offer.Auditor,
		RequireTwoFactor: i.Offer.RequireTwoFactor, Assignments: byAccount(i.Offer.Assignments),
	}
}

// becomes is the change of the settings: the event itself for a member, and
// the amended offer for an invitation.
func (s subject) becomes(event domain.Event) []domain.Event {
	if s.invitation.IsZero() {
		return []domain.Event{event}
	}
	offered := s.evolved(event)
	return []domain.Event{InvitationAmended{
		Invitation: s.invitation, Role: offered.Role, Access: offered.Access, Auditor: offered.Auditor,
		RequireTwoFactor: offered.RequireTwoFactor, Assignments: offered.assigned(),
	}}
}
