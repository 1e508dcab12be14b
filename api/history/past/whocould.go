package past

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/credential"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// Ability is whether one member could publish to one account, and why.
type Ability struct {
	Account    domain.AccountID         `json:"account" doc:"Where."`
	User       domain.UserID            `json:"user" doc:"Who."`
	Role       workspace.Role           `json:"role" enum:"owner,admin,editor,client" doc:"As what."`
	Could      bool                     `json:"could" doc:"Whether a post of theirs would have gone out: permitted, through a connection that worked or by hand, while nothing was paused (R68) or closed (R13)."`
	Mode       workspace.CredentialMode `json:"mode" enum:"owner,member" doc:"Whose connection (R33)."`
	Holder     domain.UserID            `json:"holder" doc:"The one who holds it, and alone mends it (R35, R38)."`
	Connection domain.ConnectionID      `json:"connection,omitzero" doc:"The connection; absent if the holder had none."`
	State      account.ConnectionState  `json:"state" enum:"active,needs_reauthentication,revoked,missing" doc:"Its state."`
	ByHand     bool                     `json:"by_hand,omitempty" doc:"Whether the holder posts by hand there, and no connection is needed."`
	Halted     bool                     `json:"halted,omitempty" doc:"Whether nothing was sent, whoever the author was: paused (R68) or closed (R13)."`
	Rules      []domain.Rule            `json:"rules" doc:"Why, most decisive first."`
	Causes     []Cause                  `json:"causes" doc:"The events that made it so, what had made the holder's connection what it was among them; the newest last."`
}

// Cause is an event that changed the answer.
type Cause struct {
	Position   int64          `json:"position" doc:"Its place in the log."`
	ID         domain.EventID `json:"id" doc:"Its id: it can be proven."`
	Type       string         `json:"type" doc:"What happened."`
	RecordedAt time.Time      `json:"recorded_at" doc:"When."`
}

// WhoCould answers who could publish to accounts at a moment, through whose
// connection, in what state, by which events: account by account, for everybody
// who was permitted to post there. Nobody, where the workspace did not hold the
// account.
func (r Reader) WhoCould(ctx context.Context, scope eventstore.Scope, id domain.WorkspaceID, at Moment, accounts ...domain.AccountID) ([]Ability, error) {
	membership, err := r.located(ctx, scope, workspace.Stream(id), at)
	if err != nil {
		return nil, err
	}
	if len(membership) == 0 {
		return nil, ErrNoWorkspace
	}
	all := []Ability{}
	for _, to := range accounts {
		own, err := r.located(ctx, scope, account.Stream(to), at)
		if err != nil {
			return nil, err
		}
		abilities, err := whoCould(id, to, append(own, membership...))
		if err != nil {
			return nil, err
		}
		all = append(all, abilities...)
	}
	return all, nil
}

func (r Reader) located(ctx context.Context, scope eventstore.Scope, stream domain.Stream, at Moment) (events []located, err error) {
	err = r.each(ctx, scope, stream, at, func(event Event) { events = append(events, located{stream, event}) })
	return events, err
}

// whoCould folds the events of the workspace and of the account together.
func whoCould(id domain.WorkspaceID, to domain.AccountID, events []located) ([]Ability, error) {
	slices.SortStableFunc(events, func(a, b located) int { return cmp.Compare(a.Position, b.Position) })
	w, a := &workspace.Workspace{ID: id}, &account.Account{}
	abilities := map[domain.UserID]Ability{}
	var trail account.Trail[Cause]
	for _, event := range events {
		if event.stream.Category == domain.AccountStreams {
			trail.Evolve(a, event.Event.Event, causeOf(event.Event))
			// an account's stream belongs to one workspace, and only that may ask
			if a.Workspace != id {
				return nil, ErrNoWorkspace
			}
		} else {
			w.Evolve(event.Event.Event)
		}
		follow(abilities, w, a, to, event.Event, &trail)
	}
	return sorted(abilities), nil
}

// located is an event and its stream.
type located struct {
	stream domain.Stream
	Event
}

func causeOf(event Event) Cause {
	return Cause{Position: event.Position, ID: event.ID, Type: event.Type, RecordedAt: event.RecordedAt}
}

// follow brings the abilities up to date with the states, and notes the event
// with those that it changed; and with those whose holder is another one now, what
// had made that one's connection what it is.
func follow(abilities map[domain.UserID]Ability, w *workspace.Workspace, a *account.Account, to domain.AccountID, event Event, trail *account.Trail[Cause]) {
	for user := range abilities {
		if member, ok := w.Members[user]; !ok || !member.Posts(to) {
			delete(abilities, user)
		}
	}
	for user, member := range w.Members {
		if !member.Posts(to) {
			continue
		}
		resolution, err := credential.Whose(*w, to, *a, user, "")
		if err != nil { // the workspace does not hold the account (R27)
			delete(abilities, user)
			continue
		}
		known := abilities[user]
		now := Ability{
			Account: to, User: user, Role: member.Role, Could: resolution.GoesOut(), ByHand: resolution.ByHand, Mode: resolution.Mode, Holder: resolution.Holder,
			Connection: resolution.Connection, State: resolution.State, Rules: resolution.Rules, Causes: known.Causes,
		}
		if halted := new(domain.Refusal); errors.As(credential.Halted(*w, to), &halted) {
			now.Could, now.Halted, now.Rules = false, true, append([]domain.Rule{halted.Rule}, now.Rules...)
		}
		if !reflect.DeepEqual(now, known) {
			now.Causes = slices.Clone(known.Causes)
			if made, found := trail.Of(now.Holder); found && now.Holder != known.Holder {
				now.Causes = append(now.Causes, made)
			}
			now.Causes = append(now.Causes, causeOf(event))
			slices.SortFunc(now.Causes, func(a, b Cause) int { return cmp.Compare(a.Position, b.Position) })
			now.Causes = slices.Compact(now.Causes)
			abilities[user] = now
		}
	}
}

func sorted(abilities map[domain.UserID]Ability) []Ability {
	all := make([]Ability, 0, len(abilities))
	for _, ability := range abilities {
		all = append(all, ability)
	}
	slices.SortFunc(all, func(a, b Ability) int {
		return cmp.Or(cmp.Compare(slices.Index(roles, a.Role), slices.Index(roles, b.Role)), cmp.Compare(a.User.String(), b.User.String()))
	})
	return all
}
