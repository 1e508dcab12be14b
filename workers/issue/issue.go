// Package issue lets a worker that learned something issue a command, like
// everybody else.
package issue

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/eventstore"
	"behalf/internal/telemetry"
)

// Desk issues commands on behalf of one part of Behalf. It is safe for concurrent use.
type Desk struct {
	store *eventstore.Store
	part  string
	now   func() time.Time
	types map[string]domain.CommandType
}

// New makes the desk of a part ("publish", "sweeper"). The part is what history shows.
func New(store *eventstore.Store, part string, now func() time.Time) *Desk {
	return &Desk{store: store, part: part, now: now, types: catalog.Commands()}
}

// Issue decides and appends a command, given as a pointer to its Go type. The
// events may be none: commands about what has been done already change nothing.
// A refusal comes back as the *domain.Refusal that it is.
func (d *Desk) Issue(ctx context.Context, ws domain.WorkspaceID, cmd any) ([]eventstore.Recorded, error) {
	kind, known := d.types[reflect.TypeOf(cmd).Elem().Name()]
	if !known {
		return nil, fmt.Errorf("issue %T: no such command", cmd)
	}
	result, err := d.store.Execute(ctx, eventstore.Call{
		Type: kind, Command: cmd, Workspace: ws,
		Trace: telemetry.TraceParent(ctx),
		By:    domain.Actor{Part: d.part, Now: d.now().UTC(), Fresh: eventstore.Fresh},
	})
	return result.Events, err
}

// Refused reports whether a rule, rather than a failure, ended a command.
func Refused(err error) bool {
	var refusal *domain.Refusal
	return errors.As(err, &refusal)
}
