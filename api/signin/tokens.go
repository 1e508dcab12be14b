package signin

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"behalf/domain"
)

type apiTokenKind struct{}

func (apiTokenKind) Prefix() string { return "tok" }

// TokenID identifies an API token; it is no secret.
type TokenID = domain.ID[apiTokenKind]

// APIToken is a credential that a person made for a program of theirs. It may
// do what the person may and its scopes cover, until it expires or is deleted.
type APIToken struct {
	ID         TokenID
	Name       string
	Hint       string               // how the token begins
	Scopes     []Scope              // what it may do
	Workspaces []domain.WorkspaceID // where; none: in all of the person's
	CreatedAt  time.Time
	ExpiresAt  time.Time // zero: never
	LastUsedAt time.Time // zero: never; exact to a minute
}

// maxTokens bounds how many API tokens one person has. It is approximate: those
// that are made at the same moment do not see each other.
const maxTokens = 100

const sqlAddToken = `
insert into signin.tokens (id, id_hash, person, name, hint, created_at, expires_at, scopes, workspaces)
select $1, $2, $3, $4, $5, $6, $7, $9, $10
where (
    select count(*)
    from signin.tokens
    where person = $3
) < $8`

// AddToken makes an API token of the name, scopes, workspaces and expiry that
// are given. The secret is returned this once; a zero expiry means never. A
// person who has 100 is refused.
func (d *Desk) AddToken(ctx context.Context, person domain.UserID, added APIToken) (APIToken, Token, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return APIToken{}, "", fmt.Errorf("make a token's id: %w", err)
	}
	secret := newToken(tokenPrefix)
	hash := secret.hash()
	added.ID, added.Hint = TokenID(id), secret.Reveal()[:hintLength]
	added.CreatedAt, added.ExpiresAt = d.now().UTC().Truncate(time.Microsecond), added.ExpiresAt.UTC()
	tag, err := d.pool.Exec(ctx, sqlAddToken, [16]byte(id), hash[:], [16]byte(person), added.Name, added.Hint,
		added.CreatedAt, nullable(added.ExpiresAt), maxTokens, added.Scopes, workspaces(added.Workspaces).stored())
	if err != nil {
		return APIToken{}, "", fmt.Errorf("add api token: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return APIToken{}, "", domain.Clash(0, "too_many", "You have 100 API tokens. Delete one that you do not need.")
	}
	return added, secret, nil
}

const sqlTokens = `
select id, name, hint, scopes, workspaces, created_at, expires_at, last_used_at
from signin.tokens
where person = $1
order by created_at desc, id desc`

// Tokens lists a person's API tokens, the newest first, expired ones included.
func (d *Desk) Tokens(ctx context.Context, person domain.UserID) ([]APIToken, error) {
	rows, err := d.pool.Query(ctx, sqlTokens, [16]byte(person))
	if err != nil {
		return nil, fmt.Errorf("list api tokens: %w", err)
	}
	tokens, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (APIToken, error) {
		var token APIToken
		var expires, used *time.Time
		err := row.Scan((*[16]byte)(&token.ID), &token.Name, &token.Hint, &token.Scopes, (*workspaces)(&token.Workspaces),
			&token.CreatedAt, &expires, &used)
		token.CreatedAt, token.ExpiresAt, token.LastUsedAt = token.CreatedAt.UTC(), instant(expires), instant(used)
		return token, err
	})
	if err != nil {
		return nil, fmt.Errorf("list api tokens: %w", err)
	}
	return tokens, nil
}

const sqlRemoveToken = `
delete from signin.tokens
where id = $1
  and person = $2`

// RemoveToken ends an API token of this person, or answers ErrNoToken.
func (d *Desk) RemoveToken(ctx context.Context, person domain.UserID, id TokenID) error {
	tag, err := d.pool.Exec(ctx, sqlRemoveToken, [16]byte(id), [16]byte(person))
	if err != nil {
		return fmt.Errorf("remove api token: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrNoToken
	}
	return nil
}

func nullable(moment time.Time) *time.Time {
	if moment.IsZero() {
		return nil
	}
	return &moment
}

func instant(moment *time.Time) time.Time {
	if moment == nil {
		return time.Time{}
	}
	return moment.UTC()
}
