// Package query answers what is in a workspace, from the views that follow the
// log. Who may ask is decided on the log itself: whoever lost access is out at
// the next request (R64), however far behind a view is.
package query

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/command"
	"behalf/api/page"
	"behalf/api/problem"
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/projections/reading"
)

// viewPatience is how long a query waits for the position that it names.
const viewPatience = 5 * time.Second

// Desk answers queries.
type Desk struct {
	Door          *access.Door
	Store         *eventstore.Store
	Views         *reading.Reader
	Persons       personal.Opener
	Commands      *command.Desk
	Create        domain.CommandType // the command CreateWorkspace, from the catalog
	InvitationKey [32]byte
	Now           func() time.Time
}

// Mount adds the operations.
func (d *Desk) Mount(api huma.API) {
	d.mountWorkspaces(api)
	d.mountMembers(api)
	d.mountInvitations(api)
	d.mountAccounts(api)
	d.mountPosts(api)
	d.mountDepartures(api)
	d.mountExports(api)
}

func get[I, O any](api huma.API, id, path, summary, description string, handle func(context.Context, *I) (*O, error)) {
	problem.Handler(api, huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Description: description, Tags: []string{"Queries"},
	}, handle)
}

// inside registers a query of a workspace's views, which is answered in one trip.
func inside[I interface{ within() string }, O any](d *Desk, api huma.API, id, path, summary, description string,
	handle func(context.Context, access.Admission, *reading.Reader, *I) (*O, error),
) {
	problem.Handler(api, huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Description: description, Tags: []string{"Queries"},
		Metadata: access.InOneTrip(),
	}, func(ctx context.Context, input *I) (*O, error) {
		var reader access.Admission
		answer, err := access.Read(ctx, d.Door, (*input).within(), d.Views,
			func(ctx context.Context, admission access.Admission, views *reading.Reader) (*O, error) {
				reader = admission
				return handle(ctx, admission, views, input)
			})
		if err == nil { // before that it was only asked, of whoever is a member by memory
			d.Door.Note(ctx, reader)
		}
		return answer, err
	})
}

// At is the part of a query that says how new its answer has to be.
type At struct {
	Position int64 `query:"position" minimum:"0" doc:"A position that a command answered: the answer is at least that new. Waits up to 5 seconds, then answers view_behind; parked when the view has put it aside."`
}

// Pages is the part of a query that says which page of a list is asked for.
type Pages = page.In

// In is a query of a workspace.
type In struct {
	At
	Workspace string `path:"workspace" doc:"The workspace."`
}

func (i In) within() string { return i.Workspace }

// Reached says how new an answer is.
type Reached struct {
	Position int64 `json:"position" doc:"Every event up to here is in the answer."`
}

// ask asks a view and waits until it is new enough. What is not there is
// answered like what one may not see (R32), once the view is new enough to say so.
// The addresses and names in the answer are opened.
func ask[T any](ctx context.Context, persons personal.Opener, atLeast int64, question func(context.Context) (reading.Answer[T], error)) (T, Reached, error) {
	patient, cancel := context.WithTimeout(ctx, viewPatience)
	defer cancel()
	answer, err := question(patient)
	reached := Reached{Position: answer.Position}
	switch {
	case (err == nil || errors.Is(err, reading.ErrNotFound)) && !answer.Reached:
		return answer.Value, reached, &problem.BehindError{Position: atLeast, Reached: answer.Position}
	case (err == nil || errors.Is(err, reading.ErrNotFound)) && answer.Parked:
		return answer.Value, reached, &problem.ParkedError{Position: atLeast, Reached: answer.Position}
	case errors.Is(err, reading.ErrNotFound):
		return answer.Value, reached, domain.Hidden()
	case err != nil:
		return answer.Value, reached, err
	}
	return answer.Value, reached, personal.OpenAll(ctx, persons, &answer.Value)
}
