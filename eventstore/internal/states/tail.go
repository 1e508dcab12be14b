package states

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"behalf/domain"
	"behalf/domain/personal"
)

// Tail folds the events of one stream that are newer than what is known of it.
type Tail struct {
	Stream domain.Stream
	Since  Known // what was known before
	Known  Known // what is known now

	types  Types
	proven bool // the event at the version that was known is the one in the log
	owned  bool // Known.State is a copy, and may evolve
}

// Behind is the tail behind what is known of a stream, of which nothing has been read.
func Behind(types Types, stream domain.Stream, known Known) Tail {
	return Tail{Stream: stream, Since: known, Known: known, types: types}
}

// Genuine reports whether what was known is this stream's past: it is not when
// the database was restored from an older backup.
func (t *Tail) Genuine() bool { return t.Since.Version == 0 || t.proven }

// errGap says that a stream lacks an event: somebody has changed the log.
var errGap = errors.New("an event is missing before this one")

// The event at the version that is known comes along, without its data: it
// proves that what is known is this stream's past, and that the scope sees it.
const sqlLoad = `
select
	s.place,
	e.version,
	e.position,
	e.id,
	e.type,
	e.data
from unnest($1::text[], $2::int[]) with ordinality as s (stream, version, place)
cross join lateral (
	select
		version,
		position,
		id,
		type,
		case when version > s.version then data end as data
	from log.events
	where stream = s.stream
		and version >= s.version
	order by version
) as e`

// The same for one stream alone, which is most of what is asked, in half the time.
const sqlLoadOne = `
select
	1,
	version,
	position,
	id,
	type,
	case when version > $2 then data end as data
from log.events
where stream = $1
	and version >= $2
order by version`

// Queue adds the query whose rows the tails fold, and says when they have.
func Queue(batch *pgx.Batch, tails []Tail, folded func()) {
	names, versions := make([]string, len(tails)), make([]int32, len(tails))
	for i := range tails {
		names[i], versions[i] = tails[i].Stream.String(), int32(tails[i].Since.Version) //nolint:gosec // G115: the table's versions are as wide
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

func (t *Tail) take(version int, position int64, id domain.EventID, kind string, data []byte) error {
	if version == t.Since.Version {
		t.proven = position == t.Since.Position
		return nil
	}
	if version != t.Known.Version+1 {
		return fmt.Errorf("%s at version %d: %w", t.Stream, version, errGap)
	}
	event, err := t.types.Decode(kind, data)
	if err != nil {
		return fmt.Errorf("%s at version %d: %w", t.Stream, version, err)
	}
	if !t.owned {
		t.Known.State = t.Known.State.Clone()
	}
	t.owned = true
	t.Known.State.Evolve(personal.Bind(event, id))
	t.Known.Version, t.Known.Position = version, position
	t.Known.size += len(data)
	return nil
}
