package workspace

import "behalf/domain"

// WithdrawOwnershipOffer takes the offer of the ownership back (R11).
type WithdrawOwnershipOffer struct{}

// Decide refuses with R11 everybody but the Owner. Where nothing is offered,
// nothing changes.
func (c WithdrawOwnershipOffer) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	if err := w.ownerOnly(by, domain.R11); err != nil {
		return nil, err
	}
	if w.OfferedTo.IsZero() {
		return nil, nil
	}
	return []domain.Event{OwnershipOfferWithdrawn{To: w.OfferedTo}}, nil
}
