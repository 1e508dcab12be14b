package audit

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"behalf/api/history/past"
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// timeForm is how moments are printed: UTC, to the millisecond.
const timeForm = "2006-01-02 15:04:05.000Z"

// lookEvery is how often somebody who follows looks for news.
const lookEvery = time.Second

// LogOptions say which part of a history is wanted, and how.
type LogOptions struct {
	past.Filter
	Format Format
	Follow bool // go on with what happens, until ctx ends
}

// Log prints the membership history of a workspace, an event a line, oldest first.
func (a Auditor) Log(ctx context.Context, out io.Writer, id domain.WorkspaceID, options LogOptions) error {
	state, err := a.state(ctx, id, past.Moment{})
	if err != nil {
		return err
	}
	t := &teller{auditor: a, out: out, format: options.Format}
	if t.names, err = a.names(ctx, state); err != nil {
		return err
	}
	if err := t.begin(); err != nil {
		return err
	}
	ticks := time.NewTicker(lookEvery)
	defer ticks.Stop()
	for {
		err := a.Reader.Entries(ctx, eventstore.Scope{Workspace: id}, workspace.Stream(id), options.Filter, func(entry past.Entry) error {
			options.After = entry.Position
			return t.tell(ctx, entry)
		})
		if err != nil || !options.Follow {
			return err
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// teller writes entries in one format.
type teller struct {
	auditor Auditor
	out     io.Writer
	format  Format
	names   names
}

// line is an entry for machines.
type line struct {
	Position   int64           `json:"position"`
	Version    int             `json:"version"`
	ID         domain.EventID  `json:"id"`
	Type       string          `json:"type"`
	Actor      domain.UserID   `json:"actor,omitzero"`
	Part       string          `json:"part,omitempty"`
	Command    string          `json:"command"`
	RecordedAt time.Time       `json:"recorded_at"`
	Data       json.RawMessage `json:"data"`
	Told       string          `json:"told"`
}

func (t *teller) begin() error {
	if t.format != CSV {
		return nil
	}
	return t.row("position", "recorded_at", "event", "type", "command", "actor", "told", "data")
}

func (t *teller) tell(ctx context.Context, entry past.Entry) error {
	if err := t.learn(ctx, entry); err != nil {
		return err
	}
	told, err := t.names.tell(entry.Event.Event)
	if err != nil {
		return fmt.Errorf("tell the event at %d: %w", entry.Position, err)
	}
	m := entry.Metadata
	switch t.format {
	case JSON:
		return writeJSON(t.out, line{
			Position: entry.Position, Version: entry.Version, ID: entry.ID, Type: entry.Type, Actor: m.Actor, Part: m.Part,
			Command: m.Command, RecordedAt: entry.RecordedAt, Data: entry.Data, Told: told,
		})
	case CSV:
		return t.row(strconv.FormatInt(entry.Position, 10), entry.RecordedAt.Format(time.RFC3339Nano), entry.ID.String(),
			entry.Type, m.Command, t.names.actor(m), told, string(entry.Data))
	default:
		_, err = fmt.Fprintf(t.out, "#%-5d %s  %s by %s: %s\n", entry.Position,
			entry.RecordedAt.Format(timeForm), m.Command, t.names.actor(m), told)
		return err
	}
}

// learn finds names for whoever has come since the names were read: with
// --follow, a new member.
func (t *teller) learn(ctx context.Context, entry past.Entry) error {
	switch event := entry.Event.Event.(type) {
	case workspace.AccountAdded:
		t.names[event.Account.String()] = event.Name
	case workspace.ClientInvited:
		if _, known := t.names[event.Person.String()]; !known {
			t.names[event.Person.String()] = event.Email.Reveal()
		}
	case workspace.InvitationAccepted:
		called, err := t.auditor.namesOf(ctx, event.Member)
		if err != nil {
			return err
		}
		t.names[event.Member.String()] = called[event.Member]
	}
	return nil
}

// row writes a line of a table. What a spreadsheet would take for a formula is
// made text.
func (t *teller) row(cells ...string) error {
	for i, cell := range cells {
		if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r") {
			cells[i] = "'" + cell
		}
	}
	table := csv.NewWriter(t.out)
	if err := table.Write(cells); err != nil {
		return err
	}
	table.Flush()
	return table.Error()
}

func (n names) actor(m eventstore.Metadata) string {
	if m.Actor.IsZero() {
		return "behalf/" + m.Part
	}
	return n.of(m.Actor.String())
}

// Unopened leaves addresses and names as they are: an auditor without the
// master key reads the history without them.
type Unopened struct{}

// Open implements personal.Opener.
func (Unopened) Open(context.Context, ...*personal.Text) error { return nil }
