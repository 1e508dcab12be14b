package tenants_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain"
	"behalf/eventstore"
	"behalf/internal/testkit"
)

// without are the tables that the API reads without row-level security, and
// why. A schema's name stands for all its tables. Whatever is not here needs a
// policy before the API may read it.
var without = map[string]string{
	"log.checkpoints":     "how far views are; nobody's",
	"log.high_water":      "one number; nobody's",
	"log.lineage":         "which log this is, in one row; nobody's",
	"log.quarantines":     "when nothing was published, and what operators noted; nobody's",
	"log.reconsidered":    "outcomes alone, see counted",
	"views.generations":   "which tables a view is in; nobody's",
	"views.stopped":       "which views stand still; nobody's",
	"views.parked":        "positions, types and command ids alone: nothing of whose they are",
	"vault.keysets":       "one wrapped key; nobody's",
	"vault.registrations": "this installation's own clients at hosts, sealed; nobody's",
	"seal":                "hashes and signed notes of the whole log, which are to leave it",
	"signin":              "found by the hash of a secret or an address before anybody is known; of a person, ids and hashes only",
}

// counted are tables with rows of workspaces of which the API reads just these
// columns, to count: nothing of whose they are.
var counted = map[string][]string{"log.reconsidered": {"quarantine_id", "outcome"}}

// table is one that the API's role may read something of.
type table struct {
	name    string
	columns []string // those that it may read
	walled  bool     // row-level security is on, for its owner too
	open    bool     // a policy lets the API see every row
}

const sqlTables = `
select
	c.oid::regclass::text,
	array_agg(a.attname::text order by a.attnum),
	c.relrowsecurity and c.relforcerowsecurity,
	exists (
		select
		from pg_policy as p
		where p.polrelid = c.oid
		and ('behalf_api'::regrole = any (p.polroles) or 0 = any (p.polroles))
		and pg_get_expr(p.polqual, p.polrelid) = 'true'
	)
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relkind in ('r', 'p')
and n.nspname not in ('pg_catalog', 'information_schema')
and has_schema_privilege('behalf_api', n.oid, 'usage')
and has_column_privilege('behalf_api', c.oid, a.attnum, 'select')
group by c.oid
order by 1`

func tables(t *testing.T, admin *pgxpool.Pool) (all []table) {
	t.Helper()
	found, err := admin.Query(t.Context(), sqlTables)
	require.NoError(t, err)
	var one table
	_, err = pgx.ForEachRow(found, []any{&one.name, &one.columns, &one.walled, &one.open}, func() error {
		one.columns = slices.Clone(one.columns)
		all = append(all, one)
		return nil
	})
	require.NoError(t, err)
	return all
}

func excepted(name string) bool {
	schema, _, _ := strings.Cut(name, ".")
	return without[name] != "" || without[schema] != ""
}

// Every table that the API reads stands behind row-level security, or is named
// above with the reason.
func TestEveryTableHasAWall(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	walled := 0
	for _, table := range tables(t, w.Admin) {
		if columns, is := counted[table.name]; is {
			require.Equal(t, columns, table.columns, table.name)
		}
		if excepted(table.name) {
			continue
		}
		require.True(t, table.walled, "%s: the API reads it without row-level security", table.name)
		require.False(t, table.open, "%s: a policy shows the API every row", table.name)
		walled++
	}
	require.Greater(t, walled, 12)
}

// Nor does a function tell the API what the tables would not: which targets of
// everybody's are still to be asked about (R69) is the engine's matter.
func TestUnreconciledTargetsAreNotTold(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	var whole, counted bool
	require.NoError(t, w.Admin.QueryRow(t.Context(), `
		select
			has_function_privilege('behalf_api', 'log.unreconciled()', 'execute'),
			has_function_privilege('behalf_api', 'log.unreconciled_counts()', 'execute')`).Scan(&whole, &counted))
	require.False(t, whole)
	require.True(t, counted)
}

// A query that forgets its filter shows nothing of another workspace, and
// nothing at all where none is named: over all tables that there are.
func TestAQueryThatForgetsItsFilter(t *testing.T) {
	t.Parallel()
	two := meet(t)
	config, err := eventstore.PoolConfig(testkit.PostgresURL(t, two.Admin), eventstore.RoleAPI)
	require.NoError(t, err)
	api, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(api.Close)

	full := 0
	for _, table := range tables(t, two.Admin) {
		if excepted(table.name) {
			continue
		}
		var there int
		require.NoError(t, two.Admin.QueryRow(t.Context(), "select count(*) from "+table.name).Scan(&there))
		if there > 0 {
			full++
		}
		require.Zero(t, count(t, api, eventstore.Scope{}, table.name, ""), "%s without a scope", table.name)
		mallory := eventstore.Scope{Workspace: parse[domain.WorkspaceID](t, two.evil), User: parse[domain.UserID](t, two.mallory.ID)}
		for _, column := range table.columns {
			var theirs [16]byte
			switch column {
			case "workspace_id":
				theirs = parse[domain.WorkspaceID](t, two.Workspace)
			case "user_id", "person", "person_id", "author_id", "holder_id", "owner_id":
				theirs = parse[domain.UserID](t, two.Olivia.ID)
			case "account_id":
				theirs = parse[domain.AccountID](t, two.Account)
			default:
				continue
			}
			filter := column + " = '" + uuid.UUID(theirs).String() + "'"
			require.Zero(t, count(t, api, mallory, table.name, filter), "%s: %s", table.name, filter)
		}
	}
	require.Greater(t, full, 8, "most tables have rows")
}

func count(t *testing.T, api *pgxpool.Pool, scope eventstore.Scope, name, filter string) (rows int) {
	t.Helper()
	statement := "select count(*) from " + name
	if filter != "" {
		statement += " where " + filter
	}
	batch := &pgx.Batch{}
	scope.Queue(batch)
	batch.Queue(statement).QueryRow(func(row pgx.Row) error { return row.Scan(&rows) })
	require.NoError(t, api.SendBatch(t.Context(), batch).Close(), name)
	return rows
}

// parse reads an id.
func parse[T any, P interface {
	*T
	UnmarshalText(text []byte) error
}](t *testing.T, text string) T {
	t.Helper()
	var id T
	require.NoError(t, P(&id).UnmarshalText([]byte(text)))
	return id
}

// Schema signin has no row-level security: whoever names its tables takes care
// of the filter. So nobody does but the packages that are about signing in.
func TestWhoNamesSignIn(t *testing.T) {
	t.Parallel()
	allowed := []string{"signin", "secondfactor", "oidc", "apitest", "tenants"}
	naming := 0
	for _, room := range []string{"..", "../../projections", "../../workers", "../../eventstore", "../../internal", "../../cmd"} {
		tree := os.DirFS(room)
		require.NoError(t, fs.WalkDir(tree, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			content, err := fs.ReadFile(tree, path)
			if err != nil {
				return err
			}
			if !namesSignIn.Match(content) {
				return nil
			}
			naming++
			folder, _, _ := strings.Cut(path, "/")
			require.True(t, room == ".." && slices.Contains(allowed, folder), "%s/%s names tables of schema signin", room, path)
			return nil
		}))
	}
	require.Greater(t, naming, 10)
}

// namesSignIn finds a table of the schema in SQL; Go's signin.Desk is none.
var namesSignIn = regexp.MustCompile(`(?m)(from|join|into|update)\s+signin\.[a-z_]+`)
