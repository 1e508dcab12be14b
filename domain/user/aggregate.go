package user

import "behalf/domain"

// Aggregate describes user streams.
func Aggregate() domain.Aggregate {
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
		Commands: []domain.CommandType{
			command("Register", "Open a user account.", []domain.Rule{domain.R32, domain.R66}, myself[*Register]),
			command("RepeatRegistration", "Note that somebody registered an address once more.", own,
				func(c *RepeatRegistration, _ domain.Actor) domain.UserID { return c.Person }),
			command("RequestVerification", "Ask for another mail to verify the own address by.", own,
				func(c *RequestVerification, _ domain.Actor) domain.UserID { return c.Person }),
			command("VerifyAddress", "Record that mail to the address reaches the person.", own, myself[*VerifyAddress]),
			command("RequestAddressChange", "Ask for a link at another address.", own, myself[*RequestAddressChange]),
			command("ChangeAddress", "Make another address the own one.", own, myself[*ChangeAddress]),
			command("RequestPasswordReset", "Ask for a link that sets a new password.", own,
				func(c *RequestPasswordReset, _ domain.Actor) domain.UserID { return c.Person }),
			command("ResetPassword", "Set a new password by a mailed link.", own, myself[*ResetPassword]),
			command("ChangePassword", "Set a new password.", own,
				func(c *ChangePassword, _ domain.Actor) domain.UserID { return c.Person }),
			command("ChangeProfile", "Say something else about oneself.", own, myself[*ChangeProfile]),
			command("NoteNewClient", "Note a sign-in from a new client.", own, myself[*NoteNewClient]),
			command("AddAuthenticator", "Make codes of an authenticator app a second factor.", own, myself[*AddAuthenticator]),
			command("AddPasskey", "Make a passkey a second factor.", own, myself[*AddPasskey]),
			command("RefusePasskey", "Note that a passkey may have been copied.", own, myself[*RefusePasskey]),
			command("RemoveFactor", "Give up a second factor.", []domain.Rule{domain.R32, domain.R63, domain.R66}, myself[*RemoveFactor]),
			command("RenewRecoveryCodes", "Replace the recovery codes by new ones.", own, myself[*RenewRecoveryCodes]),
			command("UseRecoveryCode", "Note that a recovery code was used.", own, myself[*UseRecoveryCode]),
			command("LinkProvider", "Sign in with an account at a provider from now on.", own, myself[*LinkProvider]),
			command("UnlinkProvider", "Sign in with that account at a provider no more.", own, myself[*UnlinkProvider]),
			command("EraseUser", "Give up everything personal about a person for good.", []domain.Rule{domain.R12, domain.R32, domain.R66},
				func(c *EraseUser, _ domain.Actor) domain.UserID { return c.Person }),
		},
	}
}

// own are the rules of what a person does with their own account: it is nobody
// else's, and there is none any more after erasing.
var own = []domain.Rule{domain.R32, domain.R66}

func myself[C any](_ C, by domain.Actor) domain.UserID { return by.User }

// decider is a command that is decided on a user's stream alone.
type decider[C any] interface {
	*C
	Decide(u User, by domain.Actor) ([]domain.Event, error)
}

// command describes one that ends a flow; whom says which user's stream it is about.
func command[C any, D decider[C]](name, summary string, rules []domain.Rule, whom func(D, domain.Actor) domain.UserID) domain.CommandType {
	return domain.CommandType{
		Name: name, Issuer: domain.ByFlow, Summary: summary, Rules: rules,
		New: func() any { return new(C) },
		Streams: func(cmd any, _ domain.WorkspaceID, by domain.Actor) []domain.Stream {
			return []domain.Stream{Stream(whom(cmd.(D), by))}
		},
		Decide: func(cmd any, _ domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			stream := Stream(whom(cmd.(D), by))
			events, err := cmd.(D).Decide(*domain.Fact[*User](facts, stream), by)
			return domain.On(stream, events...), err
		},
	}
}
