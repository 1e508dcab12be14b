package oidc

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/user/providers"
)

// subject hashes whose account it is, under a key that the database does not
// have: subjects are numbers or addresses that can be guessed.
func (d *Desk) subject(provider *Provider, who claims) []byte {
	mac := hmac.New(sha256.New, d.Key[:])
	fmt.Fprintf(mac, "openid connect\x00%d\x00%s%s", len(provider.issuer), provider.issuer, who.Subject)
	return mac.Sum(nil)
}

// linkedID is the same whenever a person links the same account, so that what
// broke off can be repeated (a UUID of version 8, RFC 9562, section 5.8).
func linkedID(person domain.UserID, subject []byte) user.LinkedID {
	sum := sha256.Sum256(append(person[:], subject...))
	id := user.LinkedID(sum[:16])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}

const sqlUseIdentity = `
update signin.identities
set last_used_at = $2
where subject_hash = $1
returning person`

func (d *Desk) identity(ctx context.Context, provider *Provider, who claims) (person domain.UserID, found bool, err error) {
	err = d.Pool.QueryRow(ctx, sqlUseIdentity, d.subject(provider, who), d.Now().UTC()).Scan((*[16]byte)(&person))
	if errors.Is(err, pgx.ErrNoRows) {
		return domain.UserID{}, false, nil
	}
	if err != nil {
		return domain.UserID{}, false, fmt.Errorf("find identity: %w", err)
	}
	return person, true, nil
}

const sqlLink = `
insert into signin.identities (id, provider, subject_hash, person, created_at, last_used_at)
values ($1, $2, $3, $4, $5, $5)
on conflict (subject_hash) do nothing`

// link records that the account is the person's, and then makes it so; either
// can be repeated. Of two people who link one account at once, one does.
func (d *Desk) link(ctx context.Context, provider *Provider, who claims, person domain.UserID) error {
	holder, found, err := d.identity(ctx, provider, who)
	if err != nil {
		return err
	}
	if found && holder != person {
		return linkedElsewhere()
	}
	subject := d.subject(provider, who)
	id := linkedID(person, subject)
	if err := d.issue(ctx, person, "LinkProvider", &providers.LinkProvider{Linked: id, Provider: provider.Name}); err != nil {
		return err
	}
	if _, err := d.Pool.Exec(ctx, sqlLink, [16]byte(id), provider.Name, subject, [16]byte(person), d.Now().UTC()); err != nil {
		return fmt.Errorf("link identity: %w", err)
	}
	holder, found, err = d.identity(ctx, provider, who)
	if err != nil || found && holder == person {
		return err
	}
	if err := d.issue(ctx, person, "UnlinkProvider", &providers.UnlinkProvider{Linked: id}); err != nil {
		return err
	}
	return linkedElsewhere()
}

func linkedElsewhere() error {
	return problem.New(http.StatusConflict, "linked_elsewhere", "This account at the provider is linked to somebody else here.")
}

// Linked is an account at a provider.
type Linked struct {
	ID         user.LinkedID `json:"id" doc:"Its id here; no secret."`
	Provider   string        `json:"provider" doc:"The provider's name."`
	CreatedAt  time.Time     `json:"created_at" doc:"When it was linked."`
	LastUsedAt time.Time     `json:"last_used_at,omitzero" doc:"When it was used last."`
}

type linkedOutput struct {
	Body struct {
		Linked []Linked `json:"linked" doc:"The oldest first."`
	} `nameHint:"LinkedProviders"`
}

const sqlLinked = `
select id, provider, created_at, last_used_at
from signin.identities
where person = $1
order by created_at, id`

func (d *Desk) linked(ctx context.Context, _ *struct{}) (*linkedOutput, error) {
	rows, err := d.Pool.Query(ctx, sqlLinked, [16]byte(signin.From(ctx).User))
	if err != nil {
		return nil, fmt.Errorf("list identities: %w", err)
	}
	output := &linkedOutput{}
	output.Body.Linked, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (Linked, error) {
		var linked Linked
		var used *time.Time
		err := row.Scan((*[16]byte)(&linked.ID), &linked.Provider, &linked.CreatedAt, &used)
		linked.CreatedAt = linked.CreatedAt.UTC()
		if used != nil {
			linked.LastUsedAt = used.UTC()
		}
		return linked, err
	})
	if err != nil {
		return nil, fmt.Errorf("list identities: %w", err)
	}
	return output, nil
}

type unlinkInput struct {
	ID string `path:"provider" doc:"The id here of the account at a provider."`
}

const sqlUnlink = `
delete from signin.identities
where id = $1
  and person = $2`

// unlink does not ask whether there is a password: who has none sets one by
// their address.
func (d *Desk) unlink(ctx context.Context, input *unlinkInput) (*struct{}, error) {
	person, err := access.FreshlyProved(signin.From(ctx), d.Now())
	if err != nil {
		return nil, err
	}
	var id user.LinkedID
	if err := id.UnmarshalText([]byte(input.ID)); err != nil {
		return nil, domain.Hidden()
	}
	if err := d.issue(ctx, person, "UnlinkProvider", &providers.UnlinkProvider{Linked: id}); err != nil {
		return nil, err
	}
	tag, err := d.Pool.Exec(ctx, sqlUnlink, [16]byte(id), [16]byte(person))
	if err != nil {
		return nil, fmt.Errorf("unlink identity: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil, domain.Hidden()
	}
	return nil, nil //nolint:nilnil // no content
}
