package scenario

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
)

// Story is a history that a command is about to meet.
type Story struct {
	t   testing.TB
	log *Log
	ws  domain.WorkspaceID
}

// Given is the beginning of a test: what has happened in workspace ws so far.
func Given(t testing.TB, ws domain.WorkspaceID, log *Log, history ...domain.Change) Story {
	t.Helper()
	log.Append(history...)
	return Story{t: t, log: log, ws: ws}
}

// When lets by issue the command, and checks what holds for every decision: it
// reads and writes only streams that the command lists, it leaves the facts as
// they were, the same facts lead to the same answer, a refusal changes nothing
// and names a rule that the command declares, and events read back from JSON
// as they were written.
func (s Story) When(by domain.Actor, command any) Outcome {
	s.t.Helper()
	decision := s.log.Decide(s.ws, by, command)
	again := s.log.Decide(s.ws, by, command)

	require.Equal(s.t, reflect.TypeOf(command).Name(), decision.Type.Name)
	require.Equal(s.t, decision.Changes, again.Changes, "the same facts lead to the same events")
	require.Equal(s.t, decision.Err, again.Err, "the same facts lead to the same refusal")
	for _, stream := range decision.Streams {
		require.Equal(s.t, s.log.State(stream), decision.Facts[stream], "deciding changes no facts")
	}
	if decision.Err != nil {
		s.checkRefusal(decision)
	}
	s.checkChanges(decision)
	return Outcome{t: s.t, decision: decision}
}

func (s Story) checkRefusal(decision Decision) {
	s.t.Helper()
	var refusal *domain.Refusal
	require.ErrorAs(s.t, decision.Err, &refusal)
	require.Empty(s.t, decision.Changes, "a refusal changes nothing")
	require.NotEmpty(s.t, refusal.Code)
	require.NotEmpty(s.t, refusal.Detail)
	// To a part of Behalf, R32 says no more than that it named nothing real.
	if refusal.Rule != 0 && (refusal.Rule != domain.R32 || decision.Type.Issuer != domain.BySystem) {
		require.Contains(s.t, decision.Type.Rules, refusal.Rule, "%s declares the rules it refuses by", decision.Type.Name)
	}
}

func (s Story) checkChanges(decision Decision) {
	s.t.Helper()
	for _, change := range decision.Changes {
		require.Contains(s.t, decision.Streams, change.Stream, "%s lists the streams it writes", decision.Type.Name)
		s.checkEvent(change)
	}
	for _, stream := range decision.Streams {
		clone := decision.Facts[stream].Clone()
		require.Equal(s.t, decision.Facts[stream], clone)
		for _, change := range decision.Changes {
			if change.Stream == stream {
				clone.Evolve(change.Event)
			}
		}
		require.Equal(s.t, s.log.State(stream), decision.Facts[stream], "a clone shares nothing that evolves")
	}
}

func (s Story) checkEvent(change domain.Change) {
	s.t.Helper()
	events := s.log.aggregates[change.Stream.Category].Events
	at := slices.IndexFunc(events, func(e domain.EventType) bool { return e.Name == change.Event.EventType() })
	require.GreaterOrEqual(s.t, at, 0, "%s is an event of %s streams", change.Event.EventType(), change.Stream.Category)

	written := sealed(s.t, change.Event)
	data, err := json.Marshal(written)
	require.NoError(s.t, err)
	read, err := events[at].Decode(data)
	require.NoError(s.t, err)
	require.Equal(s.t, written, read, "%s reads back as it was written", change.Event.EventType())
}

// sealed is the event with its personal texts as the log holds them; a
// decision makes none that belong to nobody.
func sealed(t testing.TB, event domain.Event) domain.Event {
	t.Helper()
	written, err := personal.Edit(event, func(texts []*personal.Text) error {
		for _, text := range texts {
			says, plain := text.Plain()
			require.True(t, plain, "a decision says personal texts in plain words")
			require.False(t, text.Of().IsZero(), "a personal text is somebody's")
			*text = text.Of().Sealed(personal.Place{}, []byte("sealed "+says))
		}
		return nil
	})
	require.NoError(t, err)
	return written
}

// Outcome is what a command led to.
type Outcome struct {
	t        testing.TB
	decision Decision
}

// Then asserts the events, all of them on the command's first stream.
func (o Outcome) Then(events ...domain.Event) {
	o.t.Helper()
	o.ThenOn(domain.On(o.decision.Streams[0], events...)...)
}

// ThenFirst asserts the events on the command's first stream, whatever happens
// on others.
func (o Outcome) ThenFirst(events ...domain.Event) {
	o.t.Helper()
	require.NoError(o.t, o.decision.Err)
	require.Equal(o.t, domain.On(o.decision.Streams[0], events...), o.On(o.decision.Streams[0]))
}

// On answers what happens on a stream.
func (o Outcome) On(stream domain.Stream) (changes []domain.Change) {
	for _, change := range o.decision.Changes {
		if change.Stream == stream {
			changes = append(changes, change)
		}
	}
	return changes
}

// ThenOn asserts the events and their streams.
func (o Outcome) ThenOn(changes ...domain.Change) {
	o.t.Helper()
	require.NoError(o.t, o.decision.Err)
	require.NotEmpty(o.t, changes, "say Nothing")
	require.Equal(o.t, changes, o.decision.Changes)
}

// Nothing asserts that the command was accepted and nothing happened.
func (o Outcome) Nothing() {
	o.t.Helper()
	require.NoError(o.t, o.decision.Err)
	require.Empty(o.t, o.decision.Changes)
}

// Refused asserts the rule and the code of a refusal, and answers it for what
// else a test asks of it. The rule is zero where no numbered one stands behind.
func (o Outcome) Refused(rule domain.Rule, code string) domain.Refusal {
	o.t.Helper()
	var refusal *domain.Refusal
	if !errors.As(o.decision.Err, &refusal) {
		require.FailNow(o.t, "not refused", "%s: %v", rule, o.decision.Changes)
	}
	require.Equal(o.t, rule, refusal.Rule)
	require.Equal(o.t, code, refusal.Code)
	return *refusal
}
