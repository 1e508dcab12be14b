package audit_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/program"
	"behalf/cmd/behalf/sitetest"
	"behalf/eventstore/seal/checkpoint"
)

func TestAuditEvidence(t *testing.T) {
	t.Parallel()
	ctx, a, invited := openSealed(t)
	key := "--key=" + strings.TrimSpace(a.prints("key"))
	folder := t.TempDir()

	held := filepath.Join(folder, "checkpoint")
	signed, err := checkpoint.Folder(filepath.Join(a.site.Settings.Data, "checkpoints")).Latest()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(held, signed, 0o600))
	require.Contains(t, a.prints("verify"), "are what was sealed")
	require.Contains(t, a.prints("verify", key, "--checkpoint="+held), "are what was sealed")

	file := filepath.Join(folder, "acme.jsonl")
	require.Contains(t, a.prints("export", "--workspace="+a.site.Workspace, "--out="+file), "acme.jsonl")
	require.Contains(t, a.prints("verify", key, "--export="+file), "the export is genuine and whole")
	a.ends(2, "export", "--workspace="+a.site.Workspace, "--out="+file)
	a.ends(2, "verify", "--export="+file)
	content, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, content[:len(content)-2], 0o600))
	a.ends(1, "verify", key, "--export="+file)

	var event string
	require.NoError(t, a.site.Database.QueryRow(ctx, `select 'evt_' || replace(id::text, '-', '') from log.events where position = $1`, invited).Scan(&event))
	proof := filepath.Join(folder, "proof.json")
	proven := a.prints("prove", event)
	require.NoError(t, os.WriteFile(proof, []byte(proven), 0o600))
	require.Contains(t, a.prints("verify", key, "--proof="+proof), "workspace.client_invited.v1")
	require.NoError(t, os.WriteFile(proof, []byte(strings.Replace(proven, "client_invited", "admin_invited", 1)), 0o600))
	a.ends(1, "verify", key, "--proof="+proof)
	a.ends(2, "verify", key, "--proof="+proof+".none")
	a.ends(2, "verify", "--checkpoint="+held+".none")
	a.ends(2, "verify", "--key=nonsense")
	a.ends(1, "prove", "evt_"+strings.Repeat("1", 32))

	require.Contains(t, a.prints("fsck"), "view members")
	a.tamper(ctx, `update log.events set data = '{}' where position = `+strconv.FormatInt(invited, 10))
	out, problems := a.ends(1, "verify", key, "--checkpoint="+held)
	require.Contains(t, out, "position "+strconv.FormatInt(invited, 10)+": changed")
	require.Contains(t, problems, "the first bad position is at "+strconv.FormatInt(invited, 10))
	a.ends(1, "fsck", "--skip-views")
}

// tamper changes what nobody but a superuser can.
func (a auditor) tamper(ctx context.Context, statement string) {
	a.t.Helper()
	require.NoError(a.t, pgx.BeginFunc(ctx, a.site.Database, func(tx pgx.Tx) error {
		for _, one := range []string{
			`alter table log.events disable trigger append_only`, statement, `alter table log.events enable always trigger append_only`,
		} {
			if _, err := tx.Exec(ctx, one); err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestAuditKeys(t *testing.T) {
	t.Parallel()
	var out, problems sitetest.Buffer
	require.Zero(t, program.Run(t.Context(), []string{"audit", "key", "--new=example.com/behalf"}, process.Environment{Out: &out, Err: &problems, Lookup: sitetest.Among(nil)}))
	private := strings.TrimSpace(out.String())
	var public sitetest.Buffer
	require.Zero(t, program.Run(t.Context(), []string{"audit", "key"}, process.Environment{
		Out: &public, Err: &problems, Lookup: sitetest.Among(map[string]string{"BEHALF_SEAL_KEY": private}),
	}))
	keys, err := checkpoint.PublicKeys(private)
	require.NoError(t, err)
	require.Equal(t, keys[0], strings.TrimSpace(public.String()))
	require.Equal(t, 2, program.Run(t.Context(), []string{"audit", "key", "--new=a b"}, process.Environment{Out: &out, Err: &problems, Lookup: sitetest.Among(nil)}))
	require.Equal(t, 2, program.Run(t.Context(), []string{"audit", "key"}, process.Environment{
		Out: &out, Err: &problems, Lookup: sitetest.Among(map[string]string{"BEHALF_SEAL_KEY": "PRIVATE+KEY+hunter2"}),
	}))
	require.NotContains(t, problems.String(), "hunter2")
}
