// Package history answers what happened in a workspace, to those who may audit
// it (R65). Every question is recorded before it is answered.
package history

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/command"
	"behalf/api/history/past"
	"behalf/api/problem"
	"behalf/domain"
	"behalf/domain/auditlog"
	"behalf/eventstore"
	"behalf/eventstore/seal"
	"behalf/internal/telemetry"
)

// Desk answers auditors.
type Desk struct {
	Store    *eventstore.Store
	Reader   past.Reader // over the pool that the API has
	Log      seal.Log    // over the same
	Commands *command.Desk
	Record   domain.CommandType // the command RecordHistoryRead, from the catalog
}

// Mount adds the operations.
func (d *Desk) Mount(api huma.API) {
	const base = "/v1/workspaces/{workspace}/history"
	get(api, "history", base, "What happened in a workspace, oldest first.",
		"The membership history: members, roles, invitations, assignments, credential modes, accounts. "+
			"Beside it, what became of the accounts' connections, and who has read the history.", d.log)
	get(api, "history-as-of", base+"/as-of", "The exact membership as of a moment.",
		"Folded from the log itself, whatever the views say.", d.asOf)
	get(api, "history-diff", base+"/diff", "What two moments do not agree on.",
		"Between the beginning and now, unless moments are named.", d.diff)
	get(api, "history-who-could", base+"/who-could", "Who could publish to an account at a moment.",
		"Through whose connection, in what state, and by which events it came to be so.", d.whoCould)
	get(api, "history-proof", base+"/proof/{event}", "The proof that an event is in the sealed log.",
		"To be checked offline: behalf audit verify --proof FILE --key PUBLIC-KEY.", d.proof)
	get(api, "history-checkpoint", base+"/checkpoint", "The newest signed checkpoint of the log.",
		"Keep it: it proves later that history only grew since.", d.checkpoint)
}

func get[I, O any](api huma.API, id, path, summary, description string, handle func(context.Context, *I) (*O, error)) {
	problem.Handler(api, huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Tags: []string{"History"},
		Description: description + " For those who may audit the workspace; every question is recorded (R65).",
	}, handle)
}

// In is a question about a workspace.
type In struct {
	Workspace string `path:"workspace" doc:"The workspace."`
}

// audit lets the auditor in: it records the question, which the command's own
// decision refuses to outsiders (R32) and members who may not audit (R65).
func (d *Desk) audit(ctx context.Context, workspace string, question auditlog.Question, about ...string) (eventstore.Scope, error) {
	id, err := access.WorkspaceID(workspace)
	if err != nil {
		return eventstore.Scope{}, err
	}
	by := d.Commands.Actor(ctx)
	_, err = d.Store.Execute(ctx, eventstore.Call{
		Type: d.Record, Command: &auditlog.RecordHistoryRead{Question: question, About: told(about)},
		Workspace: id, By: by, Correlation: telemetry.CorrelationID(ctx), Trace: telemetry.TraceParent(ctx),
	})
	return eventstore.Scope{Workspace: id, User: by.User}, err
}

// plain is the form of ids, moments, positions and names of commands. Anything
// else that was sent is not kept: it may be somebody's address.
var plain = regexp.MustCompile(`^[A-Za-z0-9_:.+-]{1,100}$`)

// told is what a question is about, of pairs of a name and a value.
func told(pairs []string) string {
	var words []string
	for i := 0; i+1 < len(pairs); i += 2 {
		switch name, value := pairs[i], pairs[i+1]; {
		case plain.MatchString(value):
			words = append(words, name+" "+value)
		case value != "":
			words = append(words, name+" unreadable")
		}
	}
	return strings.Join(words, ", ")
}

// moment reads a point in the history from a parameter.
func moment(name, text string) (past.Moment, error) {
	read, err := past.ParseMoment(text)
	if err != nil {
		return past.Moment{}, wrong(name, err)
	}
	return read, nil
}

// instant reads an RFC 3339 instant from a parameter; none is the zero time.
func instant(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	read, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return time.Time{}, problem.Invalid(problem.Fault{Location: "query." + name, Message: "expected an RFC 3339 instant"})
	}
	return read.UTC(), nil
}

func wrong(name string, err error) error {
	return problem.Invalid(problem.Fault{Location: "query." + name, Message: err.Error()})
}
