package operator

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/projections"
)

func (d *Desk) mountQuarantine(api huma.API) {
	const path = "/v1/operator/quarantine"
	problem.Handler(api, operation(http.MethodGet, "operator-quarantine", path, "Whether publishing is held because a database was restored.",
		"While it is, nothing is claimed or sent, and the networks are asked about what may have been sent since the backup (R69)."), d.quarantine)
	problem.Handler(api, operation(http.MethodPost, "operator-begin-quarantine", path, "Hold publishing.",
		"For a restore that Behalf cannot notice by itself, such as that of a whole machine. What was due is asked about like after one that it has noticed. Refused with quarantine_holds while publishing is held already."), d.begin)
	problem.Handler(api, operation(http.MethodPost, "operator-forfeit-quarantine", path+"/give-up", "Give up asking the networks.",
		"What is left becomes unknown: its author or the Owner decides (R59). A worker does it; the quarantine can be ended when nothing is left. Refused with no_quarantine when publishing is not held."), d.forfeit)
	problem.Handler(api, operation(http.MethodPost, "operator-end-quarantine", path+"/end", "Let publishing go on.",
		"Refused with targets_unasked as long as a network has still to be asked, with view_behind as long as it is not known about what, and with no_quarantine when publishing is not held. What is within its grace is sent then, what is past it is missed (R56)."), d.end)
}

// Quarantine is one time that publishing was held.
type Quarantine struct {
	Reason      string        `json:"reason" enum:"copied,behind,timeline,seal,by_hand" doc:"How it was noticed: the tables are elsewhere; more was known outside; the cluster was promoted; the signed history says something else; an operator said so."`
	Note        string        `json:"note,omitempty" doc:"What was said about it."`
	Since       time.Time     `json:"since" doc:"What happened after this may be missing."`
	BegunAt     time.Time     `json:"begun_at" doc:"When it began."`
	BegunBy     domain.UserID `json:"begun_by,omitzero" doc:"The operator who began it; absent where Behalf did."`
	ForfeitedAt time.Time     `json:"given_up_at,omitzero" doc:"When an operator gave up asking."`
	ForfeitedBy domain.UserID `json:"given_up_by,omitzero" doc:"Who did."`
	EndedAt     time.Time     `json:"ended_at,omitzero" doc:"When it ended; absent while it holds."`
	EndedBy     domain.UserID `json:"ended_by,omitzero" doc:"The operator who ended it."`
	Published   int64         `json:"published" doc:"Targets that their networks showed: recorded as published."`
	Absent      int64         `json:"absent" doc:"Targets that were certainly not sent: they wait for the end."`
	Unknown     int64         `json:"unknown" doc:"Targets of which nobody can say: a person decides (R59)."`
}

type quarantineOutput struct {
	Body QuarantineStatus
}

// QuarantineStatus is how publishing stands after a restore.
type QuarantineStatus struct {
	Held    bool         `json:"held" doc:"Whether nothing is published."`
	Left    int64        `json:"left" doc:"Targets about which a network has still to be asked, or has not answered."`
	Waiting []Unheard    `json:"waiting" doc:"Why, of those that were asked about in vain."`
	History []Quarantine `json:"history" doc:"The newest first, at most 20; the first one holds if held."`
}

// Unheard is why networks could not be asked.
type Unheard struct {
	Code    string `json:"code" doc:"What the question ended with." example:"network_unavailable"`
	Targets int64  `json:"targets" doc:"How many targets."`
}

const sqlHeld = `
select
	held,
	(select coalesce(sum(targets), 0)::bigint from log.unreconciled_counts())
from log.lineage`

const sqlUnheard = `
select code, targets
from log.unreconciled_counts()
where code <> ''`

const sqlQuarantines = `
select
	q.reason, q.note, q.since, q.begun_at, q.begun_by, q.forfeited_at, q.forfeited_by, q.ended_at, q.ended_by,
	count(*) filter (where r.outcome = 'published'),
	count(*) filter (where r.outcome = 'absent'),
	count(*) filter (where r.outcome = 'unknown')
from log.quarantines as q
left join log.reconsidered as r on r.quarantine_id = q.id
group by q.id
order by q.ended_at is null desc, q.begun_at desc
limit 20`

func (d *Desk) quarantine(ctx context.Context, _ *struct{}) (*quarantineOutput, error) {
	output := &quarantineOutput{Body: QuarantineStatus{Waiting: []Unheard{}, History: []Quarantine{}}}
	body := &output.Body
	if err := d.Pool.QueryRow(ctx, sqlHeld).Scan(&body.Held, &body.Left); err != nil {
		return nil, fmt.Errorf("read the quarantine: %w", err)
	}
	found, err := d.Pool.Query(ctx, sqlUnheard)
	if err != nil {
		return nil, fmt.Errorf("read what was not heard: %w", err)
	}
	for found.Next() {
		var one Unheard
		if err := found.Scan(&one.Code, &one.Targets); err != nil {
			return nil, fmt.Errorf("read what was not heard: %w", err)
		}
		body.Waiting = append(body.Waiting, one)
	}
	if err := found.Err(); err != nil {
		return nil, fmt.Errorf("read what was not heard: %w", err)
	}
	found, err = d.Pool.Query(ctx, sqlQuarantines)
	if err != nil {
		return nil, fmt.Errorf("list the quarantines: %w", err)
	}
	defer found.Close()
	for found.Next() {
		var q Quarantine
		var forfeited, ended *time.Time
		var by [3]*uuid.UUID
		err := found.Scan(&q.Reason, &q.Note, &q.Since, &q.BegunAt, &by[0], &forfeited, &by[1], &ended, &by[2], &q.Published, &q.Absent, &q.Unknown)
		if err != nil {
			return nil, fmt.Errorf("list the quarantines: %w", err)
		}
		q.Since, q.BegunAt, q.ForfeitedAt, q.EndedAt = q.Since.UTC(), q.BegunAt.UTC(), utc(forfeited), utc(ended)
		for i, who := range []*domain.UserID{&q.BegunBy, &q.ForfeitedBy, &q.EndedBy} {
			if by[i] != nil {
				*who = domain.UserID(*by[i])
			}
		}
		body.History = append(body.History, q)
	}
	if err := found.Err(); err != nil {
		return nil, fmt.Errorf("list the quarantines: %w", err)
	}
	return output, nil
}

// asFarBack is since when things may be missing when nobody says.
const asFarBack = 24 * time.Hour

type beginInput struct {
	Body struct {
		Note  string    `json:"note,omitempty" maxLength:"500" doc:"Why, for those who come after." example:"The machine was restored from Sunday's image."`
		Since time.Time `json:"since,omitzero" doc:"Of when the backup is; a day ago without it. What networks have shown since then is searched."`
	} `nameHint:"BeginQuarantine"`
}

const sqlBegin = `
select log.begin_quarantine('by_hand', $1, coalesce($2, clock_timestamp() - $3::interval), $4)
from log.lineage
where not held`

func (d *Desk) begin(ctx context.Context, input *beginInput) (*quarantineOutput, error) {
	var since *time.Time
	if !input.Body.Since.IsZero() {
		since = &input.Body.Since
	}
	tag, err := d.Pool.Exec(ctx, sqlBegin, input.Body.Note, since, asFarBack, d.operator(ctx))
	if err != nil {
		return nil, fmt.Errorf("begin a quarantine: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil, problem.New(http.StatusConflict, "quarantine_holds", "Publishing is held already.")
	}
	d.did(ctx, "begin quarantine")
	return d.quarantine(ctx, nil)
}

func (d *Desk) forfeit(ctx context.Context, _ *struct{}) (*quarantineOutput, error) {
	var there bool
	if err := d.Pool.QueryRow(ctx, "select log.forfeit_quarantine($1)", d.operator(ctx)).Scan(&there); err != nil {
		return nil, fmt.Errorf("give up asking: %w", err)
	}
	if !there {
		return nil, noQuarantine()
	}
	d.did(ctx, "give up asking after a restore")
	return d.quarantine(ctx, nil)
}

const sqlReach = `
select position
from log.quarantines
where ended_at is null`

func (d *Desk) end(ctx context.Context, _ *struct{}) (*quarantineOutput, error) {
	reached, err := d.Store.Checkpoint(ctx, projections.Posts.Group())
	if err != nil {
		return nil, err
	}
	var needed []int64
	if err := d.Pool.QueryRow(ctx, "select array("+sqlReach+")").Scan(&needed); err != nil {
		return nil, fmt.Errorf("read the quarantine: %w", err)
	}
	if len(needed) > 0 && reached < needed[0] { // what was due is not known yet
		return nil, &problem.BehindError{Position: needed[0], Reached: reached}
	}
	var left int64
	if err := d.Pool.QueryRow(ctx, "select log.end_quarantine($1)", d.operator(ctx)).Scan(&left); err != nil {
		return nil, fmt.Errorf("end the quarantine: %w", err)
	}
	switch {
	case left < 0:
		return nil, noQuarantine()
	case left > 0:
		return nil, problem.New(http.StatusConflict, "targets_unasked",
			fmt.Sprintf("The networks have still to be asked about %d targets.", left)).RetryAfter(10)
	}
	d.did(ctx, "end quarantine")
	return d.quarantine(ctx, nil)
}

func noQuarantine() error {
	return problem.New(http.StatusConflict, "no_quarantine", "Publishing is not held.")
}

func (d *Desk) operator(ctx context.Context) uuid.UUID { return uuid.UUID(signin.From(ctx).User) }
