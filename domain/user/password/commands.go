// Package password notes that a person's password is another one. Passwords
// themselves are not here.
package password

import (
	"behalf/domain"
	"behalf/domain/user"
)

// Commands lists the commands about a person's password.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		user.Named[RequestPasswordReset]("RequestPasswordReset", "Ask for a link that sets a new password."),
		user.BySelf[ResetPassword]("ResetPassword", "Set a new password by a mailed link."),
		user.Named[ChangePassword]("ChangePassword", "Set a new password."),
	}
}

// Subject is the person.
func (c RequestPasswordReset) Subject() domain.UserID { return c.Person }

// Subject is the person.
func (c ChangePassword) Subject() domain.UserID { return c.Person }
