package eventstore

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"behalf/domain"
)

// commandSpace is the namespace of command ids (RFC 9562, section 5.5).
var commandSpace = uuid.MustParse("5a0b1f43-6f0e-4c1b-9a43-0f5d6d2a7c11")

// CommandKey identifies a command that may be sent more than once.
type CommandKey struct {
	ID       uuid.UUID
	BodyHash [32]byte      // tells what was asked from something else
	User     domain.UserID // who asked; zero for a part of Behalf
}

// NewCommandKey derives the id from who asks, where, and the key that they
// chose, so that nobody can name or guess another one's command.
//
// The body is hashed under that key, which is nowhere in the database: a body
// holds addresses, and a plain hash would stay behind to test a guess at them
// when the person has been erased (R66).
func NewCommandKey(principal domain.UserID, ws domain.WorkspaceID, idempotencyKey string, body []byte) CommandKey {
	name := append(append(principal[:], ws[:]...), idempotencyKey...)
	mac := hmac.New(sha256.New, name)
	mac.Write(body)
	return CommandKey{
		ID:       uuid.NewSHA1(commandSpace, name),
		BodyHash: [32]byte(mac.Sum(nil)),
		User:     principal,
	}
}

// of binds the key to who asks and to one type of command: the same body sent
// to another one is something else.
func (k CommandKey) of(name string, user domain.UserID) CommandKey {
	k.User = user
	k.BodyHash = sha256.Sum256(append(append([]byte(name), 0), k.BodyHash[:]...))
	return k
}

// answered is what log.commands remembers of a command.
type answered struct {
	WorkspaceID pgtype.UUID
	BodyHash    []byte
	Positions   []int64
	Position    int64
}

const sqlCommand = `
select
	workspace_id,
	body_hash,
	positions,
	position
from log.commands
where id = $1`

// queueCommand adds the question whether a command has been answered.
func queueCommand(batch *pgx.Batch, id uuid.UUID, found **answered) {
	batch.Queue(sqlCommand, optional(id)).Query(func(rows pgx.Rows) error {
		commands, err := pgx.CollectRows(rows, pgx.RowToAddrOfStructByPos[answered])
		if len(commands) > 0 {
			*found = commands[0]
		}
		return err
	})
}

// optional makes the zero id null.
func optional(id [16]byte) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: id != [16]byte{}} }

const sqlEventsAt = `
select
	position,
	workspace_id,
	stream,
	version,
	id,
	type,
	data,
	metadata,
	recorded_at
from log.events
where position = any($1)
order by position`

// repeat gives the first answer to a command again.
func (s *Store) repeat(ctx context.Context, key CommandKey, first *answered) (Result, error) {
	if [32]byte(first.BodyHash) != key.BodyHash {
		return Result{}, ErrKeyReused
	}
	result := Result{Position: first.Position, Repeated: true}
	if len(first.Positions) == 0 {
		return result, nil
	}
	batch := &pgx.Batch{}
	Scope{Workspace: first.WorkspaceID.Bytes, User: key.User}.Queue(batch)
	batch.Queue(sqlEventsAt, first.Positions).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		if err != nil {
			return err
		}
		for _, row := range found {
			recorded, err := row.recorded(s.registry)
			if err != nil {
				return err
			}
			result.Events = append(result.Events, recorded)
		}
		return nil
	})
	if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
		return Result{}, fmt.Errorf("read the first answer: %w", err)
	}
	return result, nil
}

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
