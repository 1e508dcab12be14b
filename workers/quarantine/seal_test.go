package quarantine_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"behalf/workers/quarantine"
	"behalf/workers/workerstest"
)

// The signed checkpoints outside say that the log was restored. An operator who
// has ended that quarantine is not asked again, until more was sealed.
func TestContradicted(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, "owner")
	require.NoError(t, process(w, w.RedisClient()).Check(w.Ctx))
	sealed := func(size int) {
		_, err := w.Admin.Exec(w.Ctx, "insert into seal.checkpoints (size, position, root, note, made_at) values ($1, $1, sha256('x'), '', now() - interval '1 hour')", size)
		require.NoError(t, err)
	}
	contradicted := func() bool {
		begun, err := quarantine.Contradicted(w.Ctx, w.Pool)
		require.NoError(t, err)
		return begun
	}
	sealed(2)
	require.True(t, contradicted())
	require.False(t, contradicted(), "it holds already")
	require.Equal(t, "seal", reason(w))
	var old bool
	require.NoError(t, w.Pool.QueryRow(w.Ctx, "select since < now() - interval '59 minutes' from log.quarantines").Scan(&old))
	require.True(t, old, "what was sealed last is what is known")

	require.Zero(t, end(w))
	require.False(t, contradicted(), "an operator has looked")
	require.Empty(t, reason(w))
	sealed(1_000_000)
	require.True(t, contradicted(), "another one")
	_, err := w.Admin.Exec(w.Ctx, "select log.begin_quarantine('copied', '', now(), $1)", uuid.New())
	require.Error(t, err, "what Behalf finds out is not for others to say")
}
