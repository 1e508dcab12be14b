package user

import (
	"slices"

	"behalf/domain"
)

// Aggregate describes user streams. The commands that live in rooms of their own
// import this package, so whoever offers them hands them in: see package
// catalog. The state and the events are the same without them.
func Aggregate(rooms ...[]domain.CommandType) domain.Aggregate {
	return domain.Aggregate{
		Category: domain.UserStreams,
		New:      func() domain.State { return new(User) },
		Events: []domain.EventType{
			domain.TypeOf[Registered](), domain.TypeOf[RegistrationRepeated](), domain.TypeOf[Erased](),
			domain.TypeOf[VerificationRequested](), domain.TypeOf[AddressVerified](),
			domain.TypeOf[AddressChangeRequested](), domain.TypeOf[AddressChanged](),
			domain.TypeOf[PasswordResetRequested](), domain.TypeOf[PasswordResetCompleted](), domain.TypeOf[PasswordChanged](),
			domain.TypeOf[ProfileChanged](), domain.TypeOf[NewClientNoted](),
			domain.TypeOf[TwoFactorEnabled](), domain.TypeOf[TwoFactorDisabled](), domain.TypeOf[AuthenticatorAdded](),
			domain.TypeOf[PasskeyAdded](), domain.TypeOf[PasskeyRefused](), domain.TypeOf[FactorRemoved](),
			domain.TypeOf[RecoveryCodesRenewed](), domain.TypeOf[RecoveryCodeUsed](),
			domain.TypeOf[ProviderLinked](), domain.TypeOf[ProviderUnlinked](),
		},
		Commands: slices.Concat(append([][]domain.CommandType{commands()}, rooms...)...),
	}
}
