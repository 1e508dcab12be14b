// Package operator answers those who operate an installation: how far the views
// are, what they have put aside, what waits to be done, and which targets are
// late, put off, stuck or unknown; and it does what they decide: about the queues,
// and about publishing after a database was restored (R69). It says nothing of
// what is in a workspace: operators are no members.
//
// Who may ask is decided at the door, by the address alone: see access.Operators.
package operator

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/workers/jobs"
)

// Desk answers operators.
type Desk struct {
	Pool   *pgxpool.Pool     // under the API's role
	Store  *eventstore.Store // over Pool
	Jobs   *jobs.Inspector   // nil where it is not known what is in Redis
	Logger *slog.Logger      // told who did what
}

// Mount adds the operations.
func (d *Desk) Mount(api huma.API) {
	get(api, "operator-views", "/v1/operator/views", "How far every view is.",
		"A view that is behind answers position= with view_behind; one that stands still waits for an operator.", d.views)
	get(api, "operator-parked", "/v1/operator/parked", "What the views have put aside.",
		"Events that a view could not handle, and those of the same stream behind them. \"behalf project parked\" tries them again or leaves them out.", d.parked)
	get(api, "operator-queues", "/v1/operator/queues", "What waits to be done.",
		"What Postgres says is to be sent and published, and how many jobs are in Redis.", d.queues)
	d.mountJobs(api)
	d.mountTargets(api)
	d.mountQuarantine(api)
}

func get[O any](api huma.API, id, path, summary, description string, handle func(context.Context, *struct{}) (*O, error)) {
	problem.Handler(api, operation(http.MethodGet, id, path, summary, description), handle)
}

func operation(method, id, path, summary, description string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"Operating"},
		Description: description + " For operators of the installation, with a second factor; API tokens take the scope operate.",
	}
}

// did notes what an operator has done.
func (d *Desk) did(ctx context.Context, what string, about ...any) {
	d.Logger.InfoContext(ctx, "an operator acted", append([]any{"operator", signin.From(ctx).User.String(), "action", what}, about...)...)
}

// View is how one view is.
type View struct {
	View    string `json:"view" doc:"The view."`
	Version int    `json:"version" doc:"Of its tables; 0 while it has none."`
	Current bool   `json:"current" doc:"Whether this process reads tables of that version; if not, the view has to be rebuilt."`
	Behind  int64  `json:"behind" doc:"Positions of the log that it has still to come to."`
	Parked  int    `json:"parked" doc:"Events that it has put aside."`
	Stopped bool   `json:"stopped" doc:"It stands still until an operator has looked: too much was put aside at once."`
}

type viewsOutput struct {
	Body struct {
		Views []View `json:"views" doc:"Every view."`
	} `nameHint:"ViewsStatus"`
}

func (d *Desk) views(ctx context.Context, _ *struct{}) (*viewsOutput, error) {
	all, err := projections.Look(ctx, d.Pool)
	if err != nil {
		return nil, err
	}
	output := &viewsOutput{}
	output.Body.Views = make([]View, len(all))
	for i, one := range all {
		output.Body.Views[i] = View{
			View: one.View, Version: one.Version, Current: one.Version == projections.Views()[i].Version,
			Behind: one.Behind, Parked: one.Parked, Stopped: one.Stopped,
		}
	}
	return output, nil
}

// Parked is an event that a view has put aside.
type Parked struct {
	View     string    `json:"view" doc:"The view, or the consumer group."`
	Position int64     `json:"position" doc:"The event's place in the log."`
	Type     string    `json:"type" doc:"What kind of event it is." example:"post.target_published.v1"`
	Class    string    `json:"class" doc:"Why: unknown_type, malformed, panic, refused, an SQLSTATE; or behind: waits for an earlier one."`
	ParkedAt time.Time `json:"parked_at" doc:"Since when."`
	Attempts int       `json:"attempts" doc:"How often it was tried."`
}

type parkedOutput struct {
	Body struct {
		Parked []Parked `json:"parked" doc:"By view and position, at most 1000."`
	} `nameHint:"PutAside"`
}

func (d *Desk) parked(ctx context.Context, _ *struct{}) (*parkedOutput, error) {
	found, err := allParked(ctx, d.Pool)
	if err != nil {
		return nil, err
	}
	output := &parkedOutput{}
	output.Body.Parked = found
	return output, nil
}
