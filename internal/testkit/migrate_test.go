package testkit

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPostgresIsMigrated(t *testing.T) {
	t.Parallel()
	var applied int
	err := Postgres(t).QueryRow(t.Context(), "select max(version_id) from goose_db_version").Scan(&applied)
	require.NoError(t, err)
	require.Positive(t, applied)
}
