package ownership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// WithdrawOwnershipOffer takes the offer of the ownership back (R11).
type WithdrawOwnershipOffer struct{}

// Decide refuses with R11 everybody but the Owner. Where nothing is offered,
// nothing changes.
func (c WithdrawOwnershipOffer) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := w.OwnerOnly(by, domain.R11); err != nil {
		return nil, err
	}
	if w.OfferedTo.IsZero() {
		return nil, nil
	}
	return []domain.Event{workspace.OwnershipOfferWithdrawn{To: w.OfferedTo}}, nil
}
