package vault

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

// Authorization is a member's way to the network and back: from the redirect
// that carries the OAuth2 state to the callback that returns it. It can be
// taken once, within ten minutes, in the session that began it.
type Authorization struct {
	Workspace domain.WorkspaceID
	User      domain.UserID
	Session   []byte // hash of the session that began it, 16 to 64 bytes
	Network   string
}

func (a Authorization) binding(stateHash []byte) []byte {
	return bind("authorization v1", stateHash, a.Session, a.Workspace[:], a.User[:], []byte(a.Network))
}

// BeginAuthorization keeps what the callback will need (PKCE verifier,
// redirect) under the state, of which only a hash is stored. The state is the
// caller's: at least 128 bits of randomness (RFC 6749, 10.10).
func (v *Vault) BeginAuthorization(ctx context.Context, state string, a Authorization, secret Secret) error {
	hash := sha256.Sum256([]byte(state))
	sealed, err := v.seal(secret, a.binding(hash[:]))
	if err != nil {
		return err
	}
	batch := asWorkspace(a.Workspace)
	batch.Queue(`
		insert into vault.authorizations (state_hash, session_hash, workspace_id, user_id, network, sealed)
		values ($1, $2, $3, $4, $5, $6)`,
		hash[:], a.Session, [16]byte(a.Workspace), [16]byte(a.User), a.Network, sealed)
	if err := v.pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("begin authorization: %w", err)
	}
	return nil
}

// TakeAuthorization removes and returns the authorization that this session
// began with this state. Unknown, expired, taken and another session's all
// answer ErrNotFound, and another session's stays for its own.
func (v *Vault) TakeAuthorization(ctx context.Context, state string, session []byte) (Authorization, Secret, error) {
	hash := sha256.Sum256([]byte(state))
	taken := Authorization{Session: session}
	var sealed []byte
	batch := &pgx.Batch{}
	batch.Queue(`select set_config('behalf.session', encode($1::bytea, 'hex'), true)`, session)
	batch.Queue(`
		delete from vault.authorizations
		where state_hash = $1
		  and session_hash = $2
		  and expires_at > now()
		returning workspace_id, user_id, network, sealed`, hash[:], session,
	).QueryRow(func(row pgx.Row) error {
		return row.Scan((*[16]byte)(&taken.Workspace), (*[16]byte)(&taken.User), &taken.Network, &sealed)
	})
	if err := v.pool.SendBatch(ctx, batch).Close(); err != nil {
		return Authorization{}, Secret{}, fmt.Errorf("take authorization: %w", missing(err))
	}
	secret, err := v.open(sealed, taken.binding(hash[:]))
	if err != nil {
		return Authorization{}, Secret{}, fmt.Errorf("take authorization: %w", err)
	}
	return taken, secret, nil
}

type grantKind struct{}

func (grantKind) Prefix() string { return "grant" }

// GrantID identifies a Grant.
type GrantID = domain.ID[grantKind]

// Grant is a completed authorization that waits for the member's choice among
// the accounts that it gave access to. It can be taken once, within ten
// minutes, by the member in the workspace that it was made for.
type Grant struct {
	ID        GrantID // made by StoreGrant
	Workspace domain.WorkspaceID
	User      domain.UserID
	Network   string
}

func (g Grant) binding() []byte {
	return bind("grant v1", g.ID[:], g.Workspace[:], g.User[:], []byte(g.Network))
}

// StoreGrant keeps what the network answered until the member has chosen.
func (v *Vault) StoreGrant(ctx context.Context, g Grant, secret Secret) (GrantID, error) {
	id, err := uuid.NewRandom()
	if err != nil {
		return GrantID{}, fmt.Errorf("store grant: %w", err)
	}
	g.ID = GrantID(id)
	sealed, err := v.seal(secret, g.binding())
	if err != nil {
		return GrantID{}, err
	}
	batch := asWorkspace(g.Workspace)
	batch.Queue(`
		insert into vault.grants (id, workspace_id, user_id, network, sealed)
		values ($1, $2, $3, $4, $5)`,
		[16]byte(g.ID), [16]byte(g.Workspace), [16]byte(g.User), g.Network, sealed)
	if err := v.pool.SendBatch(ctx, batch).Close(); err != nil {
		return GrantID{}, fmt.Errorf("store grant: %w", err)
	}
	return g.ID, nil
}

// PeekGrant returns a grant and leaves it, to show what it gave access to.
// Errors as TakeGrant.
func (v *Vault) PeekGrant(ctx context.Context, workspace domain.WorkspaceID, user domain.UserID, id GrantID) (Grant, Secret, error) {
	return v.grant(ctx, workspace, user, id, `
		select network, sealed
		from vault.grants
		where id = $1
		  and workspace_id = $2
		  and user_id = $3
		  and expires_at > now()`)
}

// TakeGrant removes and returns a grant. Unknown, expired, taken, another
// member's and another workspace's all answer ErrNotFound.
func (v *Vault) TakeGrant(ctx context.Context, workspace domain.WorkspaceID, user domain.UserID, id GrantID) (Grant, Secret, error) {
	return v.grant(ctx, workspace, user, id, `
		delete from vault.grants
		where id = $1
		  and workspace_id = $2
		  and user_id = $3
		  and expires_at > now()
		returning network, sealed`)
}

func (v *Vault) grant(ctx context.Context, workspace domain.WorkspaceID, user domain.UserID, id GrantID, query string) (Grant, Secret, error) {
	g := Grant{ID: id, Workspace: workspace, User: user}
	var sealed []byte
	batch := asWorkspace(workspace)
	batch.Queue(query, [16]byte(id), [16]byte(workspace), [16]byte(user)).
		QueryRow(func(row pgx.Row) error { return row.Scan(&g.Network, &sealed) })
	if err := v.pool.SendBatch(ctx, batch).Close(); err != nil {
		return Grant{}, Secret{}, fmt.Errorf("find grant: %w", missing(err))
	}
	secret, err := v.open(sealed, g.binding())
	if err != nil {
		return Grant{}, Secret{}, fmt.Errorf("open grant: %w", err)
	}
	return g, secret, nil
}

// Sweep removes the authorizations and grants that nobody came back for in
// time and says how many there were. It needs the engine's role.
func (v *Vault) Sweep(ctx context.Context) (int64, error) {
	var swept int64
	err := v.pool.QueryRow(ctx, `
		with
		begun as (
		    delete from vault.authorizations
		    where expires_at <= now()
		    returning expires_at
		),
		completed as (
		    delete from vault.grants
		    where expires_at <= now()
		    returning expires_at
		)
		select (select count(*) from begun) + (select count(*) from completed)`).Scan(&swept)
	if err != nil {
		return 0, fmt.Errorf("sweep expired authorizations: %w", err)
	}
	return swept, nil
}

func missing(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
