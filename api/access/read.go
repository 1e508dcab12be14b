package access

import (
	"context"
	"fmt"
	"net/http"
	"reflect"

	"github.com/jackc/pgx/v5"

	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/reading"
)

const inOneTrip = "read in one trip"

// InOneTrip is the metadata of an operation whose handler answers by Read alone.
// Whom its request acts for is then not asked before the handler: the credential
// may be remembered, and is checked together with what is read.
func InOneTrip() map[string]any { return map[string]any{inOneTrip: true} }

// Question asks the views for a member. It may be asked more than once, and
// decides by the admission's Member and the workspace's Owner alone: the rest
// of the state may be older than the rows.
type Question[T any] func(ctx context.Context, admission Admission, views *reading.Reader) (T, error)

// Read answers a question about the workspace with this id, to whom Admit would
// let in, in one round trip: the session or API token with its second factor, the
// newest events of the workspace, and the rows are read in one transaction, of
// one moment. What to ask is decided on what this process remembers; whether the
// answer is shown, on what was true at the moment of its rows (R63, R64).
// If that is something else the question is asked once more, as who they are now.
// A refusal is decided on what was asked in this request, never on memory.
func Read[T any](ctx context.Context, d *Door, id string, views *reading.Reader, question Question[T]) (T, error) {
	var nothing T
	ws, err := WorkspaceID(id)
	if err != nil {
		return nothing, err
	}
	who, certain := signin.From(ctx), false
	state, err := d.remembered(ws, who)
	if err != nil {
		return nothing, err
	}
	for {
		answer, seen, err := ask(ctx, d, ws, who, state, views, question)
		switch {
		case seen.came && seen.who.Same(who) && sameStanding(ws, who, state, seen.state):
			return answer, err
		case seen.came: // somebody has changed who they are, or may do
			who, state, certain = seen.who, seen.state, true
		case certain || ctx.Err() != nil:
			return nothing, err
		default:
			if who, state, err = d.now(ctx, ws, who); err != nil {
				return nothing, err
			}
			certain = true
		}
	}
}

// sight is what a gate saw.
type sight struct {
	came  bool
	who   signin.Principal
	state eventstore.Loaded
}

// ask admits by what is believed, and asks the question together with what is true.
func ask[T any](ctx context.Context, d *Door, ws domain.WorkspaceID, who signin.Principal, state eventstore.Loaded,
	views *reading.Reader, question Question[T],
) (answer T, seen sight, err error) {
	admission, err := admitted(ws, who, state)
	if err != nil {
		return answer, seen, err
	}
	past, err := d.store.Glimpse(eventstore.Scope{Workspace: ws, User: who.User}, workspace.Stream(ws))
	if err != nil {
		return answer, seen, fmt.Errorf("admit: %w", err)
	}
	guard := &gate{credential: d.signIn.Check(who), past: past}
	answer, err = question(signin.With(ctx, who), admission, views.Behind(guard))
	seen.who, seen.came = guard.credential.Answer()
	if loaded, genuine := past.Loaded(); genuine {
		seen.state = loaded
	} else {
		seen.came = false
	}
	return answer, seen, err
}

// gate asks, before a view's rows, for what decides whether they are shown.
type gate struct {
	credential *signin.Check
	past       *eventstore.Glimpse
}

// Queue implements reading.Gate.
func (g *gate) Queue(batch *pgx.Batch) {
	g.credential.Queue(batch)
	g.past.Queue(batch)
}

// remembered is the workspace as this process knows it: nothing asked.
func (d *Door) remembered(ws domain.WorkspaceID, who signin.Principal) (eventstore.Loaded, error) {
	past, err := d.store.Glimpse(eventstore.Scope{Workspace: ws, User: who.User}, workspace.Stream(ws))
	if err != nil {
		return eventstore.Loaded{}, fmt.Errorf("admit: %w", err)
	}
	return past.Known(), nil
}

// now asks who a credential stands for, and for the workspace.
func (d *Door) now(ctx context.Context, ws domain.WorkspaceID, was signin.Principal) (signin.Principal, eventstore.Loaded, error) {
	who, err := d.signIn.Again(ctx, was)
	if err != nil {
		return signin.Principal{}, eventstore.Loaded{}, err
	}
	state, err := d.store.Load(ctx, eventstore.Scope{Workspace: ws, User: who.User}, workspace.Stream(ws))
	if err != nil {
		return signin.Principal{}, eventstore.Loaded{}, fmt.Errorf("admit: %w", err)
	}
	return who, state, nil
}

// admitted lets a principal into a workspace as it is in state.
func admitted(ws domain.WorkspaceID, who signin.Principal, loaded eventstore.Loaded) (Admission, error) {
	switch {
	case who.User.IsZero():
		return Admission{}, signin.ErrNotSignedIn
	case who.Waiting:
		return Admission{}, secondFactorNeeded()
	}
	stream := workspace.Stream(ws)
	state := *domain.Fact[*workspace.Workspace](loaded.Facts, stream)
	state.ID = ws
	member, err := state.AdmitReader(domain.Actor{User: who.User, TwoFactor: who.TwoFactor})
	if err != nil {
		return Admission{}, err
	}
	return Admission{ID: ws, Workspace: state, Version: loaded.Versions[stream], Position: loaded.Position, Member: member}, nil
}

// sameStanding reports whether what a Question decides by is the same in both
// states: the workspace may have moved otherwise.
func sameStanding(ws domain.WorkspaceID, who signin.Principal, before, after eventstore.Loaded) bool {
	stream := workspace.Stream(ws)
	if before.Versions[stream] == after.Versions[stream] && before.Position == after.Position {
		return true
	}
	was, refusedBefore := admitted(ws, who, before)
	is, refusedAfter := admitted(ws, who, after)
	return refusedBefore == nil && refusedAfter == nil &&
		was.Workspace.Owner == is.Workspace.Owner && reflect.DeepEqual(was.Member, is.Member)
}

func secondFactorNeeded() error {
	return problem.New(http.StatusUnauthorized, "second_factor_needed", "Prove your second factor at /v1/sessions/current/proof.")
}
