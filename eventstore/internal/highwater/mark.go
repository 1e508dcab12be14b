package highwater

import (
	"context"

	"github.com/jackc/pgx/v5"
)

const sqlHighWater = `
select position
from log.high_water`

// Mark returns the position up to which everything may be read.
func Mark(ctx context.Context, db interface {
	QueryRow(ctx context.Context, sql string, arguments ...any) pgx.Row
}) (position int64, err error) {
	err = db.QueryRow(ctx, sqlHighWater).Scan(&position)
	return position, err
}
