// Package signin knows who somebody is: which person stands behind an e-mail
// address, whether a password is theirs, and which session or API token a
// request carries.
//
// Nothing here is an event. The tables of schema signin hold hashes: of
// addresses (HMAC-SHA-256 under a key that the database does not have), of
// passwords (argon2id) and of the random tokens of sessions and programs
// (SHA-256).
//
// A person exists from the first invitation of their address on. They are
// registered once their stream says so; only then can they sign in.
package signin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/domain"
	"behalf/domain/user"
)

// What signing in and looking people up can end with.
var (
	// ErrNotSignedIn: no such session or token, or it has expired.
	ErrNotSignedIn = errors.New("not signed in")
	// ErrWrongPassword: an unknown address, a person without a password and a
	// wrong password alike.
	ErrWrongPassword = errors.New("wrong address or password")
	// ErrNoToken: this person has no such API token.
	ErrNoToken = errors.New("no such api token")
)

// Desk answers all questions of sign-in. It is safe for concurrent use and
// starts no goroutines.
type Desk struct {
	pool   *pgxpool.Pool
	key    [32]byte
	now    func() time.Time
	hasher hasher
	enrols chan struct{}
	memory memory
}

// parallelEnrolments bounds those that hold a database connection while they
// wait for another one, far below any pool's size.
const parallelEnrolments = 4

// New makes a desk over a pool that runs under the API's role. key makes the
// hashes of addresses: whoever has it and the database can test whether an
// address is known.
func New(pool *pgxpool.Pool, key [32]byte, now func() time.Time) *Desk {
	return &Desk{pool: pool, key: key, now: now, hasher: newHasher(), enrols: make(chan struct{}, parallelEnrolments)}
}

const sqlFindPerson = `
select person
from signin.people
where address_hash = $1`

// "do nothing" is right here, unlike in the log: whoever was first has named
// the person, and the next select finds that row.
const sqlAddPerson = `
insert into signin.people (address_hash, person)
values ($1, $2)
on conflict (address_hash) do nothing`

// PersonOf returns the person behind an address, the same one for every
// spelling of it (R23). A new address makes a new person, once, however many
// ask at the same time.
func (d *Desk) PersonOf(ctx context.Context, email user.Email) (domain.UserID, error) {
	hash := d.hash(email)
	person, err := d.find(ctx, hash)
	if !errors.Is(err, pgx.ErrNoRows) {
		return person, err
	}
	// Unlike other ids it tells no time: whoever invites an address sees whose it is,
	// and would learn whether somebody had it before.
	fresh, err := uuid.NewRandom()
	if err != nil {
		return domain.UserID{}, fmt.Errorf("make a person's id: %w", err)
	}
	if _, err := d.pool.Exec(ctx, sqlAddPerson, hash, [16]byte(fresh)); err != nil {
		return domain.UserID{}, fmt.Errorf("add person: %w", err)
	}
	return d.find(ctx, hash)
}

func (d *Desk) find(ctx context.Context, hash []byte) (domain.UserID, error) {
	var person [16]byte
	if err := d.pool.QueryRow(ctx, sqlFindPerson, hash).Scan(&person); err != nil {
		return domain.UserID{}, fmt.Errorf("find person: %w", err)
	}
	return person, nil
}

func (d *Desk) hash(email user.Email) []byte {
	mac := hmac.New(sha256.New, d.key[:])
	mac.Write([]byte(email.Normal()))
	return mac.Sum(nil)
}
