package operator

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"behalf/api/problem"
	"behalf/domain"
	"behalf/domain/post"
)

func (d *Desk) mountTargets(api huma.API) {
	problem.Handler(api, operation(http.MethodGet, "operator-targets", "/v1/operator/targets", "Targets that are late, put off, stuck or unknown.",
		"By Postgres alone, the longest first: ids, states, times and the reason, nothing of what was written. late: due for ten seconds, and not sent. "+
			"put_off: that too, but publishing is paused there (R68), or the network has said when to come again; within its grace (R56). "+
			"stuck: ten minutes past a deadline after which a sweep should have done something. unknown: nobody can say whether it went out (R59)."), d.targets)
}

// Target is one that an operator looks for.
type Target struct {
	Workspace domain.WorkspaceID `json:"workspace" doc:"Whose it is."`
	Post      domain.PostID      `json:"post" doc:"The post."`
	Account   domain.AccountID   `json:"account" doc:"The account that it goes to."`
	Network   string             `json:"network" doc:"Where that is." example:"mastodon"`
	State     post.TargetState   `json:"state" doc:"How far it is." example:"scheduled"`
	Due       time.Time          `json:"due,omitzero" doc:"When it was to go out."`
	Since     time.Time          `json:"since,omitzero" doc:"Since when it is late, put off, stuck or unknown."`
	Reason    string             `json:"reason" doc:"Why, in plain words." example:"Publishing is paused there (R68)."`
	Code      string             `json:"code,omitempty" doc:"What hindered it last, for machines." example:"network_rests"`
}

type targetsInput struct {
	Which string `query:"which" enum:"late,put_off,stuck,unknown" required:"true" doc:"What is looked for." example:"late"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many are shown."`
}

type targetsOutput struct {
	Body struct {
		Targets []Target `json:"targets" doc:"The longest first."`
		Total   int64    `json:"total" doc:"How many there are."`
	} `nameHint:"OddTargets"`
}

const sqlOddTargets = `
select total, workspace_id, post_id, account_id, network, state, due, since, again, code, paused, held
from workers.odd_targets($1, $2)`

func (d *Desk) targets(ctx context.Context, input *targetsInput) (*targetsOutput, error) {
	found, err := d.Pool.Query(ctx, sqlOddTargets, input.Which, input.Limit)
	if err != nil {
		return nil, fmt.Errorf("look for targets: %w", err)
	}
	output := &targetsOutput{}
	output.Body.Targets, err = pgx.CollectRows(found, func(row pgx.CollectableRow) (Target, error) {
		var one Target
		var ws, id, on uuid.UUID
		var due, since, again *time.Time
		var why circumstances
		err := row.Scan(&output.Body.Total, &ws, &id, &on, &one.Network, &one.State, &due, &since, &again, &one.Code, &why.paused, &why.held)
		one.Workspace, one.Post, one.Account = domain.WorkspaceID(ws), domain.PostID(id), domain.AccountID(on)
		one.Due, one.Since, why.again = utc(due), utc(since), utc(again)
		why.stuck = input.Which == "stuck"
		one.Reason = why.reason(one)
		return one, err
	})
	if err != nil {
		return nil, fmt.Errorf("look for targets: %w", err)
	}
	if output.Body.Targets == nil {
		output.Body.Targets = []Target{}
	}
	return output, nil
}

func utc(moment *time.Time) time.Time {
	if moment == nil {
		return time.Time{}
	}
	return moment.UTC()
}

// circumstances are what explains a target besides itself.
type circumstances struct {
	paused, held, stuck bool
	again               time.Time // of the next attempt
}

// reason is why a target stands as it does. The words are ours: what a network
// said might repeat what was written.
func (c circumstances) reason(t Target) string {
	switch {
	case c.held && (t.State == post.Due || t.State == post.Waiting || t.State == post.HandedOver || t.State == post.Deleting):
		return "Publishing is held until an operator ends the quarantine (R69)."
	case t.State == post.Due:
		return c.unsent(t)
	case c.stuck:
		return unended[t.State]
	default:
		return "Nobody can say whether it went out; its author or the Owner decides (R59)."
	}
}

func (c circumstances) unsent(t Target) string {
	switch {
	case c.stuck:
		return "Its grace is over (R56), and no sweep has recorded that it was missed."
	case c.paused:
		return "Publishing is paused there (R68)."
	case t.Code != "" && c.again.After(t.Due):
		return "An attempt sent nothing (" + t.Code + "); the next one is not before " + c.again.Format(time.RFC3339) + "."
	default:
		return "No worker has taken it: are workers running, and do views and Postgres answer?"
	}
}

// unended is what a sweep, or what it brings, has not done by a state's deadline.
var unended = map[post.TargetState]string{
	post.Waiting:               "It was not approved by its time, and no sweep has recorded that.",
	post.Claimed:               "An attempt has no end, and the network has not answered yet whether it shows the post.",
	post.HandedOver:            "Nobody has confirmed by its deadline that it was posted by hand, and no sweep has recorded that.",
	post.NeedsReauthentication: "It waits for a connection, and no sweep has asked anybody to mend it (R44).",
	post.Unknown:               "Nobody has said within a day whether it went out, and no sweep has reminded them (R59).",
	post.Deleting:              "The network was to remove it within a day, and nobody has recorded whether it did.",
}
