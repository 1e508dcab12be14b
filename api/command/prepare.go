package command

import (
	"context"

	"behalf/api/signin"
	"behalf/domain/workspace"
)

// InviteClient finds the person behind the address, or makes one.
func InviteClient(desk *signin.Desk) Preparer {
	return Preparer{Prepare: func(ctx context.Context, order *Order) error {
		invite := order.Command.(*workspace.InviteClient)
		if _, err := invite.Decide(order.Admission.Workspace, order.By); err != nil {
			return err // only who may invite gets anything into the index of addresses
		}
		person, err := desk.PersonOf(ctx, invite.Email)
		invite.Person = person
		return err
	}}
}

// AcceptInvitation turns the token into the link that it proves. One that
// proves nothing, or another workspace's, is left as no link at all, to which
// the decision answers R32.
func AcceptInvitation(key [32]byte) Preparer {
	return Preparer{Outsiders: true, Prepare: func(_ context.Context, order *Order) error {
		accept := order.Command.(*workspace.AcceptInvitation)
		if ws, link, genuine := accept.Token.Prove(key); genuine && ws == order.Workspace {
			accept.Link = link
		}
		return nil
	}}
}
