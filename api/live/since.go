package live

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"behalf/api/live/stream"
	"behalf/api/problem"
	"behalf/domain"
	"behalf/eventstore"
)

// Bounds of one look.
const (
	most    = 100       // messages
	window  = 10_000    // positions, other workspaces' included
	tooLong = 1_000_000 // positions that are gone through for who comes back
)

// happened is one event of the workspace, as far as telling it takes.
type happened struct {
	Position   int64     `db:"position"`
	Stream     string    `db:"stream"`
	Type       string    `db:"type"`
	Data       []byte    `db:"data"`
	RecordedAt time.Time `db:"recorded_at"`

	stream  domain.Stream
	account domain.AccountID
	member  domain.UserID
}

// found is what one look answers.
type found struct {
	events   []happened
	position int64  // where to go on
	reached  string // the same as an id
	more     bool
	reset    bool // too much was left out
}

// idForm is the form of an id of this stream: a position.
var idForm = regexp.MustCompile(`^[0-9]{1,18}$`)

// begin is where a stream begins: behind the id that was sent, or now.
func (d *Desk) begin(ctx context.Context, in stream.In) (string, error) {
	if after := in.Behind(); after != "" {
		if !idForm.MatchString(after) {
			return "", problem.New(http.StatusBadRequest, "bad_request", "An id of this stream is a position in the log.",
				problem.Fault{Location: "header.Last-Event-ID", Message: "the id of the last event"})
		}
		return after, nil
	}
	now, err := d.Store.HighWater(ctx)
	return strconv.FormatInt(now, 10), err
}

// One index range; the row policy leaves the workspace's own.
const sqlSince = `
select
	position,
	stream,
	type,
	data,
	recorded_at
from log.events
where position > $1
	and position <= $2
	and workspace_id = $3
order by position
limit $4`

// since reads what happened behind an id. Behind the high-water mark nothing
// can appear any more, so that nothing is left out.
func (d *Desk) since(ctx context.Context, scope eventstore.Scope, id string) (found, error) {
	after, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return found{}, fmt.Errorf("read an id that was checked: %w", err)
	}
	now, err := d.Store.HighWater(ctx)
	switch {
	case err != nil:
		return found{}, err
	case after >= now:
		return d.ahead(ctx, after, now)
	case now-after > tooLong:
		return again(now), nil
	}
	upTo := min(now, after+window)
	var events []happened
	batch := &pgx.Batch{}
	scope.Queue(batch)
	batch.Queue(sqlSince, after, upTo, [16]byte(scope.Workspace), most).Query(func(rows pgx.Rows) (err error) {
		events, err = pgx.CollectRows(rows, pgx.RowToStructByNameLax[happened])
		return err
	})
	if err := d.Pool.SendBatch(ctx, batch).Close(); err != nil {
		return found{}, fmt.Errorf("read what happened: %w", err)
	}
	if len(events) == most {
		upTo = events[most-1].Position
	}
	result := at(upTo)
	result.more = upTo < now
	for _, event := range events {
		if err := event.read(); err != nil {
			return found{}, err
		}
		result.events = append(result.events, event)
	}
	return result, nil
}

const sqlHead = `
select log.head()`

// ahead answers who names a position that nothing may be read behind yet. It is
// one that a command has just answered, or one of another log than this.
func (d *Desk) ahead(ctx context.Context, after, now int64) (found, error) {
	if after == now {
		return at(after), nil
	}
	var head int64
	if err := d.Pool.QueryRow(ctx, sqlHead).Scan(&head); err != nil {
		return found{}, fmt.Errorf("read the head of the log: %w", err)
	}
	if after > head {
		return again(now), nil
	}
	return at(after), nil
}

// again has the reader read everything again.
func again(now int64) found {
	result := at(now)
	result.reset = true
	return result
}

func at(position int64) found {
	return found{position: position, reached: strconv.FormatInt(position, 10)}
}

// read finds out what an event is about, whatever its type: events name
// accounts and members alike.
func (h *happened) read() (err error) {
	if h.stream, err = domain.ParseStream(h.Stream); err != nil {
		return fmt.Errorf("read the event at %d: %w", h.Position, err)
	}
	var about struct {
		Account    domain.AccountID `json:"account"`
		Member     domain.UserID    `json:"member"`
		Assignment struct {
			Account domain.AccountID `json:"account"`
		} `json:"assignment"`
	}
	_ = json.Unmarshal(h.Data, &about) // what is not there in this form is not named
	h.account, h.member = about.Account, about.Member
	if h.account.IsZero() {
		h.account = about.Assignment.Account
	}
	if h.stream.Category == domain.AccountStreams {
		h.account = h.stream.ID
	}
	return nil
}

// names reports whether an event names somebody.
func (h *happened) names(user domain.UserID) bool {
	return bytes.Contains(h.Data, []byte(user.String()))
}

func (h *happened) id() string { return strconv.FormatInt(h.Position, 10) }

func (h *happened) change() Change {
	change := Change{
		Position: h.Position, Type: h.Type, Account: h.account, Member: h.member, RecordedAt: h.RecordedAt.UTC(),
	}
	if h.stream.Category == domain.PostStreams {
		change.Post = h.stream.ID
	}
	return change
}
