package personkeys

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

const sqlKeys = `
select
	person,
	wrapped
from persons.keys
where person = any ($1)`

// load reads what the database has of people's keys.
func (k *Keys) load(ctx context.Context, people []domain.UserID) (map[domain.UserID]entry, error) {
	rows, err := k.pool.Query(ctx, sqlKeys, plainIDs(people))
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	found := map[domain.UserID]entry{}
	var person [16]byte
	var wrapped []byte
	_, err = pgx.ForEachRow(rows, []any{&person, &wrapped}, func() error {
		if wrapped == nil {
			found[person] = entry{destroyed: true}
			return nil
		}
		secret, err := unwrap(k.wrapping, person, wrapped)
		if err != nil {
			return err
		}
		made, err := newKey(person, secret)
		found[person] = entry{key: made}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	return found, nil
}

// Of several who make a key for one person at once, the first one's stands.
const sqlMakeKeys = `
insert into persons.keys (person, wrapped)
select
	person,
	wrapped
from unnest($1::uuid[], $2::bytea[]) as fresh (person, wrapped)
order by person
on conflict (person) do nothing`

// complete makes the keys that were not found, and reads them back.
func (k *Keys) complete(ctx context.Context, people []domain.UserID, found map[domain.UserID]entry) (map[domain.UserID]entry, error) {
	var without []domain.UserID
	var wrapped [][]byte
	for _, person := range people {
		if _, known := found[person]; !known {
			without = append(without, person)
			wrapped = append(wrapped, wrap(k.wrapping, person, newSecret()))
		}
	}
	if len(without) == 0 {
		return found, nil
	}
	if _, err := k.pool.Exec(ctx, sqlMakeKeys, plainIDs(without), wrapped); err != nil {
		return nil, fmt.Errorf("make keys: %w", err)
	}
	return k.load(ctx, people)
}

const sqlKnows = `
select exists (
	select
	from persons.keys
	where person = $1
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
	rows, err := k.pool.Query(ctx, sqlErase)
	if err != nil {
		return nil, fmt.Errorf("erase people: %w", err)
	}
	erased, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	if err != nil {
		return nil, fmt.Errorf("erase people: %w", err)
	}
	if len(erased) == 0 {
		return nil, nil
	}
	k.cache.forget()
	if k.signal != nil {
		k.signal.Notify()
	}
	people := make([]domain.UserID, len(erased))
	for i, person := range erased {
		people[i] = person
	}
	return people, nil
}

func plainIDs(people []domain.UserID) [][16]byte {
	plain := make([][16]byte, len(people))
	for i, person := range people {
		plain[i] = person
	}
	return plain
}
