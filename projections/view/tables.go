package view

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"behalf/eventstore"

	"github.com/jackc/pgx/v5"
)

// Create makes a generation's tables, which nobody but their owner may use yet.
// The transaction runs under eventstore.RoleOwner, as in all that follows; its
// session's user may create schemas, which that role need not.
func (v View) Create(ctx context.Context, tx pgx.Tx, generation int) error {
	schema := v.Schema(generation)
	for _, statement := range []string{
		"set local role none",
		"create schema " + quoted(schema) + " authorization " + eventstore.RoleOwner,
		"set local role " + eventstore.RoleOwner,
	} {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return fmt.Errorf("create %s: %w", schema, err)
		}
	}
	return within(ctx, tx, schema, v.Tables)
}

// Finish makes what is better made once most rows are there: indexes; and who
// may do what.
func (v View) Finish(ctx context.Context, tx pgx.Tx, generation int) error {
	schema := v.Schema(generation)
	if err := within(ctx, tx, schema, v.Indexes); err != nil {
		return err
	}
	tables, err := relations(ctx, tx, schema, "r")
	if err != nil {
		return err
	}
	var statements strings.Builder
	for _, table := range tables {
		for _, statement := range []string{
			"alter table %s enable row level security",
			"alter table %s force row level security",
			"create policy engine on %s to behalf_engine, behalf_owner using (true)",
			"grant insert, update, delete on %s to behalf_engine",
		} {
			fmt.Fprintf(&statements, statement+";\n", quoted(table))
		}
	}
	if err := within(ctx, tx, schema, statements.String()+v.Access); err != nil {
		return err
	}
	return within(ctx, tx, schema, fmt.Sprintf(`
grant usage on schema %[1]s to behalf_api, behalf_engine;
grant select on all tables in schema %[1]s to behalf_api, behalf_engine`, quoted(schema)))
}

// Publish lets the readable names stand for a generation. It blocks who reads
// them until the transaction ends. A column that is new comes behind those that a
// name has already, wherever the table has it: Postgres allows no other place.
func (v View) Publish(ctx context.Context, tx pgx.Tx, generation int) error {
	schema := v.Schema(generation)
	names, err := relations(ctx, tx, schema, "r", "v")
	if err != nil {
		return err
	}
	for _, name := range names {
		readable := quoted(Names) + "." + quoted(name)
		listed, err := columns(ctx, tx, readable)
		if err != nil {
			return err
		}
		made, err := columns(ctx, tx, quoted(schema)+"."+quoted(name))
		if err != nil {
			return err
		}
		listed = slices.DeleteFunc(listed, func(column string) bool { return !slices.Contains(made, column) })
		for _, column := range made {
			if !slices.Contains(listed, column) {
				listed = append(listed, column)
			}
		}
		// with the reader's rights: row-level security is theirs, not the owner's
		_, err = tx.Exec(ctx, fmt.Sprintf(`
create or replace view %[1]s with (security_invoker = true) as
select %[4]s
from %[2]s.%[3]s;
grant select on %[1]s to behalf_api;
grant select, insert, update, delete on %[1]s to behalf_engine`,
			readable, quoted(schema), quoted(name), strings.Join(listed, ", ")), pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			return fmt.Errorf("publish %s: %w", name, err)
		}
	}
	return nil
}

// Drop removes a generation that no readable name stands for.
func (v View) Drop(ctx context.Context, tx pgx.Tx, generation int) error {
	schema := v.Schema(generation)
	if _, err := tx.Exec(ctx, "drop schema if exists "+quoted(schema)+" cascade"); err != nil {
		return fmt.Errorf("drop %s: %w", schema, err)
	}
	return nil
}

// Counts answers how many rows each of a generation's tables has.
func (v View) Counts(ctx context.Context, tx pgx.Tx, generation int) (map[string]int64, error) {
	tables, err := relations(ctx, tx, v.Schema(generation), "r")
	if err != nil {
		return nil, err
	}
	counts := make(map[string]int64, len(tables))
	for _, table := range tables {
		var count int64
		statement := "select count(*)\nfrom " + quoted(v.Schema(generation)) + "." + quoted(table)
		if err := tx.QueryRow(ctx, statement).Scan(&count); err != nil {
			return nil, fmt.Errorf("count %s: %w", table, err)
		}
		counts[table] = count
	}
	return counts, nil
}

const sqlColumns = `
select quote_ident(attname)
from pg_attribute
where attrelid = to_regclass($1)
and attnum > 0
and not attisdropped
order by attnum`

// columns lists a relation's, quoted, in their order; none where there is no such relation.
func columns(ctx context.Context, tx pgx.Tx, relation string) ([]string, error) {
	found, err := tx.Query(ctx, sqlColumns, relation)
	if err != nil {
		return nil, fmt.Errorf("list the columns of %s: %w", relation, err)
	}
	names, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list the columns of %s: %w", relation, err)
	}
	return names, nil
}

const sqlRelations = `
select relname
from pg_class
where relnamespace = to_regnamespace($1)
and relkind::text = any ($2)
order by oid`

// relations lists the tables ("r") and views ("v") of a schema in the order in which they were made.
func relations(ctx context.Context, tx pgx.Tx, schema string, kinds ...string) ([]string, error) {
	found, err := tx.Query(ctx, sqlRelations, schema, kinds)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", schema, err)
	}
	names, err := pgx.CollectRows(found, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", schema, err)
	}
	return names, nil
}

// within runs statements in which the schema's tables need not be named with it.
func within(ctx context.Context, tx pgx.Tx, schema, statements string) error {
	if strings.TrimSpace(statements) == "" {
		return nil
	}
	_, err := tx.Exec(ctx, "set local search_path = "+quoted(schema)+";\n"+
		strings.TrimRight(strings.TrimSpace(statements), ";")+";\n"+
		"set local search_path = default", pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return fmt.Errorf("define %s: %w", schema, err)
	}
	return nil
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }
