package rows

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Together gathers the changes of several events, and sends them in one round
// trip without savepoints: a third of the statements. When one of them fails,
// all are lost with the transaction, and it is not known which event it was.
type Together struct {
	Schema string // where the tables are
	batch  pgx.Batch
}

// Apply implements Writer: it keeps the changes for Write.
func (t *Together) Apply(_ context.Context, changes []Change) error {
	var ready pgx.Batch
	for _, change := range changes {
		if err := change.Check(); err != nil {
			return err
		}
		if err := change.queue(&ready, t.Schema); err != nil {
			return fmt.Errorf("write %s: %w", change.Table.Name, err)
		}
	}
	t.batch.QueuedQueries = append(t.batch.QueuedQueries, ready.QueuedQueries...)
	return nil
}

// Write sends what was gathered, in its order.
func (t *Together) Write(ctx context.Context, tx pgx.Tx) error {
	if t.batch.Len() == 0 {
		return nil
	}
	if err := tx.SendBatch(ctx, &t.batch).Close(); err != nil {
		return fmt.Errorf("write rows: %w", err)
	}
	return nil
}
