package eventstore

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/eventstore/internal/states"
)

// Scope is what the role RoleAPI may see: one workspace's rows, and the
// streams of one user. The zero Scope sees nothing. RoleEngine sees everything.
type Scope struct {
	Workspace domain.WorkspaceID
	User      domain.UserID
}

const sqlScope = `
select
	set_config('behalf.workspace', $1, true),
	set_config('behalf.user', $2, true)`

// Queue puts the scope before the queries of a batch. pgx sends a batch as one
// implicit transaction, which is as long as the scope lasts: no round trip is
// spent, and nothing is left on the connection.
func (s Scope) Queue(batch *pgx.Batch) {
	batch.Queue(sqlScope, setting(s.Workspace), setting(s.User))
}

const sqlScopeOnce = `
select
	set_config('behalf.workspace', $1, true),
	set_config('behalf.user', $2, true),
	set_config('plan_cache_mode', 'force_generic_plan', true)`

// QueueOnce is Queue for queries that are to be planned once per connection,
// whatever their parameters: for small ones planning takes longer than looking.
func (s Scope) QueueOnce(batch *pgx.Batch) {
	batch.Queue(sqlScopeOnce, setting(s.Workspace), setting(s.User))
}

// setting writes an id as the row policies read it: 32 digits, or nothing.
func setting(id [16]byte) string {
	if id == [16]byte{} {
		return ""
	}
	return hex.EncodeToString(id[:])
}

// keyOf is under what a stream's state is kept. Streams of users have no
// workspace and are seen by their user, all others by their workspace; see the
// row policies.
func keyOf(scope Scope, stream domain.Stream) states.Key {
	if stream.Category == domain.UserStreams {
		return states.Key{Stream: stream, Within: scope.User}
	}
	return states.Key{Stream: stream, Within: scope.Workspace}
}

// Loaded is what a decision is taken on.
type Loaded struct {
	Facts    domain.Facts
	Versions map[domain.Stream]int // 0 for a stream that does not exist, or not for this scope
	Position int64                 // of the newest event among them; 0 without any
}

// Load folds streams into their states, in one round trip. A stream that does
// not exist has its first state and version 0. What this process knows already
// is not read again; the states are shared, and must not be changed.
func (s *Store) Load(ctx context.Context, scope Scope, streams ...domain.Stream) (Loaded, error) {
	loaded, _, err := s.load(ctx, scope, nil, streams)
	if err != nil {
		return Loaded{}, fmt.Errorf("load: %w", err)
	}
	return loaded, nil
}

// load asks, in one round trip, whether a command has been answered already
// (key may be nil), and for the streams that it decides on.
func (s *Store) load(ctx context.Context, scope Scope, key *CommandKey, streams []domain.Stream) (Loaded, *answered, error) {
	for known := true; ; known = false {
		glimpse, err := s.glimpse(scope, streams, known)
		if err != nil {
			return Loaded{}, nil, err
		}
		var first *answered
		batch := &pgx.Batch{}
		scope.Queue(batch)
		glimpse.Queue(batch)
		if key != nil {
			// Behind the streams, each statement seeing what is committed by then: states
			// that the command itself has changed are never decided on without its answer.
			queueCommand(batch, key.ID, &first)
		}
		if err := s.pool.SendBatch(ctx, batch).Close(); err != nil {
			return Loaded{}, nil, err
		}
		if loaded, genuine := glimpse.Loaded(); genuine {
			return loaded, first, nil
		}
	}
}

// begin returns what is known of a stream, if that is wanted, or its first state.
func (s *Store) begin(scope Scope, stream domain.Stream, wanted bool) (states.Known, error) {
	if k, found := s.states.Get(keyOf(scope, stream)); found && wanted {
		return k, nil
	}
	state, err := s.registry.State(stream.Category)
	if err != nil {
		return states.Known{}, fmt.Errorf("%s: %w", stream, err)
	}
	return states.Known{State: state}, nil
}

// forgetWrong drops what is known of streams whose past is another one in the
// database: it was restored from an older backup.
func (s *Store) forgetWrong(scope Scope, tails []states.Tail) (wrong bool) {
	for i := range tails {
		if !tails[i].Genuine() {
			s.states.Forget(keyOf(scope, tails[i].Stream))
			wrong = true
		}
	}
	return wrong
}

func (s *Store) loaded(scope Scope, tails []states.Tail) Loaded {
	loaded := newLoaded(len(tails))
	for i := range tails {
		t := &tails[i]
		loaded.add(t.Stream, t.Known)
		if t.Known.Version > t.Since.Version {
			s.states.Put(keyOf(scope, t.Stream), t.Known)
		}
	}
	return loaded
}

func newLoaded(streams int) Loaded {
	return Loaded{Facts: make(domain.Facts, streams), Versions: make(map[domain.Stream]int, streams)}
}

func (l *Loaded) add(stream domain.Stream, k states.Known) {
	l.Facts[stream], l.Versions[stream] = k.State, k.Version
	l.Position = max(l.Position, k.Position)
}
