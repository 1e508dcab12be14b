package user_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain/scenario/person"
	"behalf/domain/user"
)

// A copy shares nothing that events change, and erasing leaves nothing.
func TestMeansAreCopied(t *testing.T) {
	t.Parallel()
	var u user.User
	u.Evolve(person.Registered)
	u.Evolve(user.PasskeyAdded{Factor: person.Laptop})
	clone := u.Clone().(*user.User)
	clone.Evolve(user.FactorRemoved{Factor: person.Laptop})
	clone.Evolve(user.ProviderLinked{Linked: person.Google})
	require.True(t, u.Means.TwoFactor())
	require.False(t, clone.Means.TwoFactor())
	require.Empty(t, u.Means.Linked)
	clone.Evolve(user.Erased{})
	require.Equal(t, user.User{Erased: true}, *clone)
}
