package user

import (
	"maps"

	"behalf/domain"
)

type factorKind struct{}

func (factorKind) Prefix() string { return "fac" }

// FactorID identifies a second factor of a person: an authenticator app or a
// passkey. It is no secret.
type FactorID = domain.ID[factorKind]

type linkedKind struct{}

func (linkedKind) Prefix() string { return "lnk" }

// LinkedID identifies an account at a provider that a person signs in with.
type LinkedID = domain.ID[linkedKind]

// Means are by what a person can prove who they are, besides a password. The
// secrets that go with it are nowhere in a history.
type Means struct {
	Factors map[FactorID]bool // second factors
	Linked  map[LinkedID]bool // accounts at providers
}

// TwoFactor reports whether two-factor authentication is enabled: there is a
// factor to prove.
func (m Means) TwoFactor() bool { return len(m.Factors) > 0 }

func (m Means) clone() Means {
	return Means{Factors: maps.Clone(m.Factors), Linked: maps.Clone(m.Linked)}
}

func (m *Means) evolve(event domain.Event) {
	switch e := event.(type) {
	case AuthenticatorAdded:
		put(&m.Factors, e.Factor)
	case PasskeyAdded:
		put(&m.Factors, e.Factor)
	case FactorRemoved:
		delete(m.Factors, e.Factor)
	case ProviderLinked:
		put(&m.Linked, e.Linked)
	case ProviderUnlinked:
		delete(m.Linked, e.Linked)
	}
}

func put[K comparable](set *map[K]bool, key K) {
	if *set == nil {
		*set = map[K]bool{}
	}
	(*set)[key] = true
}
