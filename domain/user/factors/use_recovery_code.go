package factors

import (
	"behalf/domain"
	"behalf/domain/user"
)

// UseRecoveryCode records that a recovery code was accepted.
type UseRecoveryCode struct {
	Left int `json:"left"` // codes that were not used yet
}

// Decide answers R32 to everybody but the person.
func (c UseRecoveryCode) Decide(u user.User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	return []domain.Event{user.RecoveryCodeUsed(c)}, nil
}
