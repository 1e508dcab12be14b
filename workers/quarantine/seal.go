package quarantine

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// What was sealed last in this log is the last that it certainly shares with
// what was signed. A quarantine that was ended since then was about the same
// contradiction: it does not begin again each time that somebody looks.
const sqlContradicted = `
select log.begin_quarantine('seal', $1, least(l.beat_at, coalesce(s.made_at, l.beat_at)), null)
from log.lineage as l
cross join (
	select
		max(made_at) as made_at,
		coalesce(max(position), 0) as position
	from seal.checkpoints
) as s
where not l.held
and not exists (
	select
	from log.quarantines as q
	where q.ended_at is not null
	and q.position >= s.position
)`

// Contradicted begins a quarantine because the signed checkpoints outside say
// that this log is not the one that was here before. It answers whether it did.
func Contradicted(ctx context.Context, pool *pgxpool.Pool) (begun bool, err error) {
	tag, err := pool.Exec(ctx, sqlContradicted, "The signed checkpoints outside the database say something else.")
	if err != nil {
		return false, fmt.Errorf("begin a quarantine: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
