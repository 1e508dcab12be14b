package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

const (
	exchangeTime = 30 * time.Second // that the network gets to answer a refresh
	keepTime     = 15 * time.Second // in which a rotated secret must find its way into the database
)

// Exchange asks the network for a new secret in place of the current one. It
// answers the secret whole, what the network left out taken over from the
// current one, and when it expires (zero: never).
type Exchange func(ctx context.Context, current Secret) (fresh Secret, expires time.Time, err error)

// Refresh returns a secret that the network accepts until the given moment at
// least: the stored one when it lasts (or never expires), else what exchange
// got for it. Callers pass now and the time that they need.
//
// Of all callers in all processes one exchanges at a time, holding the row's
// lock; the others wait and use what it stored. The fresh secret is committed
// before it is returned. When exchange fails, or answers an empty secret, the
// row stays as it was. Once exchange has begun it is finished and its answer
// stored even when ctx ends: a rotated token must not be lost because whoever
// asked went away. Its own context ends after 30 seconds. It must not use the
// vault's pool.
//
// One gap cannot be closed: if the process dies after the network rotated the
// token and before the commit, the new token is lost with it. Networks that
// still accept the old one then recover by themselves; with the others the next
// exchange is refused and the holder has to reauthenticate (R44).
func (v *Vault) Refresh(ctx context.Context, id domain.ConnectionID, until time.Time, exchange Exchange) (Secret, error) {
	return v.renew(ctx, id, func(c Connection) bool {
		return c.ExpiresAt.IsZero() || c.ExpiresAt.After(until)
	}, exchange)
}

// RefreshRefused is Refresh for a secret that the network refused although it
// should have lasted: seen is the generation that was tried. A later one in the
// vault is returned without asking again.
func (v *Vault) RefreshRefused(ctx context.Context, id domain.ConnectionID, seen int64, exchange Exchange) (Secret, error) {
	return v.renew(ctx, id, func(c Connection) bool { return c.Generation > seen }, exchange)
}

// Update exchanges in any case, under the same guarantees: to merge what a
// repeated authorization answered with what is stored (R46).
func (v *Vault) Update(ctx context.Context, id domain.ConnectionID, exchange Exchange) (Secret, error) {
	return v.renew(ctx, id, func(Connection) bool { return false }, exchange)
}

func (v *Vault) renew(ctx context.Context, id domain.ConnectionID, lasts func(Connection) bool, exchange Exchange) (Secret, error) {
	c, secret, err := v.Open(ctx, id)
	if err != nil || lasts(c) {
		return secret, err
	}
	secret.Wipe()
	leave, err := v.lines.enter(ctx, id, c.Network)
	if err != nil {
		return Secret{}, fmt.Errorf("wait to refresh connection %s: %w", id, err)
	}
	defer leave()
	secret, err = v.renewLocked(ctx, id, lasts, exchange)
	if err != nil {
		return Secret{}, fmt.Errorf("refresh connection %s: %w", id, err)
	}
	return secret, nil
}

func (v *Vault) renewLocked(ctx context.Context, id domain.ConnectionID, lasts func(Connection) bool, exchange Exchange) (Secret, error) {
	begun := context.WithoutCancel(ctx)
	tx, err := v.pool.Begin(ctx)
	if err != nil {
		return Secret{}, err
	}
	defer func() { _ = tx.Rollback(begun) }()
	c, current, err := v.openRow(tx.QueryRow(ctx, `
		select `+columns+`, sealed
		from vault.connections
		where id = $1
		for update`, [16]byte(id)))
	if err != nil || lasts(c) {
		return current, err
	}

	exchanging, cancel := context.WithTimeout(begun, exchangeTime)
	defer cancel()
	fresh, expires, err := exchange(exchanging, current)
	if err != nil {
		return Secret{}, err
	}
	sealed, err := v.seal(fresh, c.binding())
	if err != nil {
		return Secret{}, err
	}
	keeping, cancel := context.WithTimeout(begun, keepTime)
	defer cancel()
	kept, err := v.keep(keeping, tx, c, sealed, expires)
	if err != nil {
		return Secret{}, fmt.Errorf("store refreshed secret: %w", err)
	}
	if !kept { // somebody else's secret is newer
		_, fresh, err = v.Open(keeping, id)
	}
	return fresh, err
}

// keep commits a secret that exists nowhere else. When the transaction that
// held the lock is lost, it tries on other connections for as long as ctx
// allows. It answers false when another secret took the row meanwhile.
func (v *Vault) keep(ctx context.Context, tx pgx.Tx, c Connection, sealed []byte, expires time.Time) (kept bool, err error) {
	kept, err = replace(ctx, tx, c, sealed, expires)
	for wait := 20 * time.Millisecond; err != nil && !errors.Is(err, ErrNotFound); wait = min(2*wait, time.Second) {
		select {
		case <-ctx.Done():
			return false, err
		case <-time.After(wait):
		}
		var again pgx.Tx
		if again, err = v.pool.Begin(ctx); err != nil {
			continue
		}
		kept, err = replace(ctx, again, c, sealed, expires)
		_ = again.Rollback(ctx)
	}
	return kept, err
}

// replace puts the secret in the place of generation c.Generation and commits.
// That it is there already, from a commit whose answer was lost, counts as kept.
func replace(ctx context.Context, tx pgx.Tx, c Connection, sealed []byte, expires time.Time) (bool, error) {
	// not again before half of what it lasts has passed, however early a network's
	// tokens are to be refreshed
	tag, err := tx.Exec(ctx, `
		with cared as (
		    update vault.care
		    set refreshed_at = now(),
		        failures = 0,
		        refresh_due = coalesce(now() + ($4 - now()) / 2, '-infinity')
		    where connection_id = $1
		)
		update vault.connections
		set sealed = $3,
		    expires_at = $4,
		    generation = generation + 1,
		    updated_at = now()
		where id = $1
		  and generation = $2`, [16]byte(c.ID), c.Generation, sealed, nullable(expires))
	if err != nil {
		return false, err
	}
	if tag.RowsAffected() == 1 {
		return true, tx.Commit(ctx)
	}
	var stored []byte
	err = tx.QueryRow(ctx, `
		select sealed
		from vault.connections
		where id = $1`, [16]byte(c.ID)).Scan(&stored)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, ErrNotFound
	}
	return bytes.Equal(stored, sealed), err
}
