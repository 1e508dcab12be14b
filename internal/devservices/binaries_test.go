package devservices

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

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
	require.GreaterOrEqual(t, version.Found, oldestMajor)
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

func noPrograms(context.Context) programs { return programs{} }

func TestChoosePostgres(t *testing.T) {
	t.Parallel()
	old, good, newer, broken := fakePostgres(t, 13), fakePostgres(t, 15), fakePostgres(t, 17), t.TempDir()
	for name, test := range map[string]struct {
		folders       []string
		wanted        int
		chosen, other int
	}{
		"the first that is new enough": {[]string{broken, old, good, newer}, 0, 15, 13},
		"the data's version":           {[]string{old, good, newer}, 17, 17, 13},
		"old data on its old version":  {[]string{newer, old}, 13, 13, 17},
		"data of none of them":         {[]string{newer, good}, 16, 0, 17},
		"none is new enough":           {[]string{old}, 0, 0, 13},
		"none at all":                  {[]string{broken, "/nowhere"}, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chosen, other := choosePostgres(t.Context(), test.folders, test.wanted)
			require.Equal(t, test.chosen, chosen.major)
			if test.chosen == 0 {
				require.Equal(t, test.other, other.major)
			}
		})
	}
}

// fakePostgres is a folder whose programs say they are of a version.
func fakePostgres(t *testing.T, major int) string {
	folder := t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %d.4 (Debian %d.4-1.pgdg120+1)'\n", major, major)
	for _, program := range []string{"postgres", "initdb"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, program), []byte(script), 0o700))
	}
	return folder
}

func TestInstallHint(t *testing.T) {
	t.Parallel()
	for release, want := range map[string]string{
		"ID=debian\nVERSION_ID=\"12\"\n":               "apt-get install postgresql-15",
		"NAME=Mint\nID=linuxmint\nID_LIKE=ubuntu":      "apt-get install postgresql-15",
		"ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"": "dnf install postgresql15-server",
		"ID=alpine\n": "apk add postgresql15",
		"":            "install it with the system's packages",
	} {
		require.Equal(t, want, installHintFor(release, 15), release)
	}
	require.Equal(t, "apt-get install postgresql", installHintFor("ID=debian", 0))
}
