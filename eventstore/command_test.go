package eventstore

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/eventstore/codec"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Two keys are the same only if who asks, where, and the chosen key are.
func TestCommandKeysDoNotCollide(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		small := rapid.Custom(func(t *rapid.T) [16]byte { return [16]byte{15: rapid.ByteRange(0, 1).Draw(t, "last")} })
		type asked struct {
			user, ws [16]byte
			key      string
		}
		draw := func(label string) (asked, CommandKey) {
			a := asked{small.Draw(t, label+" user"), small.Draw(t, label+" workspace"), rapid.StringN(0, 2, -1).Draw(t, label+" key")}
			return a, NewCommandKey(domain.UserID(a.user), domain.WorkspaceID(a.ws), a.key, nil)
		}
		first, one := draw("first")
		second, two := draw("second")
		require.Equal(t, first == second, one.ID == two.ID)
	})
}

func TestACommandKeyIsBoundToItsTypeAndBody(t *testing.T) {
	t.Parallel()
	var user domain.UserID = Fresh()
	key := func(body string) CommandKey { return NewCommandKey(user, domain.WorkspaceID{}, "k", []byte(body)) }
	again := key("a").of("Invite", user)
	require.Equal(t, again, key("a").of("Invite", user))
	require.NotEqual(t, key("a").of("Invite", user).BodyHash, key("b").of("Invite", user).BodyHash)
	require.NotEqual(t, key("a").of("Invite", user).BodyHash, key("a").of("Remove", user).BodyHash)
}

func TestMetadataThatSaysNothingIsEmpty(t *testing.T) {
	t.Parallel()
	empty, err := codec.Canonical(Metadata{})
	require.NoError(t, err)
	require.Equal(t, `{}`, string(empty))
}

func TestPoolLimitsCanBeChosen(t *testing.T) {
	t.Parallel()
	config, err := PoolConfig("postgres://someone@localhost/behalf?statement_timeout=5&pool_max_conns=3", RoleAPI)
	require.NoError(t, err)
	require.Equal(t, "5", config.ConnConfig.RuntimeParams["statement_timeout"])
	require.Equal(t, "5000", config.ConnConfig.RuntimeParams["lock_timeout"])
	require.EqualValues(t, 3, config.MaxConns)
	config, err = PoolConfig("postgres://someone@localhost/behalf", RoleAPI)
	require.NoError(t, err)
	require.EqualValues(t, maxConns, config.MaxConns)
	_, err = PoolConfig("postgres://someone:secret@localhost:nowhere/behalf", RoleAPI)
	require.Error(t, err)
	require.NotContains(t, err.Error(), "secret")
}
