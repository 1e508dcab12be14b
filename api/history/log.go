package history

import (
	"context"
	"encoding/json"
	"time"

	"behalf/api/history/past"
	"behalf/domain"
	"behalf/domain/auditlog"
	"behalf/domain/workspace"
)

type logInput struct {
	In
	Member  string `query:"member" maxLength:"100" doc:"Only what is about this user."`
	Account string `query:"account" maxLength:"100" doc:"Only what is about this social account."`
	Actor   string `query:"actor" maxLength:"100" doc:"Only what this user did."`
	Command string `query:"command" maxLength:"100" doc:"Only what this command did, by its name."`
	Since   string `query:"since" maxLength:"100" doc:"From this RFC 3339 instant on."`
	Until   string `query:"until" maxLength:"100" doc:"Up to this RFC 3339 instant."`
	After   int64  `query:"after" minimum:"0" doc:"Only behind this position: next of the page before."`
	Limit   int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many at most."`
}

// Entry is one thing that happened.
type Entry struct {
	Position   int64           `json:"position" doc:"Its place in the whole log."`
	Version    int             `json:"version" doc:"Its place in the workspace's history."`
	ID         domain.EventID  `json:"id" doc:"The event's id."`
	Type       string          `json:"type" doc:"What happened, dotted and versioned."`
	Actor      domain.UserID   `json:"actor,omitzero" doc:"Who was signed in; absent for a part of Behalf."`
	Part       string          `json:"part,omitempty" doc:"Which part of Behalf acted, where nobody was signed in."`
	Command    string          `json:"command" doc:"By which command."`
	RecordedAt time.Time       `json:"recorded_at" doc:"When."`
	Data       json.RawMessage `json:"data" doc:"The event itself, with the words of personal texts. It holds no secret."`
}

type logOutput struct {
	Body struct {
		Events []Entry `json:"events" doc:"The oldest first."`
		Next   int64   `json:"next,omitempty" doc:"Where the next page begins: name it as after. Absent on the last page."`
	} `nameHint:"History"`
}

func (d *Desk) log(ctx context.Context, input *logInput) (*logOutput, error) {
	scope, err := d.audit(ctx, input.Workspace, auditlog.WhatHappened, "member", input.Member, "account", input.Account,
		"actor", input.Actor, "command", input.Command, "since", input.Since, "until", input.Until)
	if err != nil {
		return nil, err
	}
	filter, err := input.filter()
	if err != nil {
		return nil, err
	}
	filter.Limit++ // one more tells whether there is another page
	output := &logOutput{}
	output.Body.Events = []Entry{}
	err = d.Reader.Entries(ctx, scope, workspace.Stream(scope.Workspace), filter, func(e past.Entry) error {
		if len(output.Body.Events) == input.Limit {
			output.Body.Next = output.Body.Events[input.Limit-1].Position
			return nil
		}
		output.Body.Events = append(output.Body.Events, Entry{
			Position: e.Position, Version: e.Version, ID: e.ID, Type: e.Type, Actor: e.Metadata.Actor, Part: e.Metadata.Part,
			Command: e.Metadata.Command, RecordedAt: e.RecordedAt, Data: e.Data,
		})
		return nil
	})
	return output, err
}

func (i *logInput) filter() (filter past.Filter, err error) {
	filter = past.Filter{Command: i.Command, After: i.After, Limit: i.Limit}
	if err := filter.Member.UnmarshalText([]byte(i.Member)); err != nil {
		return filter, wrong("member", err)
	}
	if err := filter.Account.UnmarshalText([]byte(i.Account)); err != nil {
		return filter, wrong("account", err)
	}
	if err := filter.Actor.UnmarshalText([]byte(i.Actor)); err != nil {
		return filter, wrong("actor", err)
	}
	if filter.Since, err = instant("since", i.Since); err != nil {
		return filter, err
	}
	filter.Until, err = instant("until", i.Until)
	return filter, err
}
