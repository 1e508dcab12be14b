package keys_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/keys"
	"behalf/internal/testkit"
	"behalf/projections"
)

// notDrawers are the columns of bytes that nothing of the vault's keyset has to
// be sealed anew in, and why.
var notDrawers = map[string]string{
	"log.events.data":                "plain, or sealed by a person's or a workspace's key",
	"log.events.metadata":            "plain, or sealed by a person's or a workspace's key",
	"media.items.received":           "a hash",
	"media.items.request":            "a hash",
	"persons.keys.wrapped":           "wrapped by a key that follows from the master key",
	"persons.workspace_keys.wrapped": "wrapped by a key that follows from the master key",
	"public.behalf_applied.sha256":   "a hash",
	"seal.checkpoints.note":          "plain and signed",
	"seal.checkpoints.root":          "a hash",
	"seal.tiles.hashes":              "hashes",
	"signin.challenges.data":         "plain, and lasts minutes",
	"signin.departures.sealed":       "lasts ten minutes",
	"vault.authorizations.sealed":    "lasts ten minutes",
	"vault.grants.sealed":            "lasts ten minutes",
	"vault.keysets.wrapped":          "the keyset itself: behalf vault rewrap",
	"views.generations.definition":   "plain",
	"workers.prepared.made":          "plain: ids on networks, no secret",
}

// columnsOfBytes lists the bytea columns of all tables of ours.
func columnsOfBytes(ctx context.Context, t *testing.T, admin *pgxpool.Pool) []string {
	t.Helper()
	rows, err := admin.Query(ctx, `
		select c.table_schema || '.' || c.table_name || '.' || c.column_name
		from information_schema.columns as c
		join information_schema.tables as t using (table_schema, table_name)
		where c.data_type = 'bytea'
		  and t.table_type = 'BASE TABLE'
		  and c.table_schema not in ('pg_catalog', 'information_schema')
		order by 1`)
	require.NoError(t, err)
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return columns
}

// A column of bytes is one that is sealed anew, or known not to need it: a new
// one says which it is.
func TestEveryColumnOfBytesIsKnown(t *testing.T) {
	t.Parallel()
	admin := testkit.Postgres(t, projections.Install)
	drawn := map[string]bool{}
	for _, d := range keys.Drawers() {
		drawn[d.Table+"."+d.Column] = true
	}
	var neither, both []string
	there := map[string]bool{}
	for _, column := range columnsOfBytes(t.Context(), t, admin) {
		there[column] = true
		_, explained := notDrawers[column]
		switch {
		case drawn[column] && explained:
			both = append(both, column)
		case !drawn[column] && !explained && !strings.HasSuffix(column, "_hash"):
			neither = append(neither, column)
		}
	}
	require.Empty(t, both)
	require.Empty(t, neither, "each is in a drawer (behalf vault reencrypt), or in notDrawers with the reason why not")
	for column := range drawn {
		require.True(t, there[column], "%s is in a drawer and not in the database", column)
	}
	for column := range notDrawers {
		require.True(t, there[column], "%s is explained and not in the database", column)
	}
}
