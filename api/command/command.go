// Package command exposes every command of the catalog that a member may issue,
// through one handler. A new command needs nothing here: its route, its
// documentation and its checks follow from its registration. Only what has to
// happen before a pure decision, a look at an index or a network, is a
// Preparer, listed by the command's name.
package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/internal/telemetry"
	"behalf/projections/reading"
)

// Order is a command on its way through the API.
type Order struct {
	eventstore.Call
	Admission access.Admission // zero for who is not a member yet, see Preparer.Outsiders
	// After is called when the command was carried out; what it leaves undone is
	// not the caller's problem any more. May be nil.
	After func(context.Context)
	dry   bool // it is only tried out
}

// Preparer does what is impure and comes before deciding.
type Preparer struct {
	// Prepare fills in what the command cannot know itself. Its error is the answer.
	Prepare func(ctx context.Context, order *Order) error
	// Outsiders may issue this command: its own decision answers R32.
	Outsiders bool
}

// Desk takes commands.
type Desk struct {
	store     *eventstore.Store
	door      *access.Door
	persons   personal.Opener
	now       func() time.Time
	views     *reading.Reader
	preparers map[string]Preparer
}

// NewDesk makes a desk; preparers are by the command's name.
func NewDesk(store *eventstore.Store, views *reading.Reader, door *access.Door, persons personal.Opener, now func() time.Time, preparers map[string]Preparer) *Desk {
	return &Desk{store: store, views: views, door: door, persons: persons, now: now, preparers: preparers}
}

// Conditions are what a caller may attach to any command.
type Conditions struct {
	Key     string // Idempotency-Key; empty for none
	IfMatch string // If-Match; empty for none
	DryRun  bool   // say what it would hold up, and carry nothing out
}

// Actor is the signed-in user at this moment.
func (d *Desk) Actor(ctx context.Context) domain.Actor {
	principal := signin.From(ctx)
	return domain.Actor{User: principal.User, TwoFactor: principal.TwoFactor, Address: principal.Address, Now: d.now().UTC(), Fresh: eventstore.Fresh}
}

// take carries out an order of a workspace, or says what it would hold up.
// body has passed validation.
func (d *Desk) take(ctx context.Context, order Order, body []byte, conditions Conditions) (answer Answer, repeated string, err error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(order.Command); err != nil {
		return answer, "", problem.Invalid(problem.Fault{Location: "body", Message: "a value has a form that is not defined, for example an id of nothing"})
	}
	if conditions.DryRun {
		answer, err = d.dryRun(ctx, order)
		return answer, "", err
	}
	if err := d.attach(&order, body, conditions); err != nil {
		return answer, "", err
	}
	ahead, err := d.lookAhead(ctx, order)
	if err != nil {
		return answer, "", err
	}
	result, err := d.Execute(ctx, order)
	if err != nil {
		return answer, "", err
	}
	if answer, err = d.answerOf(ctx, result, order.seen); err == nil && !result.Repeated {
		answer.Stalled, answer.StalledMore = ahead.stalled(order, changesOf(result))
	}
	return answer, Replayed(result), err
}

// order lets the member in, or the outsider where outsiders may come.
func (d *Desk) order(ctx context.Context, kind domain.CommandType, workspace string) (order Order, err error) {
	order.Call = eventstore.Call{
		Type: kind, Command: kind.New(), By: d.Actor(ctx), Correlation: telemetry.CorrelationID(ctx), Trace: telemetry.TraceParent(ctx),
	}
	if d.preparers[kind.Name].Outsiders {
		order.Workspace, err = access.WorkspaceID(workspace)
		return order, err
	}
	order.Admission, err = d.door.Admit(ctx, workspace)
	order.Workspace = order.Admission.ID
	if err == nil && kind.Dangerous { // after admitting: to an outsider nothing is said (R32)
		_, err = access.FreshlyProved(signin.From(ctx), order.By.Now)
	}
	return order, err
}

func (d *Desk) attach(order *Order, body []byte, conditions Conditions) error {
	expect, err := parseIfMatch(conditions.IfMatch)
	if err != nil {
		return err
	}
	order.Expect = expect
	order.Key, err = NewKey(order.By.User, order.Workspace, conditions.Key, body)
	return err
}

// Execute carries an order out, or gives its first answer again.
func (d *Desk) Execute(ctx context.Context, order Order) (eventstore.Result, error) {
	expect := order.Expect
	if prepare := d.preparers[order.Type.Name].Prepare; prepare != nil {
		if first, repeated, err := d.store.Answered(ctx, order.Call); err != nil || repeated {
			return first, err
		}
		if err := prepare(ctx, &order); err != nil {
			return eventstore.Result{}, err
		}
	}
	result, err := d.store.Execute(ctx, order.Call)
	var conflict *eventstore.ConflictError
	if expect != nil && errors.As(err, &conflict) && conflict.Stale {
		return eventstore.Result{}, &problem.StaleError{Actual: conflict.Actual}
	}
	if err != nil {
		return eventstore.Result{}, err
	}
	if order.After != nil {
		order.After(ctx)
	}
	return result, nil
}

// validate checks a body against a command's schema.
func validate(registry huma.Registry, schema *huma.Schema, body []byte) error {
	if len(body) == 0 {
		return problem.New(400, "bad_request", "A command needs a body.")
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return fmt.Errorf("read a body that was checked: %w", err)
	}
	path, result := huma.NewPathBuffer(nil, 0), &huma.ValidateResult{}
	path.Push("body")
	huma.Validate(registry, schema, path, huma.ModeWriteToServer, value, result)
	if len(result.Errors) > 0 {
		return problem.Invalid(problem.Faults(result.Errors)...)
	}
	return nil
}
