package testkit

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPostgresIsMigrated(t *testing.T) {
	t.Parallel()
	var events int
	err := Postgres(t).QueryRow(t.Context(), "select count(*) from events").Scan(&events)
	require.NoError(t, err)
	require.Zero(t, events)
}
