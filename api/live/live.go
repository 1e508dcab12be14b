// Package live tells members what happens in their workspace, as it happens.
//
// A message says what changed and where to read it, not what is in it: the
// content comes from the queries. Whether a member may know of a change is
// decided on the log itself, right before the message is written (R27, R64).
package live

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/api/access"
	"behalf/api/live/stream"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/eventstore"
)

// Desk serves a workspace's stream.
type Desk struct {
	Door    *access.Door
	SignIn  *signin.Desk
	Store   *eventstore.Store
	Pool    *pgxpool.Pool // the store's
	Streams *stream.Desk
}

// The names of the messages.
const (
	changeName = "change"
	resetName  = "reset"
)

// Change says that something happened.
type Change struct {
	Position   int64            `json:"position" doc:"Its place in the log: name it as ?position= to read what it changed."`
	Type       string           `json:"type" doc:"What happened, dotted and versioned." example:"post.target_published.v1"`
	Account    domain.AccountID `json:"account,omitzero" doc:"Which account it is about, where it is about one."`
	Post       domain.PostID    `json:"post,omitzero" doc:"Which post it is about, where it is about one."`
	Member     domain.UserID    `json:"member,omitzero" doc:"Which member it is about, where it is about one."`
	RecordedAt time.Time        `json:"recorded_at" doc:"When it was recorded."`
}

// Reset says that changes were left out: what is shown has to be read again.
type Reset struct {
	Position int64 `json:"position" doc:"Name it as ?position= in every query; the stream goes on behind it."`
}

// Mount adds the operation.
func (d *Desk) Mount(api huma.API) {
	stream.Register(api, d.Streams, huma.Operation{
		OperationID: "events", Method: http.MethodGet, Path: "/v1/workspaces/{workspace}/events", Tags: []string{"Queries"},
		Summary: "What happens in a workspace, as it happens.",
		Description: "A message \"" + changeName + "\" for everything that you may see at the moment of sending (R27, R64): the Owner everything, " +
			"Admins the members and the accounts and posts that they have, everybody else their own membership and their accounts and posts. " +
			"It names what changed; the queries say how. Without an id the stream begins now. " +
			"\"" + resetName + "\" tells that the id was too old: read again what you show. The stream ends when access does.",
	}, map[string]any{changeName: Change{}, resetName: Reset{}}, d.open)
}

type input struct {
	stream.In
	Workspace string `path:"workspace" doc:"The workspace."`
}

func (d *Desk) open(ctx context.Context, input *input) (stream.Stream, error) {
	admission, err := d.Door.Admit(ctx, input.Workspace)
	if err != nil {
		return stream.Stream{}, err
	}
	after, err := d.begin(ctx, input.In)
	if err != nil {
		return stream.Stream{}, err
	}
	reader := &reader{desk: d, scope: eventstore.Scope{Workspace: admission.ID}, name: input.Workspace}
	return stream.Stream{Source: reader.source, After: after, Wake: d.Store.Signals().HighWater.Next}, nil
}

// recheck is how often a quiet stream finds out whether its reader is still
// signed in: ending a session is no event.
const recheck = 4 * time.Second

// reader is one member who listens.
type reader struct {
	desk    *Desk
	scope   eventstore.Scope // the workspace alone: a user's own stream is no part of it
	name    string           // the workspace's id as it was sent
	checked time.Time
}

// source reads what happened, asks then whether the reader may still know of
// anything, and tells what they may know of.
func (r *reader) source(ctx context.Context, after string) (stream.Page, error) {
	found, err := r.desk.since(ctx, r.scope, after)
	if err != nil {
		return stream.Page{}, err
	}
	page := stream.Page{Reached: found.reached, More: found.more}
	if len(found.events) == 0 && !found.reset && time.Since(r.checked) < recheck {
		return page, nil
	}
	eyes, err := r.look(ctx, found.events)
	if err != nil {
		return stream.Page{}, err
	}
	r.checked = time.Now()
	if found.reset {
		page.Messages = append(page.Messages, stream.Message{ID: found.reached, Name: resetName, Data: Reset{Position: found.position}})
	}
	for _, event := range found.events {
		if eyes.see(event) {
			page.Messages = append(page.Messages, stream.Message{ID: event.id(), Name: changeName, Data: event.change()})
		}
	}
	return page, nil
}
