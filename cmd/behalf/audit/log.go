package audit

import (
	"context"
	"fmt"
	"io"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// timeForm is how moments are printed: UTC, to the millisecond.
const timeForm = "2006-01-02 15:04:05.000Z"

// Log prints the whole membership history of a workspace, an event a line, oldest first.
func (a Auditor) Log(ctx context.Context, out io.Writer, id domain.WorkspaceID) error {
	known, err := a.names(ctx, id)
	if err != nil {
		return err
	}
	for event, err := range a.Store.Read(ctx, eventstore.Scope{Workspace: id}, workspace.Stream(id), eventstore.UpTo{}) {
		if err != nil {
			return err
		}
		opened, err := personal.Opened(ctx, a.Persons, event.Event)
		if err != nil {
			return err
		}
		text, err := known.tell(opened)
		if err != nil {
			return fmt.Errorf("tell the event at %d: %w", event.Position, err)
		}
		_, err = fmt.Fprintf(out, "#%-5d %s  %s by %s: %s\n", event.Position,
			event.RecordedAt.Format(timeForm), event.Metadata.Command, known.actor(event.Metadata), text)
		if err != nil {
			return err
		}
	}
	return nil
}

func (n names) actor(m eventstore.Metadata) string {
	if m.Actor.IsZero() {
		return "behalf/" + m.Part
	}
	return n.of(m.Actor.String())
}
