package vault_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/vault"
)

// A network whose tokens nobody refreshes, with as many connections as may be,
// holds up no refresh of another one.
func TestANetworkThatHangsHoldsUpItsOwnRefreshes(t *testing.T) {
	t.Parallel()
	_, _, admin := rooms(t)
	engine := open(t, as(t, admin, "behalf_engine", 8))
	stored := func(network string) vault.Connection {
		c := connection()
		c.Network = network
		require.NoError(t, engine.Store(t.Context(), c, secret("old")))
		return c
	}
	hanging, answers := make(chan struct{}, 16), make(chan struct{})
	ended := make(chan error, cap(hanging))
	for range cap(hanging) {
		c := stored("silent")
		go func() {
			_, err := engine.Update(context.WithoutCancel(t.Context()), c.ID, func(ctx context.Context, _ vault.Secret) (vault.Secret, time.Time, error) {
				hanging <- struct{}{}
				select {
				case <-answers:
					return secret("new"), time.Time{}, nil
				case <-ctx.Done():
					return vault.Secret{}, time.Time{}, errors.New("nobody answered")
				}
			})
			ended <- err
		}()
	}
	<-hanging
	for range 4 {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		got, err := engine.Update(ctx, stored("well").ID, func(context.Context, vault.Secret) (vault.Secret, time.Time, error) {
			return secret("new"), time.Time{}, nil
		})
		cancel()
		require.NoError(t, err)
		require.True(t, got.Equal(secret("new")))
	}
	close(answers)
	for range cap(ended) {
		require.NoError(t, <-ended, "each in its turn")
	}
}
