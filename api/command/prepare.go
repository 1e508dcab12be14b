package command

import (
	"context"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
)

// tryOut decides on the workspace as it was when the member was let in, and
// answers what it would be refused with.
func (o *Order) tryOut() error {
	state := o.Admission.Workspace
	_, err := o.Type.Decide(o.Command, o.Workspace, domain.Facts{workspace.Stream(o.Workspace): &state}, o.By)
	return err
}

// FollowLink turns an invitation's token into the link that it proves. One that
// proves nothing, or another workspace's, is left as no link at all, to which
// the decision answers R32.
func FollowLink(key [32]byte) Preparer {
	return Preparer{Outsiders: true, Prepare: func(_ context.Context, order *Order) error {
		var token invitation.Token
		var into *invitation.Link
		switch c := order.Command.(type) {
		case *invitation.AcceptInvitation:
			token, into = c.Token, &c.Link
		case *invitation.DeclineInvitation:
			token, into = c.Token, &c.Link
		}
		if ws, link, genuine := token.Prove(key); genuine && ws == order.Workspace {
			*into = link
		}
		return nil
	}}
}
