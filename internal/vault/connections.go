package vault

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"behalf/domain"
)

// Connection says whose authorization for which account a secret is. All fields
// above ExpiresAt are bound to the secret and never change.
type Connection struct {
	ID        domain.ConnectionID
	Workspace domain.WorkspaceID
	Account   domain.AccountID
	Holder    domain.UserID
	Kind      string // of credential: "oauth2", "app_password"
	Network   string // "sandbox", "mastodon"

	ExpiresAt   time.Time           // when the network stops accepting it unless refreshed; zero = never
	Refreshable bool                // whether it can be refreshed without the holder; only stored, see Care
	Person      string              // whom the network knows the holder as; empty if it did not say
	Predecessor domain.ConnectionID // whose place it takes, until it has what that one had and it lacks (R46); else zero

	// Set by the vault.
	Generation int64 // 1 at first, one more for every secret stored since
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

const boundConnection = "connection v1"

func (c Connection) binding() []byte {
	return bind(boundConnection, c.ID[:], c.Workspace[:], c.Account[:], c.Holder[:], []byte(c.Kind), []byte(c.Network))
}

// Store keeps a secret under a new connection's id, or replaces the secret of
// that very connection after the holder authorized it again (R46). The API's
// role suffices. An id that belongs to another connection answers ErrBound.
//
// Store replaces the whole secret, and takes nothing over from the one that it
// had: what that one took over from its predecessor is taken over again (Heirs).
// When what the network answered may lack something that the old one had, merge
// them with Update instead.
func (v *Vault) Store(ctx context.Context, c Connection, secret Secret) error {
	sealed, err := v.seal(secret, c.binding())
	if err != nil {
		return err
	}
	batch := asWorkspace(c.Workspace)
	batch.Queue(`
		insert into vault.connections as held
		    (id, workspace_id, account_id, holder_id, kind, network, sealed, expires_at, person, predecessor)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, '00000000-0000-0000-0000-000000000000'::uuid))
		on conflict (id) do update
		set sealed = $7,
		    expires_at = $8,
		    predecessor = excluded.predecessor,
		    generation = held.generation + 1,
		    updated_at = now()
		where (held.workspace_id, held.account_id, held.holder_id, held.kind, held.network) = ($2, $3, $4, $5, $6)`,
		[16]byte(c.ID), [16]byte(c.Workspace), [16]byte(c.Account), [16]byte(c.Holder), c.Kind, c.Network,
		sealed, nullable(c.ExpiresAt), c.Person, [16]byte(c.Predecessor),
	).Exec(func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() == 0 {
			return ErrBound
		}
		return nil
	})
	queueCare(batch, c)
	if err := v.pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("store connection %s: %w", c.ID, err)
	}
	return nil
}

const columns = `id, workspace_id, account_id, holder_id, kind, network, expires_at, generation, created_at, updated_at, person, predecessor`

// Open returns a connection and its secret: ErrNotFound or ErrTampered when it
// cannot. It needs the engine's role.
func (v *Vault) Open(ctx context.Context, id domain.ConnectionID) (Connection, Secret, error) {
	row := v.pool.QueryRow(ctx, `
		select `+columns+`, sealed
		from vault.connections
		where id = $1`, [16]byte(id))
	c, secret, err := v.openRow(row)
	if err != nil {
		return Connection{}, Secret{}, fmt.Errorf("open connection %s: %w", id, err)
	}
	return c, secret, nil
}

func (v *Vault) openRow(row pgx.Row) (Connection, Secret, error) {
	var sealed []byte
	c, err := scan(row, &sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return Connection{}, Secret{}, ErrNotFound
	}
	if err != nil {
		return Connection{}, Secret{}, err
	}
	secret, err := v.open(sealed, c.binding())
	return c, secret, err
}

func scan(row pgx.Row, more ...any) (Connection, error) {
	var c Connection
	var expires *time.Time
	var predecessor *[16]byte
	into := []any{
		(*[16]byte)(&c.ID), (*[16]byte)(&c.Workspace), (*[16]byte)(&c.Account), (*[16]byte)(&c.Holder),
		&c.Kind, &c.Network, &expires, &c.Generation, &c.CreatedAt, &c.UpdatedAt, &c.Person, &predecessor,
	}
	if err := row.Scan(append(into, more...)...); err != nil {
		return Connection{}, err
	}
	if expires != nil {
		c.ExpiresAt = *expires
	}
	if predecessor != nil {
		c.Predecessor = *predecessor
	}
	return c, nil
}

// List returns connections without their secrets, in the order of their ids,
// beginning after the given one (the zero id: from the start). The sweeper
// compares them with the events that should name them.
func (v *Vault) List(ctx context.Context, after domain.ConnectionID, limit int) ([]Connection, error) {
	rows, err := v.pool.Query(ctx, `
		select `+columns+`
		from vault.connections
		where id > $1
		order by id
		limit $2`, [16]byte(after), limit)
	if err == nil {
		var list []Connection
		list, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Connection, error) { return scan(row) })
		if err == nil {
			return list, nil
		}
	}
	return nil, fmt.Errorf("list connections: %w", err)
}

// Destroy erases a connection. One that is gone already is no error.
func (v *Vault) Destroy(ctx context.Context, id domain.ConnectionID) error {
	_, err := v.pool.Exec(ctx, `
		delete from vault.connections
		where id = $1`, [16]byte(id))
	if err != nil {
		return fmt.Errorf("destroy connection %s: %w", id, err)
	}
	return nil
}

func nullable(moment time.Time) *time.Time {
	if moment.IsZero() {
		return nil
	}
	return &moment
}
