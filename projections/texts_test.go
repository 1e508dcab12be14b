package projections

import (
	"behalf/domain"
	"behalf/domain/personal"
)

// sealed is a personal text as the log has it: views know no other ones.
func sealed(of domain.UserID, says string) personal.Text {
	return personal.Sealed(of, personal.Place{}, []byte(says))
}
