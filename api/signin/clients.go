package signin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/netip"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/domain/user"
)

// maxClients bounds how many clients of one person are remembered; those that
// were used the longest ago are forgotten, and would be told again.
const maxClients = 50

const sqlPersonAt = `
select person
from signin.people
where address_hash = $1`

const sqlFamiliar = `
select
    count(*) filter (where client_hash = $2) > 0,
    count(*) > 0
from signin.clients
where person = $1`

// Familiar reports whether the person has signed in with the principal's client
// from its network before, and whether from any other one: the first of all is
// the one that they registered with.
func (d *Desk) Familiar(ctx context.Context, person domain.UserID, p Principal) (known, others bool, err error) {
	if err := d.pool.QueryRow(ctx, sqlFamiliar, [16]byte(person), d.clientHash(person, p)).Scan(&known, &others); err != nil {
		return false, false, fmt.Errorf("look for a client: %w", err)
	}
	return known, others, nil
}

// FamiliarAt is Familiar for whoever has an address. For one that nobody has
// it asks just as much.
func (d *Desk) FamiliarAt(ctx context.Context, email user.Email, p Principal) (known bool, err error) {
	var person [16]byte
	if err := d.pool.QueryRow(ctx, sqlPersonAt, d.hash(email)).Scan(&person); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return false, fmt.Errorf("find person: %w", err)
	}
	known, _, err = d.Familiar(ctx, person, p)
	return known, err
}

const sqlRemember = `
with seen as (
    insert into signin.clients (person, client_hash, first_used_at, last_used_at)
    values ($1, $2, $3, $3)
    on conflict (person, client_hash) do update
    set last_used_at = excluded.last_used_at
)
delete from signin.clients
where person = $1
  and client_hash in (
    select client_hash
    from signin.clients
    where person = $1
      and client_hash <> $2
    order by last_used_at desc
    offset $4
  )`

// Remember makes the principal's client in its network a familiar one.
func (d *Desk) Remember(ctx context.Context, person domain.UserID, p Principal) error {
	if _, err := d.pool.Exec(ctx, sqlRemember, [16]byte(person), d.clientHash(person, p), d.now().UTC(), maxClients-1); err != nil {
		return fmt.Errorf("remember a client: %w", err)
	}
	return nil
}

// clientHash stands for a program in a network. It is keyed, and different for
// everybody: the database alone tells nothing about who shares a desk.
func (d *Desk) clientHash(person domain.UserID, p Principal) []byte {
	mac := hmac.New(sha256.New, d.key[:])
	mac.Write([]byte("client\x00"))
	mac.Write(person[:])
	mac.Write([]byte(Network(p.Address) + "\x00" + p.Client))
	return mac.Sum(nil)
}

// Network is the network that an IP address belongs to as far as one can tell:
// its /24, or its /64 for IPv6. What cannot be read is a network of its own.
func Network(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil {
		return "unknown"
	}
	parsed = parsed.Unmap().WithZone("")
	bits := 24
	if parsed.Is6() {
		bits = 64
	}
	prefix, err := parsed.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return prefix.String()
}
