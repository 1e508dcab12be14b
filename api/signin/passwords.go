package signin

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/domain/user"
)

const sqlSetPassword = `
insert into signin.passwords (person, phc)
values ($1, $2)
on conflict (person) do update
set phc = excluded.phc,
    changed_at = now()`

const (
	sqlLockPerson   = `select pg_advisory_lock($1)`
	sqlUnlockPerson = `select pg_advisory_unlock($1)`
)

// Enrol gives a person their first password and then calls register, which
// stores that they are registered. The row comes first: a crash in between
// leaves a password that opens nothing, and the next enrolment replaces it.
//
// registered is asked first, and both happen while nobody else enrols the same
// person: else a late comer's password could replace that of whoever registered.
// A person that is registered already is left alone, with registered's error.
func (d *Desk) Enrol(ctx context.Context, person domain.UserID, p Password, registered func(context.Context) error, register func(context.Context) error) error {
	phc, err := d.hasher.hash(ctx, p)
	if err != nil {
		return err
	}
	select {
	case d.enrols <- struct{}{}:
		defer func() { <-d.enrols }()
	case <-ctx.Done():
		return fmt.Errorf("wait to enrol: %w", ctx.Err())
	}
	conn, err := d.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	defer conn.Release()
	lock := int64(binary.BigEndian.Uint64(person[8:])) //nolint:gosec // the bits are what counts
	if _, err := conn.Exec(ctx, sqlLockPerson, lock); err != nil {
		return fmt.Errorf("lock person: %w", err)
	}
	defer func() {
		if _, err := conn.Exec(context.WithoutCancel(ctx), sqlUnlockPerson, lock); err != nil {
			_ = conn.Conn().Close(context.WithoutCancel(ctx)) // the lock goes with its session
		}
	}()
	if err := registered(ctx); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, sqlSetPassword, [16]byte(person), phc); err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	return register(ctx)
}

const sqlFindPassword = `
select people.person, passwords.phc
from signin.people
join signin.passwords using (person)
where people.address_hash = $1`

// CheckPassword returns the person whose address and password these are, or
// ErrWrongPassword. It takes as long for an address that nobody has.
func (d *Desk) CheckPassword(ctx context.Context, email user.Email, p Password) (Proven, error) {
	var person [16]byte
	var phc string
	err := d.pool.QueryRow(ctx, sqlFindPassword, d.hash(email)).Scan(&person, &phc)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Proven{}, fmt.Errorf("find password: %w", err)
	}
	matches, err := d.hasher.matches(ctx, phc, p)
	if err != nil {
		return Proven{}, err
	}
	if !matches {
		return Proven{}, ErrWrongPassword
	}
	return proven(person, phc), nil
}

const sqlPasswordOf = `
select phc
from signin.passwords
where person = $1`

// CheckPasswordOf answers ErrWrongPassword unless this is the person's
// password: for what a session alone does not suffice.
func (d *Desk) CheckPasswordOf(ctx context.Context, person domain.UserID, p Password) error {
	_, err := d.ProvePassword(ctx, person, p)
	return err
}

// ProvePassword is CheckPasswordOf for who opens a session by it.
func (d *Desk) ProvePassword(ctx context.Context, person domain.UserID, p Password) (Proven, error) {
	var phc string
	err := d.pool.QueryRow(ctx, sqlPasswordOf, [16]byte(person)).Scan(&phc)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return Proven{}, fmt.Errorf("find password: %w", err)
	}
	matches, err := d.hasher.matches(ctx, phc, p)
	if err == nil && !matches {
		err = ErrWrongPassword
	}
	if err != nil {
		return Proven{}, err
	}
	return proven(person, phc), nil
}
