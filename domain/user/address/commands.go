// Package address makes sure that mail to a person's address reaches them, and
// lets them have another one.
package address

import (
	"behalf/domain"
	"behalf/domain/user"
)

// Commands lists the commands about a person's address.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		user.Named[RequestVerification]("RequestVerification", "Ask for another mail to verify the own address by."),
		user.BySelf[VerifyAddress]("VerifyAddress", "Record that mail to the address reaches the person."),
		user.BySelf[RequestAddressChange]("RequestAddressChange", "Ask for a link at another address."),
		user.BySelf[ChangeAddress]("ChangeAddress", "Make another address the own one."),
	}
}

// Subject is the person.
func (c RequestVerification) Subject() domain.UserID { return c.Person }
