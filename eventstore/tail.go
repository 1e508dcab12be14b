package eventstore

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"behalf/domain"
	"behalf/domain/personal"
)

// tail folds the events of one stream that are newer than what is known of it.
type tail struct {
	registry *Registry
	stream   domain.Stream
	known    known
	since    known
	proven   bool // the event at the known version is the one in the log
	owned    bool // known.state is a copy, and may evolve
}

// errGap says that a stream lacks an event: somebody has changed the log.
var errGap = errors.New("an event is missing before this one")

// queueTails adds the query whose rows the tails fold, and says when they have.
func queueTails(batch *pgx.Batch, tails []tail, folded func()) {
	names, versions := make([]string, len(tails)), make([]int32, len(tails))
	for i := range tails {
		names[i], versions[i] = tails[i].stream.String(), int32(tails[i].since.version) //nolint:gosec // G115: the table's versions are as wide
	}
	query := batch.Queue(sqlLoad, names, versions)
	if len(tails) == 1 {
		query.SQL, query.Arguments = sqlLoadOne, []any{names[0], versions[0]}
	}
	query.Query(func(rows pgx.Rows) error {
		var place, version int
		var position int64
		var id [16]byte
		var kind string
		var data pgtype.DriverBytes // valid until the next row: decoding copies what it keeps
		_, err := pgx.ForEachRow(rows, []any{&place, &version, &position, &id, &kind, &data}, func() error {
			return tails[place-1].take(version, position, id, kind, data)
		})
		if err == nil {
			folded()
		}
		return err
	})
}

func (t *tail) take(version int, position int64, id domain.EventID, kind string, data []byte) error {
	if version == t.since.version {
		t.proven = position == t.since.position
		return nil
	}
	if version != t.known.version+1 {
		return fmt.Errorf("%s at version %d: %w", t.stream, version, errGap)
	}
	event, err := t.registry.Decode(kind, data)
	if err != nil {
		return fmt.Errorf("%s at version %d: %w", t.stream, version, err)
	}
	if !t.owned {
		t.known.state = t.known.state.Clone()
	}
	t.owned = true
	t.known.state.Evolve(personal.Bind(event, id))
	t.known.version, t.known.position = version, position
	t.known.size += len(data)
	return nil
}
