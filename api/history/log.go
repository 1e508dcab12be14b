package history

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"behalf/api/history/past"
	"behalf/domain"
	"behalf/domain/auditlog"
)

type logInput struct {
	In
	Stream  string `query:"stream" enum:"workspace,account,auditlog" default:"workspace" doc:"workspace: members, roles, invitations, assignments, modes. account: the connections of its accounts. auditlog: who has read this history."`
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
	Stream     domain.Stream   `json:"stream" doc:"Whose history it is part of: the workspace's, an account's, or that of who has read it."`
	Version    int             `json:"version" doc:"Its place in that history, from 1 without gaps."`
	ID         domain.EventID  `json:"id" doc:"The event's id."`
	Type       string          `json:"type" doc:"What happened, dotted and versioned."`
	Actor      domain.UserID   `json:"actor,omitzero" doc:"Who was signed in; absent for a part of Behalf."`
	Part       string          `json:"part,omitempty" doc:"Which part of Behalf acted, where nobody was signed in."`
	Command    string          `json:"command" doc:"By which command."`
	Client     string          `json:"client,omitempty" doc:"The address that whoever was signed in came from; \"erased person\" for one who was erased (R66)."`
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
	other := input.Stream
	if domain.Category(other) == domain.WorkspaceStreams {
		other = "" // what everybody asks for
	}
	scope, err := d.audit(ctx, input.Workspace, auditlog.WhatHappened, "stream", other, "member", input.Member,
		"account", input.Account, "actor", input.Actor, "command", input.Command, "since", input.Since, "until", input.Until,
		"after", nonzero(input.After))
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
	err = d.Reader.Walk(scope, scope.Workspace, filter, domain.Category(input.Stream)).Next(ctx, func(e past.Entry) error {
		if len(output.Body.Events) == input.Limit {
			output.Body.Next = output.Body.Events[input.Limit-1].Position
			return nil
		}
		output.Body.Events = append(output.Body.Events, Entry{
			Position: e.Position, Stream: e.Stream, Version: e.Version, ID: e.ID, Type: e.Type,
			Actor: e.Metadata.Actor, Part: e.Metadata.Part, Command: e.Metadata.Command, Client: e.Metadata.Client.Reveal(),
			RecordedAt: e.RecordedAt, Data: e.Data,
		})
		return nil
	})
	return output, err
}

func (i *logInput) filter() (filter past.Filter, err error) {
	several := domain.Category(i.Stream) == domain.AccountStreams
	filter = past.Filter{Command: i.Command, After: i.After, Limit: i.Limit, Settled: several}
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

// nonzero is a number as a question tells it; nothing for none.
func nonzero(number int64) string {
	if number == 0 {
		return ""
	}
	return strconv.FormatInt(number, 10)
}
