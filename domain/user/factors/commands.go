// Package factors says what else than a password proves who a person is:
// authenticator apps, passkeys, and the recovery codes for when those are lost.
package factors

import (
	"behalf/domain"
	"behalf/domain/user"
)

// Commands lists the commands about second factors.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		user.BySelf[AddAuthenticator]("AddAuthenticator", "Make codes of an authenticator app a second factor."),
		user.BySelf[AddPasskey]("AddPasskey", "Make a passkey a second factor."),
		user.BySelf[RefusePasskey]("RefusePasskey", "Note that a passkey may have been copied."),
		user.BySelf[RemoveFactor]("RemoveFactor", "Give up a second factor.", domain.R63),
		user.BySelf[RenewRecoveryCodes]("RenewRecoveryCodes", "Replace the recovery codes by new ones."),
		user.BySelf[UseRecoveryCode]("UseRecoveryCode", "Note that a recovery code was used."),
	}
}
