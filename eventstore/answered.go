package eventstore

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Answered returns the first answer to a call whose key has been seen, as
// Execute would. Callers that have to do something impure before they can
// execute a command, something that works only once, ask this first. It fails
// with ErrKeyReused like Execute; a call without a key was never answered.
func (s *Store) Answered(ctx context.Context, call Call) (Result, bool, error) {
	if call.Key == nil {
		return Result{}, false, nil
	}
	key := call.Key.of(call.Type.Name, call.By.User)
	var first *answered
	batch := &pgx.Batch{}
	Scope{Workspace: call.Workspace, User: call.By.User}.Queue(batch)
	queueCommand(batch, key.ID, &first)
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return Result{}, false, fmt.Errorf("look for the first answer: %w", err)
	}
	if first == nil {
		return Result{}, false, nil
	}
	result, err := s.repeat(ctx, key, first)
	return result, err == nil, err
}
