package devservices

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestThrowawayServicesAnswerAndLeaveNothing(t *testing.T) {
	t.Parallel()
	services, err := Start(t.Context(), Options{Throwaway: true})
	require.NoError(t, err)

	connection, err := pgx.Connect(t.Context(), services.PostgresURL)
	require.NoError(t, err)
	var database string
	require.NoError(t, connection.QueryRow(t.Context(), "select current_database()").Scan(&database))
	require.Equal(t, "behalf", database)
	require.NoError(t, connection.Close(t.Context()))
	require.DirExists(t, services.PostgresDir)

	require.NoError(t, services.Stop(t.Context()))
	require.NoDirExists(t, services.PostgresDir)
}
