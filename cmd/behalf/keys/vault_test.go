package keys_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/program"
	"behalf/cmd/behalf/sitetest"
)

// prefixOfVault is what everything begins with that the key of a vault sealed
// which has one key only.
func prefixOfVault(ctx context.Context, t *testing.T, admin *pgxpool.Pool) (prefix []byte) {
	t.Helper()
	require.NoError(t, admin.QueryRow(ctx, `select distinct substring(sealed for 5) from vault.connections`).Scan(&prefix))
	return prefix
}

// beginningWith lists the columns that hold something that begins like that,
// but those in which nothing lasts.
func beginningWith(ctx context.Context, t *testing.T, admin *pgxpool.Pool, prefix []byte) (found []string) {
	t.Helper()
	for _, column := range columnsOfBytes(ctx, t, admin) {
		if strings.Contains(notDrawers[column], "lasts") {
			continue
		}
		dot := strings.LastIndex(column, ".")
		var there bool
		err := admin.QueryRow(ctx, fmt.Sprintf(`select exists (select from %s where substring(%s for 5) = $1)`, column[:dot], column[dot+1:]), prefix).Scan(&there)
		require.NoError(t, err)
		if there {
			found = append(found, column)
		}
	}
	return found
}

// TestVaultCommands rotates, renews, rewraps and checks the keys of a Behalf
// that runs, with the connections of the story in it: what is told are numbers
// and ids, nothing of a key or a token, and publishing goes on.
func TestVaultCommands(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), sitetest.TestTime)
	defer cancel()
	variables := sitetest.Variables(t)
	sandbox, printed := &sitetest.Recorder{}, &sitetest.Buffer{}
	w := sitetest.OpenWorld(ctx, t, variables, printed, dev.Options{Front: sandbox.Record})
	require.NoError(t, w.Play(ctx), "%s", printed)
	wrapping := base64.StdEncoding.EncodeToString([]byte("canary-of-the-wrapping-key-12345"))
	told := ""
	vault := func(code int, args ...string) string {
		t.Helper()
		var out, problems sitetest.Buffer
		ended := program.Run(ctx, append([]string{"vault"}, args...), process.Environment{Lookup: sitetest.Among(variables), Out: &out, Err: &problems})
		told += out.String() + problems.String()
		require.Equal(t, code, ended, "%s%s", out.String(), problems.String())
		return out.String() + problems.String()
	}

	admin, err := pgxpool.New(ctx, variables["DATABASE_URL"])
	require.NoError(t, err)
	defer admin.Close()
	first := prefixOfVault(ctx, t, admin)
	require.Contains(t, beginningWith(ctx, t, admin, first), "vault.care.offered", "not connections alone")
	require.Contains(t, vault(0, "check"), "3 connections open; 0 of them sealed by an older key")
	require.Contains(t, vault(0, "rotate"), "The vault has 2 keys")
	require.Contains(t, vault(0, "check"), "3 connections open; 3 of them sealed by an older key")
	anew := vault(0, "reencrypt")
	require.Contains(t, anew, "3 connections sealed anew with the newest key.\n")
	require.Contains(t, anew, "3 posting identities sealed anew with the newest key.\n")
	require.Contains(t, anew, "vault: sealing anew, ", "how far it is")
	require.Empty(t, beginningWith(ctx, t, admin, first), "sealed by the older key still")
	require.Contains(t, vault(0, "reencrypt"), "0 connections sealed anew")
	require.Contains(t, vault(0, "check"), "0 of them sealed by an older key")
	variables["BEHALF_VAULT_KEY"] = wrapping
	require.Contains(t, vault(0, "rewrap"), "wrapped by BEHALF_VAULT_KEY")
	require.Contains(t, vault(0, "check"), "3 connections open")
	delete(variables, "BEHALF_VAULT_KEY")
	require.Contains(t, vault(1, "check"), "does not open this database's vault")
	variables["BEHALF_VAULT_KEY"] = wrapping

	var lost, moved string
	require.NoError(t, admin.QueryRow(ctx, `delete from vault.connections where id = (select min(id::text)::uuid from vault.connections) returning replace(id::text, '-', '')`).Scan(&lost))
	require.NoError(t, admin.QueryRow(ctx, `update vault.connections set kind = 'other' returning replace(id::text, '-', '')`).Scan(&moved))
	looked := vault(1, "check")
	require.Contains(t, looked, "con_"+lost+" is named by the log and not there")
	require.Contains(t, looked, "con_"+moved+" does not open")
	require.Contains(t, vault(0, "rotate"), "3 keys")
	require.Contains(t, vault(1, "reencrypt"), "con_"+moved+" does not open, and stays as it is")

	secrets := append(sandbox.Find(`"(?:access|refresh)_token":\s*"([^"]+)"`), wrapping, "canary", variables["BEHALF_KEY"], w.Secrets.SandboxClientSecret)
	require.Greater(t, len(secrets), 5)
	for _, secret := range secrets {
		require.NotContains(t, told, secret, "a secret was told")
	}
}
