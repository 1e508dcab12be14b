// Package stream tells whoever listens what happens, as it happens:
// server-sent events (WHATWG HTML, section 9.2).
//
// A stream has no queue. It asks its Source what is behind the id that it sent
// last, writes that in one piece, and only then asks again: a slow reader costs
// one piece of memory, and one that takes nothing for a while is cut off. What
// it has not taken stays where the Source reads from; it comes back with
// Last-Event-ID.
//
// The Source decides about each piece anew whether the reader may see it, right
// before it is written: who has lost access gets nothing more (R64).
//
// The expected pattern:
//
//	desk := stream.New(stream.Options{})
//	stream.Register(api, desk, huma.Operation{…}, map[string]any{"change": Change{}},
//		func(ctx context.Context, input *eventsInput) (stream.Stream, error) {
//			…
//			return stream.Stream{Source: source, After: input.Behind(), Wake: store.Signals().HighWater.Next}, nil
//		})
package stream

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"behalf/api/problem"
	"behalf/api/signin"
)

// Message is one event as the reader gets it.
type Message struct {
	ID   string // names the place behind it; without line breaks
	Name string // its kind
	Data any    // written as JSON
}

// Page is what a Source found behind an id.
type Page struct {
	Messages []Message
	Reached  string // where to go on, even when there was nothing to tell
	More     bool   // whether there is more at once
}

// Source answers what is behind an id, a bounded number of messages at a time.
// Its error ends the stream.
type Source func(ctx context.Context, after string) (Page, error)

// Stream is what one reader listens to.
type Stream struct {
	Source Source
	After  string // where to begin
	// Wake returns a channel that is closed when there may be something new.
	Wake func() <-chan struct{}
}

// In is the part of an operation's input that says where to go on.
type In struct {
	LastEventID string `header:"Last-Event-ID" maxLength:"100" doc:"The id of the last event that was taken: the stream goes on behind it. Browsers send it by themselves."`
	After       string `query:"after" maxLength:"100" doc:"The same, for whoever cannot send headers; the header goes first."`
}

// Behind is where to begin: the header's word before the parameter's.
func (i In) Behind() string {
	if i.LastEventID != "" {
		return i.LastEventID
	}
	return i.After
}

// Options bound streams. What is 0 gets a default.
type Options struct {
	Heartbeat  time.Duration // something is written at least so often: 15 s
	Look       time.Duration // the Source is asked at least so often, however quiet: 5 s
	Pace       time.Duration // and at most so often: 100 ms
	Patience   time.Duration // how long a piece may take to be written: 10 s
	Longest    time.Duration // how long a stream lasts; the reader comes back: 1 h
	PerPerson  int           // streams of one person: 16
	Altogether int           // streams of this process: 2000
}

// Desk serves streams. It is safe for concurrent use.
type Desk struct {
	options Options
	seats   *seats
}

// New makes a desk.
func New(options Options) *Desk {
	otherwise(&options.Heartbeat, 15*time.Second)
	otherwise(&options.Look, 5*time.Second)
	otherwise(&options.Pace, 100*time.Millisecond)
	otherwise(&options.Patience, 10*time.Second)
	otherwise(&options.Longest, time.Hour)
	otherwise(&options.PerPerson, 16)
	otherwise(&options.Altogether, 2000)
	return &Desk{options: options, seats: newSeats(options.PerPerson, options.Altogether)}
}

func otherwise[T comparable](value *T, usual T) {
	var zero T
	if *value == zero {
		*value = usual
	}
}

// Register adds an operation that answers a stream. kinds are the names of its
// messages with a value of what each carries. open lets the reader in; its
// error, and that of the first look, is an ordinary answer.
func Register[I any](api huma.API, desk *Desk, operation huma.Operation, kinds map[string]any,
	open func(context.Context, *I) (Stream, error),
) {
	document(api, &operation, kinds)
	problem.Handler(api, operation, func(ctx context.Context, input *I) (*huma.StreamResponse, error) {
		opened, err := open(ctx, input)
		if err != nil {
			return nil, err
		}
		leave, err := desk.seats.take(signin.From(ctx).User)
		if err != nil {
			return nil, err
		}
		turn := &turn{Stream: opened, options: desk.options}
		first, err := turn.look(ctx)
		if err != nil {
			leave()
			return nil, err
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			defer leave()
			request, answer := humachi.Unwrap(ctx)
			if request.Method == http.MethodHead {
				answer.Header().Set("Content-Type", ContentType)
				return
			}
			life, end := Life(ctx.Context(), desk.options.Longest)
			defer end()
			turn.serve(life, request, answer, first)
		}}, nil
	})
}
