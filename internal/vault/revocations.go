package vault

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

// RevocationLife is how long an authorization that was given up is kept at
// most, only to be ended at its network.
const RevocationLife = time.Hour

// Revocation is an authorization that was given up and has still to be ended
// at its network. Nothing else can be done with it.
type Revocation struct {
	Connection
	Tries int // so far
}

// Retire removes a connection, like Destroy, and with it those of its holder for
// the same account that it has replaced: nobody uses them, and whoever gives the
// account up means them too. What they hold is kept aside for being ended at the
// network, where that is one of those that can.
func (v *Vault) Retire(ctx context.Context, id domain.ConnectionID, revoking []string) error {
	_, err := v.pool.Exec(ctx, `
		with given as (
		    select workspace_id, account_id, holder_id, created_at
		    from vault.connections
		    where id = $1
		), gone as (
		    delete from vault.connections as c
		    using given as g
		    where c.id = $1
		       or (c.workspace_id, c.account_id, c.holder_id) = (g.workspace_id, g.account_id, g.holder_id)
		      and c.created_at < g.created_at
		    returning c.*
		)
		insert into vault.revocations (id, workspace_id, account_id, holder_id, kind, network, person, sealed)
		select id, workspace_id, account_id, holder_id, kind, network, person, sealed
		from gone
		where network = any ($2)
		on conflict (id) do nothing`, [16]byte(id), revoking)
	if err != nil {
		return fmt.Errorf("retire connection %s: %w", id, err)
	}
	return nil
}

// TakeRevocations takes authorizations that are to be ended by now, for a
// minute, but for those of some networks, and forgets those that could not be in
// an hour: none that was never tried (see Untried), or is being tried.
func (v *Vault) TakeRevocations(ctx context.Context, now time.Time, but []string, limit int) ([]Revocation, error) {
	_, err := v.pool.Exec(ctx, `
		delete from vault.revocations
		where given_up_at < $1
		  and tries > 0
		  and due_at <= $2`, now.Add(-RevocationLife), now)
	if err != nil {
		return nil, fmt.Errorf("forget what cannot be revoked: %w", err)
	}
	rows, err := v.pool.Query(ctx, `
		with due as (
		    select id
		    from vault.revocations
		    where due_at <= $1
		      and network <> all ($3)
		    order by due_at
		    limit $2
		    for update skip locked
		)
		update vault.revocations as r
		set due_at = $1::timestamptz + interval '1 minute' * power(2, least(r.tries, 5)),
		    tries = r.tries + 1
		from due
		where r.id = due.id
		returning r.id, r.workspace_id, r.account_id, r.holder_id, r.kind, r.network, r.person, r.tries`, now, limit, but)
	if err == nil {
		var found []Revocation
		found, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Revocation, err error) {
			err = row.Scan((*[16]byte)(&r.ID), (*[16]byte)(&r.Workspace), (*[16]byte)(&r.Account), (*[16]byte)(&r.Holder),
				&r.Kind, &r.Network, &r.Person, &r.Tries)
			return r, err
		})
		if err == nil {
			return found, nil
		}
	}
	return nil, fmt.Errorf("take what is to be revoked: %w", err)
}

// Untried says that whoever took a revocation has asked no network about it.
func (v *Vault) Untried(ctx context.Context, id domain.ConnectionID) error {
	_, err := v.pool.Exec(ctx, `
		update vault.revocations
		set tries = greatest(tries - 1, 0)
		where id = $1`, [16]byte(id))
	if err != nil {
		return fmt.Errorf("leave %s to be revoked: %w", id, err)
	}
	return nil
}

// OpenRevocation returns what is to be revoked; ErrNotFound or ErrTampered when
// it cannot.
func (v *Vault) OpenRevocation(ctx context.Context, r Revocation) (Secret, error) {
	var sealed []byte
	err := v.pool.QueryRow(ctx, `
		select sealed
		from vault.revocations
		where id = $1`, [16]byte(r.ID)).Scan(&sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return Secret{}, ErrNotFound
	}
	if err != nil {
		return Secret{}, fmt.Errorf("open what is to be revoked: %w", err)
	}
	return v.open(sealed, r.binding())
}

// Revoked forgets an authorization that has ended at its network, or never will.
func (v *Vault) Revoked(ctx context.Context, id domain.ConnectionID) error {
	return v.note(ctx, "forget what was revoked", `
		delete from vault.revocations
		where id = $1`, [16]byte(id))
}

// Choosing reports whether a holder has still to choose accounts from what a
// network has granted them: a connection may come of it, with an authorization
// that the network has given before. It needs the engine's role.
func (v *Vault) Choosing(ctx context.Context, holder domain.UserID, network string) (open bool, err error) {
	err = v.pool.QueryRow(ctx, `
		select exists (
		    select
		    from vault.grants
		    where user_id = $1
		      and network = $2
		      and expires_at > now()
		)`, [16]byte(holder), network).Scan(&open)
	if err != nil {
		return false, fmt.Errorf("look for a holder's open grants: %w", err)
	}
	return open, nil
}

// InUse reports whether another connection is the same person's on that
// network: where revoking ends all that a person allowed, theirs would end too.
func (v *Vault) InUse(ctx context.Context, network, person string) (used bool, err error) {
	err = v.pool.QueryRow(ctx, `
		select exists (
		    select
		    from vault.connections
		    where network = $1
		      and person = $2
		)`, network, person).Scan(&used)
	if err != nil {
		return false, fmt.Errorf("look for a person's other connections: %w", err)
	}
	return used, nil
}

// Shared reports whether another connection that is the same person's on that
// network holds the same, by what is said of its secret: where two of them were
// given one authorization, ending it for one ends it for the other.
func (v *Vault) Shared(ctx context.Context, network, person string, same func(Secret) bool) (bool, error) {
	others, err := v.take(ctx, "a person's other connections", `
		select `+held+`
		from vault.connections as k
		where k.network = $1
		  and k.person = $2`, network, person)
	for _, c := range others {
		_, secret, err := v.Open(ctx, c.ID)
		if errors.Is(err, ErrNotFound) || errors.Is(err, ErrTampered) {
			continue
		}
		if err != nil {
			return false, err
		}
		found := same(secret)
		secret.Wipe()
		if found {
			return true, nil
		}
	}
	return false, err
}

// Known notes whom the network knows a connection's holder as, where that is
// not what was noted when it was made.
func (v *Vault) Known(ctx context.Context, id domain.ConnectionID, person string) error {
	return v.note(ctx, "note whom the network knows", `
		update vault.connections
		set person = $2
		where id = $1
		  and person <> $2`, [16]byte(id), person)
}
