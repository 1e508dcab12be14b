package notifications

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/live/stream"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/eventstore"
)

// The names of the stream's messages.
const (
	notificationName = "notification"
	unreadName       = "unread"
)

// Unread is how many notifications are left to read.
type Unread struct {
	Unread int64 `json:"unread" doc:"How many you have not read."`
}

// most is how many notifications are told in one piece.
const most = 50

func (d *Desk) mountEvents(api huma.API) {
	stream.Register(api, d.Streams, huma.Operation{
		OperationID: "my-events", Method: http.MethodGet, Path: "/v1/me/events", Tags: []string{tag},
		Summary: "What concerns you, as it happens (R20).",
		Description: "Server-sent events. \"" + notificationName + "\" is a notification, \"" + unreadName + "\" the counter whenever it is another. " +
			"Without an id the stream begins now. It ends with the session.",
	}, map[string]any{notificationName: Notification{}, unreadName: Unread{}}, d.open)
}

// idForm is the form of an id of this stream: a position in the log.
var idForm = regexp.MustCompile(`^[0-9]{1,18}$`)

type eventsInput struct{ stream.In }

func (d *Desk) open(ctx context.Context, input *eventsInput) (stream.Stream, error) {
	principal, err := person(ctx)
	if err != nil {
		return stream.Stream{}, err
	}
	after := input.Behind()
	if after == "" {
		now, err := d.Views.Unread(ctx, eventstore.Scope{User: principal.User}, 0)
		if err != nil {
			return stream.Stream{}, err
		}
		after = strconv.FormatInt(now.Position, 10)
	}
	if !idForm.MatchString(after) {
		return stream.Stream{}, problem.New(http.StatusBadRequest, "bad_request", "An id of this stream is a position in the log.",
			problem.Fault{Location: "header.Last-Event-ID", Message: "the id of the last event"})
	}
	l := &listener{desk: d, unread: -1}
	return stream.Stream{Source: l.source, After: after, Wake: d.Store.Signals().Checkpoint.Next}, nil
}

// recheck is how often a quiet stream finds out whether its reader is still
// signed in: ending a session is no event.
const recheck = 4 * time.Second

// listener is one person who listens.
type listener struct {
	desk    *Desk
	unread  int64 // as it was told last; -1 before
	checked time.Time
}

// source reads what is new, asks then whether the session still stands and the
// person still belongs where it happened, and tells what is left (R64).
func (l *listener) source(ctx context.Context, after string) (stream.Page, error) {
	position, err := strconv.ParseInt(after, 10, 64)
	if err != nil {
		return stream.Page{}, err
	}
	principal := signin.From(ctx)
	scope := eventstore.Scope{User: principal.User}
	// The counter first: one that counts what is not told yet would be told before it.
	unread, err := l.desk.Views.Unread(ctx, scope, 0)
	if err != nil {
		return stream.Page{}, err
	}
	found, err := l.desk.Views.NotificationsAfter(ctx, scope, position, most)
	if err != nil {
		return stream.Page{}, err
	}
	page := stream.Page{Reached: after, More: len(found.Value) == most}
	switch {
	case page.More:
		page.Reached = strconv.FormatInt(found.Value[most-1].Position, 10)
	case found.Position > position:
		page.Reached = strconv.FormatInt(found.Position, 10)
	}
	if len(found.Value) == 0 && unread.Value == l.unread && time.Since(l.checked) < recheck {
		return page, nil
	}
	if err := l.stillSignedIn(ctx, principal); err != nil {
		return stream.Page{}, err
	}
	shown, err := l.desk.shown(ctx, principal, found.Value)
	if err != nil {
		return stream.Page{}, err
	}
	for _, n := range shown {
		page.Messages = append(page.Messages, stream.Message{ID: strconv.FormatInt(n.Position, 10), Name: notificationName, Data: n})
	}
	if unread.Value != l.unread {
		l.unread = unread.Value
		page.Messages = append(page.Messages, stream.Message{ID: page.Reached, Name: unreadName, Data: Unread{Unread: unread.Value}})
	}
	return page, nil
}

// stillSignedIn asks whether the session still is what the stream was opened with.
func (l *listener) stillSignedIn(ctx context.Context, principal signin.Principal) error {
	again, err := l.desk.SignIn.Again(ctx, principal)
	if err != nil {
		return err
	}
	if again.Waiting || again.User != principal.User {
		return signin.ErrNotSignedIn
	}
	l.checked = time.Now()
	return nil
}
