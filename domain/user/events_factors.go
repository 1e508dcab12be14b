package user

import "behalf/domain/personal"

// TwoFactorEnabled: from now on signing in takes a second factor.
type TwoFactorEnabled struct{}

// TwoFactorDisabled: the last second factor is gone.
type TwoFactorDisabled struct{}

// AuthenticatorAdded: codes of an authenticator app prove who the person is.
type AuthenticatorAdded struct {
	Factor FactorID `json:"factor"`
}

// PasskeyAdded: a passkey proves who the person is.
type PasskeyAdded struct {
	Factor FactorID `json:"factor"`
}

// PasskeyRefused: the passkey's counter did not go up, so there may be a copy
// of it. It was not accepted.
type PasskeyRefused struct {
	Factor FactorID `json:"factor"`
}

// FactorRemoved: an authenticator or a passkey proves nothing any more.
type FactorRemoved struct {
	Factor FactorID `json:"factor"`
}

// RecoveryCodesRenewed: the person has ten new recovery codes; those before are dead.
type RecoveryCodesRenewed struct{}

// RecoveryCodeUsed: the person proved who they are by a recovery code.
type RecoveryCodeUsed struct {
	Left int `json:"left"` // codes that were not used yet
}

// ProviderLinked: the person can sign in with an account at a provider.
type ProviderLinked struct {
	Linked   LinkedID      `json:"linked"`
	Provider personal.Text `json:"provider"`
}

// ProviderUnlinked: that account signs nobody in any more.
type ProviderUnlinked struct {
	Linked LinkedID `json:"linked"`
}

// The events' names in the log.

func (TwoFactorEnabled) EventType() string     { return "user.two_factor_enabled.v1" }
func (TwoFactorDisabled) EventType() string    { return "user.two_factor_disabled.v1" }
func (AuthenticatorAdded) EventType() string   { return "user.authenticator_added.v1" }
func (PasskeyAdded) EventType() string         { return "user.passkey_added.v1" }
func (PasskeyRefused) EventType() string       { return "user.passkey_refused.v1" }
func (FactorRemoved) EventType() string        { return "user.factor_removed.v1" }
func (RecoveryCodesRenewed) EventType() string { return "user.recovery_codes_renewed.v1" }
func (RecoveryCodeUsed) EventType() string     { return "user.recovery_code_used.v1" }
func (ProviderLinked) EventType() string       { return "user.provider_linked.v1" }
func (ProviderUnlinked) EventType() string     { return "user.provider_unlinked.v1" }
