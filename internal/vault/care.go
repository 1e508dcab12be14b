package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/internal/networks"
)

// Care is how a connection is looked after, for people. None of it is history.
type Care struct {
	Connection  domain.ConnectionID
	Kind        string
	ExpiresAt   time.Time // zero: never
	Refreshable bool
	RenewFrom   time.Time // from when on its holder, whom nobody else can spare it, should connect again; zero: never
	UsedAt      time.Time // last published through; zero: never
	RefreshedAt time.Time // zero: never
	CheckedAt   time.Time // when the network last said that it may post; zero: not since connecting
	Offered     []networks.Identity
}

// queueCare has Store's connection looked after. It follows the connection's
// own statement, and does nothing where that one refused.
func queueCare(batch *pgx.Batch, c Connection) {
	batch.Queue(`
		insert into vault.care (connection_id, workspace_id, refreshable)
		select id, workspace_id, $7
		from vault.connections
		where id = $1
		  and (workspace_id, account_id, holder_id, kind, network) = ($2, $3, $4, $5, $6)
		on conflict (connection_id) do update
		set refreshable = excluded.refreshable,
		    ended_at = null,
		    failures = 0,
		    announced_at = null,
		    refresh_due = '-infinity'`,
		[16]byte(c.ID), [16]byte(c.Workspace), [16]byte(c.Account), [16]byte(c.Holder), c.Kind, c.Network, c.Refreshable)
}

// mostOffered bounds the posting identities that are kept of one connection.
const mostOffered = 500

type sealedIdentity struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

const boundOffered = "posting identities v1"

func bindOffered(workspace domain.WorkspaceID, id domain.ConnectionID) []byte {
	return bind(boundOffered, workspace[:], id[:])
}

// KeepOffered keeps what the network offers a connection to post as, sealed:
// the names are those of people. The network was asked at this moment, and
// said that the connection may post.
func (v *Vault) KeepOffered(ctx context.Context, workspace domain.WorkspaceID, id domain.ConnectionID, offered []networks.Identity) error {
	written := make([]sealedIdentity, 0, len(offered))
	for _, identity := range offered[:min(len(offered), mostOffered)] {
		written = append(written, sealedIdentity{ID: identity.RemoteID, Name: identity.Name})
	}
	plain, err := json.Marshal(written)
	if err != nil {
		return fmt.Errorf("write posting identities: %w", err)
	}
	sealed, err := v.seal(NewSecret(plain), bindOffered(workspace, id))
	if err != nil {
		return err
	}
	batch := asWorkspace(workspace)
	batch.Queue(`
		update vault.care
		set offered = $2,
		    checked_at = now()
		where connection_id = $1`, [16]byte(id), sealed)
	if err := v.pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("keep posting identities: %w", err)
	}
	return nil
}

// Cares answers how the connections of a workspace are looked after, or one of
// them. The API's role suffices.
func (v *Vault) Cares(ctx context.Context, workspace domain.WorkspaceID, only ...domain.ConnectionID) (map[domain.ConnectionID]Care, error) {
	ids := make([][16]byte, len(only))
	for i, id := range only {
		ids[i] = id
	}
	found := map[domain.ConnectionID]Care{}
	batch := asWorkspace(workspace)
	batch.Queue(`
		select c.connection_id, k.kind, k.expires_at, c.refreshable, c.used_at, c.refreshed_at, c.checked_at, c.offered,
		       case when not c.refreshable then `+runsOutSoon+` end
		from vault.care as c
		join vault.connections as k on k.id = c.connection_id
		where c.workspace_id = $1
		  and (cardinality($2::uuid[]) = 0 or c.connection_id = any ($2))`, [16]byte(workspace), ids, ExpiryAhead,
	).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			one, err := v.care(rows, workspace)
			if err != nil {
				return err
			}
			found[one.Connection] = one
		}
		return rows.Err()
	})
	if err := v.pool.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("look how connections are: %w", err)
	}
	return found, nil
}

func (v *Vault) care(row pgx.Row, workspace domain.WorkspaceID) (one Care, err error) {
	var expires, used, refreshed, checked, renew *time.Time
	var sealed []byte
	err = row.Scan((*[16]byte)(&one.Connection), &one.Kind, &expires, &one.Refreshable, &used, &refreshed, &checked, &sealed, &renew)
	if err != nil {
		return Care{}, err
	}
	one.ExpiresAt, one.UsedAt, one.RefreshedAt, one.CheckedAt = moment(expires), moment(used), moment(refreshed), moment(checked)
	one.RenewFrom = moment(renew)
	if sealed == nil {
		return one, nil
	}
	opened, err := v.open(sealed, bindOffered(workspace, one.Connection))
	if err != nil {
		return Care{}, err
	}
	defer opened.Wipe()
	var written []sealedIdentity
	if err := json.Unmarshal(opened.Reveal(), &written); err != nil {
		return Care{}, errors.New("posting identities cannot be read")
	}
	for _, identity := range written {
		one.Offered = append(one.Offered, networks.Identity{RemoteID: identity.ID, Name: identity.Name})
	}
	return one, nil
}

// Used notes when something was published through connections last.
func (v *Vault) Used(ctx context.Context, at map[domain.ConnectionID]time.Time) error {
	ids, moments := make([][16]byte, 0, len(at)), make([]time.Time, 0, len(at))
	for id, moment := range at {
		ids, moments = append(ids, id), append(moments, moment)
	}
	_, err := v.pool.Exec(ctx, `
		update vault.care as c
		set used_at = u.at
		from unnest($1::uuid[], $2::timestamptz[]) as u (connection_id, at)
		where c.connection_id = u.connection_id`, ids, moments)
	if err != nil {
		return fmt.Errorf("note that connections were used: %w", err)
	}
	return nil
}

func moment(stored *time.Time) time.Time {
	if stored == nil {
		return time.Time{}
	}
	return stored.UTC()
}
