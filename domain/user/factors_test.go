package user

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	phone, laptop = FactorID{15: 1}, FactorID{15: 2}
	google        = LinkedID{15: 3}
)

// A copy shares nothing that events change, and erasing leaves nothing.
func TestMeansAreCopied(t *testing.T) {
	t.Parallel()
	var u User
	u.Evolve(registered)
	u.Evolve(PasskeyAdded{Factor: laptop})
	clone := u.Clone().(*User)
	clone.Evolve(FactorRemoved{Factor: laptop})
	clone.Evolve(ProviderLinked{Linked: google})
	require.True(t, u.Means.TwoFactor())
	require.False(t, clone.Means.TwoFactor())
	require.Empty(t, u.Means.Linked)
	clone.Evolve(Erased{})
	require.Equal(t, User{Erased: true}, *clone)
}
