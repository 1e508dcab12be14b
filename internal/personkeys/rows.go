package personkeys

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/domain/personal"
)

const sqlKeys = `
select
	of_workspace,
	subject,
	wrapped
from persons.held($1, $2)`

// load reads what the database has of keys.
func (k *Keys) load(ctx context.Context, subjects []personal.Subject) (map[personal.Subject]entry, error) {
	people, workspaces := apart(subjects)
	rows, err := k.pool.Query(ctx, sqlKeys, people, workspaces)
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	found := map[personal.Subject]entry{}
	var ofWorkspace bool
	var id [16]byte
	var wrapped []byte
	_, err = pgx.ForEachRow(rows, []any{&ofWorkspace, &id, &wrapped}, func() error {
		subject := personal.Person(id)
		if ofWorkspace {
			subject = personal.Workspace(id)
		}
		if wrapped == nil {
			found[subject] = entry{destroyed: true}
			return nil
		}
		secret, err := unwrap(k.wrapping, subject, wrapped)
		if err != nil {
			return err
		}
		made, err := newKey(subject, secret)
		found[subject] = entry{key: made}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	return found, nil
}

// Of several who make a key for one subject at once, the first one's stands.
const sqlMakeKeys = `
with people as (
	insert into persons.keys (person, wrapped)
	select
		person,
		wrapped
	from unnest($1::uuid[], $2::bytea[]) as fresh (person, wrapped)
	order by person
	on conflict do nothing
)
insert into persons.workspace_keys (workspace, wrapped)
select
	workspace,
	wrapped
from unnest($3::uuid[], $4::bytea[]) as fresh (workspace, wrapped)
order by workspace
on conflict do nothing`

// complete makes the keys that were not found, and reads them back.
func (k *Keys) complete(ctx context.Context, subjects []personal.Subject, found map[personal.Subject]entry) (map[personal.Subject]entry, error) {
	var without []personal.Subject
	for _, subject := range subjects {
		if _, known := found[subject]; !known {
			without = append(without, subject)
		}
	}
	if len(without) == 0 {
		return found, nil
	}
	people, workspaces := apart(without)
	wrappedPeople, wrappedWorkspaces := make([][]byte, len(people)), make([][]byte, len(workspaces))
	for i, id := range people {
		wrappedPeople[i] = wrap(k.wrapping, personal.Person(id), newSecret())
	}
	for i, id := range workspaces {
		wrappedWorkspaces[i] = wrap(k.wrapping, personal.Workspace(id), newSecret())
	}
	if _, err := k.pool.Exec(ctx, sqlMakeKeys, people, wrappedPeople, workspaces, wrappedWorkspaces); err != nil {
		return nil, fmt.Errorf("make keys: %w", err)
	}
	return k.load(ctx, subjects)
}

// apart tells people from workspaces.
func apart(subjects []personal.Subject) (people, workspaces [][16]byte) {
	people, workspaces = [][16]byte{}, [][16]byte{}
	for _, subject := range subjects {
		if ws := subject.Workspace(); !ws.IsZero() {
			workspaces = append(workspaces, ws)
		} else {
			people = append(people, subject.Person())
		}
	}
	return people, workspaces
}

const sqlKnows = `
select exists (
	select
	from persons.held(array[$1::uuid], '{}')
)`

// Knows reports whether there is, or was, a key of this person: whether
// anything has ever been recorded about them.
func (k *Keys) Knows(ctx context.Context, person domain.UserID) (known bool, err error) {
	if err := k.pool.QueryRow(ctx, sqlKnows, [16]byte(person)).Scan(&known); err != nil {
		return false, fmt.Errorf("look for a person: %w", err)
	}
	return known, nil
}

const sqlErase = `
select erased
from persons.erase() as erased`

// Erase destroys the keys of everybody whom the log calls erased, with their
// rows in the index of addresses, their password, sessions, tokens and
// connections, and answers of whom there was something left. It is one
// transaction; whoever appended the event calls it, and the sweeper, for those
// who were kept from it.
func (k *Keys) Erase(ctx context.Context) ([]domain.UserID, error) {
	return destroy[domain.UserID](ctx, k, "erase people", sqlErase)
}

const sqlDestroyWorkspaces = `
select destroyed
from persons.destroy_workspaces() as destroyed`

// DestroyWorkspaces destroys the keys of all workspaces that the log calls
// deleted, and answers which of them had one left: nobody can read any more what
// was written there (R13). Whoever appended the event calls it, and whoever
// sweeps, for those that were kept from it.
func (k *Keys) DestroyWorkspaces(ctx context.Context) ([]domain.WorkspaceID, error) {
	return destroy[domain.WorkspaceID](ctx, k, "destroy the keys of workspaces", sqlDestroyWorkspaces)
}

// destroy has keys destroyed, and all processes forget theirs.
func destroy[ID ~[16]byte](ctx context.Context, k *Keys, what, statement string) ([]ID, error) {
	rows, err := k.pool.Query(ctx, statement)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	gone, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if len(gone) == 0 {
		return nil, nil
	}
	k.cache.forget()
	if k.signal != nil {
		k.signal.Notify()
	}
	ids := make([]ID, len(gone))
	for i, id := range gone {
		ids[i] = id
	}
	return ids, nil
}
