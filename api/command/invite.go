package command

import (
	"context"
	"net/http"

	"behalf/api/limit"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/workspace/invitation"
)

// Mails bounds the mails that invitations make: a stranger gets them, in
// whatever workspace's name.
type Mails struct {
	Limits   *limit.Limiter
	Policies limit.Policies
}

// invites is a pointer to a command that invites somebody by their address.
type invites interface {
	Invitee() (user.Email, *domain.UserID)
}

// Invite finds the person behind the address, or makes one.
func Invite(desk *signin.Desk, mails Mails) Preparer {
	return Preparer{Prepare: func(ctx context.Context, order *Order) error {
		if err := order.tryOut(); err != nil {
			return err // only who may invite gets anything into the index of addresses
		}
		if err := mails.sent(ctx, order); err != nil {
			return err
		}
		email, person := order.Command.(invites).Invitee()
		found, err := desk.PersonOf(ctx, email)
		if err != nil {
			return err
		}
		*person = found
		return mails.received(ctx, order, found)
	}}
}

// Resend bounds the mails of invitations that are sent once more: they count as
// inviting does.
func Resend(mails Mails) Preparer {
	return Preparer{Prepare: func(ctx context.Context, order *Order) error {
		if err := order.tryOut(); err != nil {
			return err
		}
		if err := mails.sent(ctx, order); err != nil {
			return err
		}
		again := order.Command.(*invitation.ResendInvitation)
		return mails.received(ctx, order, order.Admission.Workspace.Invitations[again.Invitation].Person)
	}}
}

// sent counts an invitation for who sends it and for the workspace.
func (m Mails) sent(ctx context.Context, order *Order) error {
	if err := m.take(ctx, m.Policies.InviteSender, order.By.User.String(), "You have sent many invitations."); err != nil {
		return err
	}
	return m.take(ctx, m.Policies.InviteWorkspace, order.Workspace.String(), "This workspace has sent many invitations.")
}

// received counts it for whose address it goes to: first for who sends it, from
// whatever workspace, so that one person cannot use up what all others have. An
// address stands for a person before they have registered.
func (m Mails) received(ctx context.Context, order *Order, person domain.UserID) error {
	pair := order.By.User.String() + " " + person.String()
	if err := m.take(ctx, m.Policies.InvitePair, pair, "You have sent many invitations to this address."); err != nil {
		return err
	}
	return m.take(ctx, m.Policies.InviteAddress, person.String(), "Many invitations were sent to this address.")
}

func (m Mails) take(ctx context.Context, policy limit.Policy, whom, so string) error {
	result := m.Limits.Take(ctx, policy, whom)
	if result.Allowed {
		return nil
	}
	return problem.New(http.StatusTooManyRequests, "rate_limited", so+" Wait as long as Retry-After says.").RetryAfter(result.RetrySeconds())
}
