// Package providers lets a person sign in with accounts that they have at
// OpenID Connect providers.
package providers

import (
	"behalf/domain"
	"behalf/domain/user"
)

// Commands lists the commands about accounts at providers.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		user.BySelf[LinkProvider]("LinkProvider", "Sign in with an account at a provider from now on."),
		user.BySelf[UnlinkProvider]("UnlinkProvider", "Sign in with that account at a provider no more."),
	}
}
