package audit

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
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
	Parts   []domain.Category // all when none is named
	Format  Format
	Clients bool // the text says where people came from, as other formats always do
	Follow  bool // go on with what happens, until ctx ends
}

// Log prints the history of a workspace, an event a line, oldest first.
func (a Auditor) Log(ctx context.Context, out io.Writer, id domain.WorkspaceID, options LogOptions) error {
	state, err := a.state(ctx, id, past.Moment{})
	if err != nil {
		return err
	}
	t := &teller{auditor: a, out: out, format: options.Format, clients: options.Clients}
	if t.names, err = a.names(ctx, state); err != nil {
		return err
	}
	if err := t.begin(); err != nil {
		return err
	}
	walk := a.Reader.Walk(eventstore.Scope{Workspace: id}, id, options.Filter, options.Parts...)
	tell := func(entry past.Entry) error { return t.tell(ctx, entry) }
	if !options.Follow {
		return walk.Next(ctx, tell)
	}
	ticks := time.NewTicker(lookEvery)
	defer ticks.Stop()
	for {
		if err := walk.Next(ctx, tell); err != nil && ctx.Err() == nil {
			return err
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return nil // that is how it ends
		}
	}
}

// teller writes entries in one format.
type teller struct {
	auditor Auditor
	out     io.Writer
	format  Format
	clients bool
	names   names
}

// line is an entry for machines.
type line struct {
	Position   int64           `json:"position"`
	Stream     domain.Stream   `json:"stream"`
	Version    int             `json:"version"`
	ID         domain.EventID  `json:"id"`
	Type       string          `json:"type"`
	Actor      domain.UserID   `json:"actor,omitzero"`
	Part       string          `json:"part,omitempty"`
	Command    string          `json:"command"`
	Client     string          `json:"client,omitempty"`
	RecordedAt time.Time       `json:"recorded_at"`
	Data       json.RawMessage `json:"data"`
	Told       string          `json:"told"`
}

func (t *teller) begin() error {
	if t.format != CSV {
		return nil
	}
	return t.row("position", "recorded_at", "stream", "version", "event", "type", "command", "actor", "client", "told", "data")
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
			Position: entry.Position, Stream: entry.Stream, Version: entry.Version, ID: entry.ID, Type: entry.Type,
			Actor: m.Actor, Part: m.Part, Command: m.Command, Client: m.Client.Reveal(), RecordedAt: entry.RecordedAt,
			Data: entry.Data, Told: told,
		})
	case CSV:
		return t.row(strconv.FormatInt(entry.Position, 10), entry.RecordedAt.Format(time.RFC3339Nano), entry.Stream.String(),
			strconv.Itoa(entry.Version), entry.ID.String(), entry.Type, m.Command, t.names.actor(m), m.Client.Reveal(), told, string(entry.Data))
	default:
		by := m.Command + " by " + t.names.actor(m)
		if t.clients && !m.Client.IsZero() {
			by += " from " + m.Client.Reveal()
		}
		_, err = fmt.Fprintf(t.out, "#%-5d %s  %s%s: %s\n", entry.Position, entry.RecordedAt.Format(timeForm), oneLine(by),
			t.names.subject(entry.Stream), told)
		return err
	}
}

// learn finds names for whoever has not been heard of: people who have left,
// and with --follow those who come.
func (t *teller) learn(ctx context.Context, entry past.Entry) error {
	var strangers []domain.UserID
	for _, written := range append(people.FindAllString(string(entry.Data), -1), entry.Metadata.Actor.String()) {
		var user domain.UserID
		if _, known := t.names[written]; known || user.UnmarshalText([]byte(written)) != nil || user.IsZero() {
			continue
		}
		t.names[written] = written
		strangers = append(strangers, user)
	}
	switch event := entry.Event.Event.(type) {
	case workspace.AccountAdded:
		t.names[event.Account.String()] = event.Name
	case workspace.InvitationAccepted: // by then they have a name
		strangers = append(strangers, event.Member)
	}
	if len(strangers) > 0 {
		called, err := t.auditor.namesOf(ctx, strangers...)
		if err != nil {
			return err
		}
		for user, name := range called {
			t.names[user.String()] = name
		}
	}
	// who has no name of their own is called by the address that was invited
	_, err := personal.Edit(entry.Event.Event, func(texts []*personal.Text) error {
		for _, text := range texts {
			if written := text.Person().String(); written != "" && t.names[written] == written {
				t.names[written] = text.Reveal()
			}
		}
		return nil
	})
	return err
}

// people are the ids of users in an event.
var people = regexp.MustCompile(`usr_[0-9a-f]{32}`)

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
