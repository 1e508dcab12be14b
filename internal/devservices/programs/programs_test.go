package programs

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

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
			chosen, other := ChoosePostgres(t.Context(), test.folders, test.wanted)
			require.Equal(t, test.chosen, chosen.Major)
			if test.chosen == 0 {
				require.Equal(t, test.other, other.Major)
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

func TestFindFindsWhatTheTestsRunOn(t *testing.T) {
	t.Parallel()
	found := Find(t.Context())
	require.NotEmpty(t, found.Postgres)
	chosen, _ := ChoosePostgres(t.Context(), found.Postgres, 0)
	require.GreaterOrEqual(t, chosen.Major, OldestMajor)
	require.FileExists(t, filepath.Join(chosen.Bin, "initdb"))
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
