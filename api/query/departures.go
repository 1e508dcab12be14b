package query

import (
	"context"
	"time"

	"behalf/api/access"
	"behalf/api/page"
	"behalf/domain"
	"behalf/projections/posts"
	"behalf/projections/reading"

	"github.com/danielgtaylor/huma/v2"
)

func (d *Desk) mountDepartures(api huma.API) {
	inside(d, api, "departures", "/v1/workspaces/{workspace}/departures", "Who and what has gone from a workspace, and what is still to be settled.",
		"For the Owner and the Admins, who are shown nothing of accounts that they do not have (R27). Losing access takes effect at once (R64); passing the posts to the Owner (R61) and "+
			"destroying the connections (R62) follows within moments, and is done when nothing remains.", d.departures)
}

// Departure is what was taken from whom, and how far it has been settled.
type Departure struct {
	What        posts.DepartureKind `json:"what" enum:"membership,posting,account" doc:"What has gone: a membership, a member's posting on one account or all, or a social account."`
	Member      domain.UserID       `json:"member,omitzero" doc:"Whose; absent when a social account has gone."`
	Account     domain.AccountID    `json:"account,omitzero" doc:"On which social account; absent when on all."`
	At          time.Time           `json:"at" doc:"Since when."`
	Posts       int64               `json:"posts_remaining" doc:"How many posts have still to pass to the Owner, or to be stopped."`
	Connections int64               `json:"connections_remaining" doc:"How many connections have still to be destroyed."`
}

type departuresInput struct {
	In
	Pages
}

type departuresOutput struct {
	Body struct {
		Reached
		Departures []Departure `json:"departures" doc:"The newest first."`
		page.Out
	} `nameHint:"Departures"`
}

func (d *Desk) departures(ctx context.Context, admission access.Admission, views *reading.Reader, input *departuresInput) (*departuresOutput, error) {
	if !admission.Manages() {
		return nil, managersOnly()
	}
	list := page.List{"departures", admission.ID, admission.Member.User}
	before, err := page.After[int64](input.Pages, list)
	if err != nil {
		return nil, err
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[[]reading.Departure], error) {
		return views.Departures(ctx, admission.Scope(), input.Position, reading.DeparturePage{Before: before, Limit: input.Limit + 1})
	})
	if err != nil {
		return nil, err
	}
	output := &departuresOutput{}
	output.Body.Reached = reached
	found, output.Body.Out, err = page.Cut(input.Pages, list, found, func(v reading.Departure) int64 { return v.Position })
	output.Body.Departures = make([]Departure, 0, len(found))
	for _, v := range found {
		if _, kept := admission.Workspace.Accounts[v.Account]; kept && !admission.Member.Holds(v.Account) {
			continue // an Admin learns nothing of accounts that they do not have (R27)
		}
		output.Body.Departures = append(output.Body.Departures, Departure{
			What: v.What, Member: v.User, Account: v.Account, At: v.At, Posts: v.Posts, Connections: v.Connections,
		})
	}
	return output, err
}
