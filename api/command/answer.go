package command

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/eventstore/codec"
)

// RepeatedHeader is "true" on an answer that an earlier request with the same
// idempotency key got first.
const RepeatedHeader = "Idempotency-Replayed"

// Answer is what a command answers: what happened, and from which position on
// views know it.
type Answer struct {
	Position int64   `json:"position" doc:"Name it as ?position= in a query to read what this command wrote."`
	Events   []Event `json:"events" doc:"What happened; empty when nothing had to change."`

	Stalled     []Stalled `json:"stalled,omitempty" doc:"Scheduled posts that do not go out any more because of it, the most urgent first and at most 1,000, as far as the views know them; not on a repeated answer (R48)."`
	StalledMore int       `json:"stalled_more,omitempty" doc:"How many more there are than stalled names."`
	DryRun      bool      `json:"dry_run,omitempty" doc:"Nothing was carried out: this is what would be held up."`
}

// Event is one thing that happened.
type Event struct {
	ID         domain.EventID  `json:"id" doc:"The event's id."`
	Type       string          `json:"type" doc:"What happened, dotted and versioned." example:"workspace.client_invited.v1"`
	Stream     domain.Stream   `json:"stream" doc:"Whose history it is part of."`
	Version    int             `json:"version" doc:"Its place in that history; name it in If-Match."`
	Position   int64           `json:"position" doc:"Its place in the whole log."`
	RecordedAt time.Time       `json:"recorded_at" doc:"When it was recorded."`
	Data       json.RawMessage `json:"data" doc:"The event itself, with the words of personal texts. It holds no secret."`
}

// AnswerOf writes a result for whom it is all about.
func (d *Desk) AnswerOf(ctx context.Context, result eventstore.Result) (Answer, error) {
	return d.answerOf(ctx, result, func(event domain.Event) domain.Event { return event })
}

// answerOf writes a result for people, who read the addresses and names in it,
// as far as they may see it.
func (d *Desk) answerOf(ctx context.Context, result eventstore.Result, seen func(domain.Event) domain.Event) (Answer, error) {
	answer := Answer{Position: result.Position, Events: make([]Event, len(result.Events))}
	for i, recorded := range result.Events {
		event, err := personal.Opened(ctx, d.persons, seen(recorded.Event))
		if err != nil {
			return Answer{}, err
		}
		data, err := codec.Show(event)
		if err != nil {
			return Answer{}, fmt.Errorf("write event %s: %w", recorded.ID, err)
		}
		answer.Events[i] = Event{
			ID: recorded.ID, Type: recorded.Type, Stream: recorded.Stream, Version: recorded.Version,
			Position: recorded.Position, RecordedAt: recorded.RecordedAt, Data: data,
		}
	}
	return answer, nil
}

// Replayed is the value of RepeatedHeader.
func Replayed(result eventstore.Result) string {
	if result.Repeated {
		return "true"
	}
	return ""
}
