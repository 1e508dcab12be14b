package people

import (
	"context"
	"fmt"
	"net/http"

	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/telemetry"
	"behalf/projections/reading"
)

// Eraser erases people: for themselves, or for an operator.
type Eraser struct {
	Store   *eventstore.Store
	Views   *reading.Reader
	Command domain.CommandType          // EraseUser, from the catalog
	Erase   func(context.Context) error // see personkeys.Keys.Erase
}

// EraseUser appends that a person is erased, and then makes it so. When it
// fails, or the process dies, after the first, the sweeper does the second.
// It fails with R12 for a person who owns a workspace. Doing it again is fine.
func (e Eraser) EraseUser(ctx context.Context, person domain.UserID, by domain.Actor) error {
	owned, err := e.owned(ctx, person)
	if err != nil {
		return err
	}
	_, err = e.Store.Execute(ctx, eventstore.Call{
		Type: e.Command, Command: &user.EraseUser{Person: person, Owns: owned}, By: by, Correlation: telemetry.CorrelationID(ctx), Trace: telemetry.TraceParent(ctx),
	})
	if err != nil {
		return err
	}
	return e.Erase(ctx)
}

// owned asks the view once it has everything that was in the log when the
// person asked. Who creates a workspace while being erased is not kept from it.
func (e Eraser) owned(ctx context.Context, person domain.UserID) (owned []domain.WorkspaceID, err error) {
	head, err := e.Store.Head(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := e.Views.Workspaces(ctx, eventstore.Scope{User: person}, head)
	if err != nil {
		return nil, fmt.Errorf("look for workspaces that %s owns: %w", person, err)
	}
	if !answer.Reached {
		return nil, &problem.BehindError{Position: head, Reached: answer.Position}
	}
	for _, found := range answer.Value {
		if found.Role == workspace.Owner && found.ClosedAt.IsZero() && found.DeleteAt.IsZero() { // nobody needs the Owner of a closed one (R13)
			owned = append(owned, found.ID)
		}
	}
	return owned, nil
}

type eraseInput struct {
	Body struct {
		Password signin.Password `json:"password" minLength:"1" maxLength:"200" doc:"Your password, once more." writeOnly:"true"`
	} `nameHint:"Erasure"`
}

func (d *Desk) eraseMe(ctx context.Context, input *eraseInput) (*signOutOutput, error) {
	person, err := d.ownPassword(ctx, input.Body.Password)
	if err != nil {
		return nil, err
	}
	if err := d.Eraser.EraseUser(ctx, person, d.Commands.Actor(ctx)); err != nil {
		return nil, err
	}
	return &signOutOutput{SetCookie: []http.Cookie{d.Cookie.Clear()}}, nil
}
