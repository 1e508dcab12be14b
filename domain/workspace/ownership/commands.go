// Package ownership moves a workspace from one Owner to the next (R11).
package ownership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// Commands lists the commands that move the ownership.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		workspace.Dangerous(workspace.ByMember[OfferOwnership]("OfferOwnership", "Offer the ownership to another member.", domain.R11)),
		workspace.ByMember[WithdrawOwnershipOffer]("WithdrawOwnershipOffer", "Take the offer of the ownership back.", domain.R11),
		workspace.Dangerous(workspace.ByMember[AcceptOwnership]("AcceptOwnership", "Accept the offered ownership; the old Owner becomes an Admin.", domain.R3, domain.R11, domain.R49)),
		workspace.ByMember[DeclineOwnership]("DeclineOwnership", "Decline the offered ownership.", domain.R11),
	}
}
