package rows_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"behalf/internal/testkit"
	"behalf/projections/rows"
	"behalf/projections/rows/rowstest"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestMain(m *testing.M) { testkit.Main(m) }

type thing struct {
	Group  [16]byte       `db:"group_id"`
	Number int            `db:"number"`
	Name   string         `db:"name"`
	Owner  [16]byte       `db:"owner"`
	Since  time.Time      `db:"since"`
	Tags   []string       `db:"tags"`
	Counts map[string]int `db:"counts"`
	Good   bool           `db:"good"`
}

var things = rows.NewTable[thing]("things", "group_id", "number")

func install(ctx context.Context, pool *pgxpool.Pool) error {
	_, err := pool.Exec(ctx, `
		create table things (
			group_id uuid not null,
			number integer not null check (number >= 0),
			name text not null,
			owner uuid,
			since timestamptz,
			tags jsonb not null,
			counts jsonb not null,
			good boolean not null,
			primary key (group_id, number)
		)`)
	return err
}

func stored(ctx context.Context, t require.TestingT, tx pgx.Tx) []thing {
	found, err := tx.Query(ctx, "select * from things order by group_id, number")
	require.NoError(t, err)
	all, err := rows.Collect[thing](found)
	require.NoError(t, err)
	return all
}

func anyChange() *rapid.Generator[rows.Change] {
	ids := rapid.SampledFrom([][16]byte{{1}, {2}})
	owners := rapid.SampledFrom([][16]byte{{}, {7}})
	numbers := rapid.IntRange(0, 2)
	names := rapid.SampledFrom([]string{"", "a", "it's; drop"})
	moments := rapid.SampledFrom([]time.Time{{}, time.Date(2026, 11, 22, 6, 0, 0, 5000, time.UTC)})
	tags := rapid.SampledFrom([][]string{{}, {"x", `"`}})
	counts := rapid.SampledFrom([]map[string]int{{}, {"a": 1}})
	return rapid.Custom(func(t *rapid.T) rows.Change {
		key := rows.Values{"group_id": ids.Draw(t, "group")}
		if rapid.Bool().Draw(t, "whole key") {
			key["number"] = numbers.Draw(t, "number")
		}
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			return things.Delete(key)
		case 1:
			return things.Patch(key, rows.Values{"name": names.Draw(t, "name"), "owner": owners.Draw(t, "owner")})
		default:
			return things.Put(thing{
				Group: ids.Draw(t, "group"), Number: numbers.Draw(t, "number"), Name: names.Draw(t, "name"),
				Owner: owners.Draw(t, "owner"), Since: moments.Draw(t, "since"),
				Tags: tags.Draw(t, "tags"), Counts: counts.Draw(t, "counts"), Good: rapid.Bool().Draw(t, "good"),
			})
		}
	})
}

func TestTheLiveWriterDoesWhatMemoryDoes(t *testing.T) {
	t.Parallel()
	pool := testkit.EmptyPostgres(t, install)
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		tx, err := pool.Begin(ctx)
		require.NoError(t, err)
		defer func() { _ = tx.Rollback(ctx) }()
		memory := new(rowstest.Memory)
		for _, changes := range rapid.SliceOfN(rapid.SliceOfN(anyChange(), 0, 4), 0, 6).Draw(t, "events") {
			require.NoError(t, memory.Apply(ctx, changes))
			require.NoError(t, rows.Live{Tx: tx}.Apply(ctx, changes))
		}
		held, err := rowstest.Rows(memory, things)
		require.NoError(t, err)
		require.Equal(t, held, append([]thing{}, stored(ctx, t, tx)...))
	})
}

// Events that are written together leave what they leave one by one; what does
// not fit its table is refused at once, and nothing of its event is kept.
func TestTogetherDoesWhatMemoryDoes(t *testing.T) {
	t.Parallel()
	pool := testkit.EmptyPostgres(t, install)
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		tx, err := pool.Begin(ctx)
		require.NoError(t, err)
		defer func() { _ = tx.Rollback(ctx) }()
		memory, together := new(rowstest.Memory), new(rows.Together)
		for _, changes := range rapid.SliceOfN(rapid.SliceOfN(anyChange(), 0, 4), 0, 6).Draw(t, "events") {
			require.NoError(t, memory.Apply(ctx, changes))
			require.NoError(t, together.Apply(ctx, changes))
			malformed := things.Delete(nil)
			require.Error(t, together.Apply(ctx, append(slices.Clone(changes), malformed)))
		}
		require.NoError(t, together.Write(ctx, tx))
		held, err := rowstest.Rows(memory, things)
		require.NoError(t, err)
		require.Equal(t, held, append([]thing{}, stored(ctx, t, tx)...))
	})
}

// The event's own changes are undone, those before and after it stand.
func TestAFailingEventLeavesNoTrace(t *testing.T) {
	t.Parallel()
	pool := testkit.EmptyPostgres(t, install)
	good := func(number int) rows.Change {
		return things.Put(thing{Group: [16]byte{1}, Number: number, Tags: []string{}, Counts: map[string]int{}})
	}
	tx, err := pool.Begin(t.Context())
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(t.Context()) }()
	live := rows.Live{Tx: tx}
	require.NoError(t, live.Apply(t.Context(), []rows.Change{good(1)}))
	require.ErrorContains(t, live.Apply(t.Context(), []rows.Change{good(2), good(-1)}), "things_number_check")
	require.NoError(t, live.Apply(t.Context(), []rows.Change{good(3)}))
	left := stored(t.Context(), t, tx)
	require.Len(t, left, 2)
	require.Equal(t, []int{1, 3}, []int{left[0].Number, left[1].Number})
}

func TestChangesThatDoNotFitTheirTableAreRefused(t *testing.T) {
	t.Parallel()
	key := rows.Values{"group_id": [16]byte{1}}
	incomplete := things.Put(thing{})
	delete(incomplete.Set, "name")
	for name, change := range map[string]rows.Change{
		"unknown column":       things.Patch(key, rows.Values{"nmae": "x"}),
		"not a key":            things.Patch(rows.Values{"name": "x"}, rows.Values{"good": true}),
		"nothing to change":    things.Patch(key, nil),
		"every row":            things.Delete(nil),
		"a key that moves":     things.Patch(key, rows.Values{"number": 2}),
		"a row with a gap":     incomplete,
		"a change of no kind":  {Table: things.Shape, Key: key},
		"a delete with values": {Kind: rows.Delete, Table: things.Shape, Key: key, Set: rows.Values{"good": true}},
	} {
		require.Error(t, change.Check(), name)
		require.Error(t, new(rowstest.Memory).Apply(t.Context(), []rows.Change{change}), name)
		require.Error(t, rows.Live{}.Apply(t.Context(), []rows.Change{change}), name)
	}
}

func TestMemoryFindsValuesOfAnotherType(t *testing.T) {
	t.Parallel()
	memory := new(rowstest.Memory)
	require.NoError(t, memory.Apply(t.Context(), []rows.Change{
		things.Put(thing{Group: [16]byte{1}}),
		things.Patch(rows.Values{"group_id": [16]byte{1}}, rows.Values{"name": 5}),
	}))
	_, err := rowstest.Rows(memory, things)
	require.ErrorContains(t, err, "things.name")
}

func TestATableHasAKeyAndMore(t *testing.T) {
	t.Parallel()
	type onlyKey struct {
		ID int `db:"id"`
	}
	require.Panics(t, func() { rows.NewTable[onlyKey]("t", "id") })
	require.Panics(t, func() { rows.NewTable[thing]("t", "nothing") })
	require.Panics(t, func() { rows.NewTable[thing]("t") })
}
