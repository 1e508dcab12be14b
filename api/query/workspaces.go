package query

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/command"
	"behalf/api/page"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/telemetry"
	"behalf/projections/reading"
)

func (d *Desk) mountWorkspaces(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "create-workspace", Method: http.MethodPost, Path: "/v1/workspaces", DefaultStatus: http.StatusCreated,
		Summary: d.Create.Summary, Tags: []string{"Workspaces"}, Description: "Any user may, and becomes its Owner (R2).",
	}, d.createWorkspace)
	get(api, "workspaces", "/v1/workspaces", "The workspaces that you are a member of.", "", d.workspaces)
	get(api, "workspace", "/v1/workspaces/{workspace}", "One workspace.",
		"Read from the log itself, hence always up to date. The ETag is the version of its history: name it in If-Match.", d.workspace)
}

// Workspace is a workspace as one of its members sees it.
type Workspace struct {
	ID    domain.WorkspaceID `json:"workspace" doc:"The workspace's id."`
	Name  string             `json:"name" doc:"What people call it."`
	Owner domain.UserID      `json:"owner" doc:"The one Owner (R3)."`
	Role  workspace.Role     `json:"role" enum:"owner,admin,editor,client" doc:"Your role in it."`

	OwnershipOfferedTo domain.UserID `json:"ownership_offered_to,omitzero" doc:"Who may accept the ownership (R11); absent while it is not offered."`
	Paused             bool          `json:"paused,omitempty" doc:"Nothing is sent (R68)."`
	GraceMinutes       int           `json:"grace_minutes" example:"15" doc:"How long after its time a post may still be sent; then it is missed (R56)."`
	Closed             bool          `json:"closed,omitempty" doc:"It can be read, and nothing changed (R13)."`
	DeleteAt           time.Time     `json:"delete_at,omitzero" doc:"When it will be deleted (R13); absent unless it will."`
}

type createInput struct {
	Key  string `header:"Idempotency-Key" doc:"Makes it safe to send again: the same key and body answer what they answered first."`
	Body workspace.CreateWorkspace
}

type createOutput struct {
	Replayed string `header:"Idempotency-Replayed" doc:"\"true\" on a repeated answer."`
	Body     struct {
		Workspace
		command.Answer
	} `nameHint:"CreatedWorkspace"`
}

func (d *Desk) createWorkspace(ctx context.Context, input *createInput) (*createOutput, error) {
	by := d.Commands.Actor(ctx)
	body, err := json.Marshal(input.Body)
	if err != nil {
		return nil, fmt.Errorf("write the command: %w", err)
	}
	key, err := command.NewKey(by.User, domain.WorkspaceID{}, input.Key, body)
	if err != nil {
		return nil, err
	}
	input.Body.Start(by)
	result, err := d.Store.Execute(ctx, eventstore.Call{
		Type: d.Create, Command: &input.Body, Workspace: input.Body.ID, By: by, Key: key,
		Correlation: telemetry.CorrelationID(ctx), Trace: telemetry.TraceParent(ctx),
	})
	if err != nil {
		return nil, err
	}
	answer, err := d.Commands.AnswerOf(ctx, result)
	if err != nil {
		return nil, err
	}
	created, ok := result.Events[0].Event.(workspace.Created)
	if !ok {
		return nil, fmt.Errorf("a new workspace begins with %s", result.Events[0].Type)
	}
	output := &createOutput{Replayed: command.Replayed(result)}
	output.Body.Answer = answer
	output.Body.Workspace = Workspace{
		ID: result.Events[0].Workspace, Name: created.Name, Owner: created.Owner, Role: workspace.Owner,
		GraceMinutes: workspace.Workspace{}.GraceMinutes(),
	}
	return output, nil
}

type workspacesInput struct {
	At
	Pages
	Role workspace.Role `query:"role" enum:"owner,admin,editor,client" doc:"Only where you have this role."`
}

type workspacesOutput struct {
	Body struct {
		Reached
		Workspaces []ListedWorkspace `json:"workspaces" doc:"By name."`
		page.Out
	} `nameHint:"Workspaces"`
}

// ListedWorkspace is one of a user's workspaces.
type ListedWorkspace struct {
	Workspace
	CreatedAt time.Time `json:"created_at" doc:"When it was created."`
}

func (d *Desk) workspaces(ctx context.Context, input *workspacesInput) (*workspacesOutput, error) {
	scope := eventstore.Scope{User: signin.From(ctx).User}
	list := page.List{"workspaces", scope.User, input.Role}
	after, err := page.After[reading.NameKey](input.Pages, list)
	if err != nil {
		return nil, err
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[[]reading.Workspace], error) {
		return d.Views.WorkspacesOf(ctx, scope, input.Position, reading.WorkspacePage{
			Role: input.Role, After: after, Limit: input.Limit + 1,
		})
	})
	if err != nil {
		return nil, err
	}
	output := &workspacesOutput{}
	output.Body.Reached = reached
	found, output.Body.Out, err = page.Cut(input.Pages, list, found, func(w reading.Workspace) reading.NameKey {
		return reading.NameKey{Name: w.Name, ID: w.ID}
	})
	output.Body.Workspaces = make([]ListedWorkspace, len(found))
	for i, w := range found {
		output.Body.Workspaces[i] = ListedWorkspace{
			Workspace: Workspace{
				ID: w.ID, Name: w.Name, Owner: w.Owner, Role: w.Role,
				OwnershipOfferedTo: w.OfferedTo, Paused: w.Paused, GraceMinutes: w.Grace, Closed: !w.ClosedAt.IsZero(), DeleteAt: w.DeleteAt,
			},
			CreatedAt: w.CreatedAt,
		}
	}
	return output, err
}

type workspaceOutput struct {
	ETag string `header:"ETag" doc:"The version of the workspace's history, in quotes."`
	Body struct {
		Reached
		Workspace
	} `nameHint:"OneWorkspace"`
}

func (d *Desk) workspace(ctx context.Context, input *In) (*workspaceOutput, error) {
	var head int64 // what is read after it is at least as new
	if input.Position > 0 {
		var err error
		if head, err = d.Store.Head(ctx); err != nil {
			return nil, err
		}
	}
	admission, err := d.Door.Admit(ctx, input.Workspace)
	if err != nil {
		return nil, err
	}
	if input.Position > head {
		return nil, &problem.BehindError{Position: input.Position, Reached: head}
	}
	output := &workspaceOutput{ETag: strconv.Quote(strconv.Itoa(admission.Version))}
	output.Body.Position = max(admission.Position, head)
	output.Body.Workspace = Workspace{
		ID: admission.ID, Name: admission.Workspace.Name, Owner: admission.Workspace.Owner, Role: admission.Member.Role,
		OwnershipOfferedTo: admission.Workspace.OfferedTo, Paused: admission.Workspace.Paused,
		GraceMinutes: admission.Workspace.GraceMinutes(), Closed: admission.Workspace.Closed, DeleteAt: admission.Workspace.DeleteAt,
	}
	return output, nil
}
