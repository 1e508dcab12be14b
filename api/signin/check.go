package signin

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// Check looks, in a batch of somebody else's, whether a credential still stands
// for whom it did.
type Check struct {
	desk     *Desk
	was, now Principal
	answered bool
}

// Check prepares to look. It asks nothing.
func (d *Desk) Check(was Principal) *Check { return &Check{desk: d, was: was} }

// Queue adds the query to a batch. What an earlier batch answered is forgotten
// once this one answers.
func (c *Check) Queue(batch *pgx.Batch) {
	query := sqlToken
	if c.was.IsSession {
		query = sqlSession
	}
	batch.Queue(query, c.was.Credential[:], c.desk.now().UTC()).QueryRow(func(row pgx.Row) error {
		now := c.was
		switch err := now.scan(row); {
		case errors.Is(err, pgx.ErrNoRows):
			c.now, c.answered = Principal{}, true
			return nil
		case err != nil:
			return fmt.Errorf("check a credential: %w", err)
		}
		c.now, c.answered = now, true
		return nil
	})
}

// Answer is whom the credential stood for when the batch that answered last was
// looked at: the zero Principal when for nobody. answered is false before that.
func (c *Check) Answer() (now Principal, answered bool) { return c.now, c.answered }

// Same reports whether two principals may do the same: only moments that they
// are told about may differ.
func (p Principal) Same(other Principal) bool {
	return p.User == other.User && p.Credential == other.Credential && p.IsSession == other.IsSession &&
		p.TwoFactor == other.TwoFactor && p.Waiting == other.Waiting &&
		slices.Equal(p.Scopes, other.Scopes) && slices.Equal(p.Workspaces, other.Workspaces)
}

// rememberedAtMost bounds how many credentials are remembered.
const rememberedAtMost = 10_000

// memory is whom credentials stood for a moment ago. What is remembered decides
// nothing: whoever goes by it checks, in the trip that reads, that it still holds.
type memory struct {
	mutex sync.Mutex
	seen  map[[32]byte]remembered
}

type remembered struct {
	principal Principal
	until     time.Time // then the credential's last use is to be noted again
}

func (m *memory) recall(credential [32]byte, now time.Time) (Principal, bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	known, found := m.seen[credential]
	return known.principal, found && now.Before(known.until)
}

func (m *memory) keep(p Principal, until time.Time) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.seen == nil || len(m.seen) >= rememberedAtMost {
		m.seen = map[[32]byte]remembered{} // rare, and cheaper than to keep order
	}
	m.seen[p.Credential] = remembered{principal: p, until: until}
}

// Recall answers whom a secret stood for when Identify was asked last, within a
// minute. It asks nothing and decides nothing: nothing may be shown, or done, to
// a principal that was recalled before a Check has answered the same one.
func (d *Desk) Recall(token Token) (Principal, bool) {
	if !token.wellFormed() {
		return Principal{}, false
	}
	principal, found := d.memory.recall(token.hash(), d.now())
	return principal, found && !principal.Waiting
}
