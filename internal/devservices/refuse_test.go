package devservices

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"behalf/internal/devservices/programs"

	"github.com/stretchr/testify/require"
)

func TestOtherVersionsDataIsRefusedAndKept(t *testing.T) {
	t.Parallel()
	options := Options{Dir: openFolder(t), SkipRedis: true}
	data := filepath.Join(options.Dir, "postgres")
	require.NoError(t, os.Mkdir(options.Dir, 0o755))
	require.NoError(t, os.Mkdir(data, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte("9\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(data, "precious"), []byte("data"), 0o600))

	_, err := Start(t.Context(), options)
	var version *VersionError
	require.ErrorAs(t, err, &version)
	require.Equal(t, 9, version.Data)
	require.GreaterOrEqual(t, version.Found, programs.OldestMajor)
	require.ErrorContains(t, err, fmt.Sprintf("was written by PostgreSQL 9, but only %d is installed", version.Found))
	require.FileExists(t, filepath.Join(data, "precious"))

	_, err = Start(t.Context(), options)
	require.ErrorAs(t, err, &version, "the first refusal has let go of the folder")
}

func TestMissingProgramsAreNamed(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{
		Throwaway: true,
		find:      noPrograms,
	})
	var missing *MissingError
	require.ErrorAs(t, err, &missing)
	require.ErrorContains(t, err, "PostgreSQL 15 or newer (initdb, postgres) are not installed: "+missing.Install)
	require.ErrorContains(t, err, "DATABASE_URL")
}

func noPrograms(context.Context) programs.Programs { return programs.Programs{} }
