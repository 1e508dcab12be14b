// Package resolution answers the one question that everything serves: may this
// member publish to this account, through whose connection, who mends it if
// not, and which events made it so. It is answered from the log itself.
package resolution

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/credential"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// Resolution is the answer for one member, account and moment.
type Resolution struct {
	Account    domain.AccountID         `json:"account" doc:"Where."`
	Member     domain.UserID            `json:"member" doc:"Who."`
	Role       workspace.Role           `json:"role,omitempty" doc:"As what; absent for who is no member."`
	MayPublish bool                     `json:"may_publish" doc:"Whether a post of theirs would go out at that moment."`
	Why        *Why                     `json:"why,omitempty" doc:"Why not."`
	Mode       workspace.CredentialMode `json:"mode,omitempty" doc:"Whose connection it would be: owner or member (R33)."`
	Holder     domain.UserID            `json:"holder,omitzero" doc:"Whose exactly, and who alone mends it (R35, R38)."`
	Connection domain.ConnectionID      `json:"connection,omitzero" doc:"The connection; absent if the holder has none."`
	State      account.ConnectionState  `json:"state,omitempty" doc:"active, needs_reauthentication, revoked or missing."`
	ByHand     bool                     `json:"by_hand,omitempty" doc:"Whether the holder posts by hand there: at its moment they are asked to, and no connection is needed."`
	Identity   string                   `json:"identity,omitempty" doc:"Whom posts appear as, unless the post says otherwise (R36, R39)."`
	Rules      []domain.Rule            `json:"rules" doc:"Which rules say so, most decisive first."`
	Events     []Event                  `json:"events" doc:"What led there: each of these changed the answer, or made the holder's connection what it was when it became theirs to publish through; the newest last."`
}

// Why is the reason of a no.
type Why struct {
	Rule   domain.Rule `json:"rule,omitzero" doc:"The rule."`
	Code   string      `json:"code" doc:"For machines."`
	Detail string      `json:"detail" doc:"For people."`
}

// Event is one that changed the answer.
type Event struct {
	Position   int64          `json:"position" doc:"Its place in the log."`
	ID         domain.EventID `json:"id" doc:"Its id: it can be proven."`
	Type       string         `json:"type" doc:"What happened."`
	RecordedAt time.Time      `json:"recorded_at" doc:"When."`
	By         domain.UserID  `json:"by,omitzero" doc:"Who did it; absent for a part of Behalf."`
	Part       string         `json:"part,omitempty" doc:"Which part of Behalf did it, when nobody was signed in."`
}

// about is the question.
type about struct {
	workspace domain.WorkspaceID
	account   domain.AccountID
	member    domain.UserID
}

// resolve folds the workspace's and the account's history together, up to a
// moment, and notes every event that changed the answer, and which one had made
// the connection that it came to name. found is false where
// the workspace did not exist then, or the account is another workspace's (R32).
func resolve(ctx context.Context, store *eventstore.Store, scope eventstore.Scope, of about, upTo eventstore.UpTo) (answer Resolution, found bool, err error) {
	var events []eventstore.Recorded
	for _, stream := range []domain.Stream{workspace.Stream(of.workspace), account.Stream(of.account)} {
		for recorded, err := range store.Read(ctx, scope, stream, upTo) {
			if err != nil {
				return answer, false, fmt.Errorf("resolve: %w", err)
			}
			events = append(events, recorded)
		}
	}
	slices.SortStableFunc(events, func(a, b eventstore.Recorded) int { return cmp.Compare(a.Position, b.Position) })
	w, a := workspace.Workspace{ID: of.workspace}, account.Account{}
	var trail account.Trail[Event]
	said := credential.Explain(w, of.account, a, of.member)
	led := map[int64]Event{}
	for _, recorded := range events {
		event := Event{
			Position: recorded.Position, ID: recorded.ID, Type: recorded.Type, RecordedAt: recorded.RecordedAt,
			By: recorded.Metadata.Actor, Part: recorded.Metadata.Part,
		}
		if recorded.Stream.Category == domain.AccountStreams {
			trail.Evolve(&a, recorded.Event, event)
		} else {
			w.Evolve(recorded.Event)
		}
		now := credential.Explain(w, of.account, a, of.member)
		if now.Same(said) {
			continue
		}
		if now.Holder != said.Holder {
			if made, found := trail.Of(now.Holder); found {
				led[made.Position] = made
			}
		}
		said = now
		led[event.Position] = event
	}
	answer.Events = slices.AppendSeq([]Event{}, maps.Values(led))
	slices.SortFunc(answer.Events, func(a, b Event) int { return cmp.Compare(a.Position, b.Position) })
	answer.fill(of, w, said)
	return answer, w.Exists() && (!a.Exists() || a.Workspace == of.workspace), nil
}

func (r *Resolution) fill(of about, w workspace.Workspace, said credential.Answer) {
	r.Account, r.Member, r.Role = of.account, of.member, w.Members[of.member].Role
	r.MayPublish, r.Mode, r.Holder, r.Connection = said.MayPublish, said.Mode, said.Holder, said.Connection
	r.State, r.ByHand, r.Identity, r.Rules = said.State, said.ByHand, said.Identity, said.Rules
	if said.Why != nil {
		r.Why = &Why{Rule: said.Why.Rule, Code: said.Why.Code, Detail: said.Why.Detail}
	}
	if r.Rules == nil {
		r.Rules = []domain.Rule{}
	}
}
