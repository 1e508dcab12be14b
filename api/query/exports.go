package query

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/page"
	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/projections/reading"
)

func (d *Desk) mountExports(api huma.API) {
	inside(d, api, "exports", "/v1/workspaces/{workspace}/exports", "The archives of everything in a workspace, the newest first (R13).",
		"For the Owner. ExportWorkspace asks for one; whoever is the Owner is told when it is there, and can fetch it for seven days.", d.exports)
}

// Export is an archive that was asked for.
type Export struct {
	ID          domain.ExportID `json:"id" doc:"The archive's id."`
	State       string          `json:"state" enum:"making,ready,expired,given_up" doc:"Whether it can be fetched. Ask for another one when it was given up."`
	RequestedBy domain.UserID   `json:"requested_by" doc:"Who asked for it."`
	RequestedAt time.Time       `json:"requested_at" doc:"When."`
	ReadyAt     time.Time       `json:"ready_at,omitzero" doc:"When it was made."`
	ExpiresAt   time.Time       `json:"expires_at,omitzero" doc:"Until when it can be fetched."`
	Bytes       int64           `json:"bytes,omitempty" doc:"Its size."`
	SHA256      string          `json:"sha256,omitempty" doc:"Of its content, in hexadecimal digits."`
}

type exportsInput struct {
	In
	Pages
}

type exportsOutput struct {
	Body struct {
		Reached
		Exports []Export `json:"exports" doc:"The newest first."`
		page.Out
	} `nameHint:"Exports"`
}

func (d *Desk) exports(ctx context.Context, admission access.Admission, views *reading.Reader, input *exportsInput) (*exportsOutput, error) {
	if err := OwnerOnly(admission); err != nil {
		return nil, err
	}
	list := page.List{"exports", admission.ID, admission.Member.User}
	before, err := page.After[int64](input.Pages, list)
	if err != nil {
		return nil, err
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[[]reading.Export], error) {
		return views.Exports(ctx, admission.Scope(), input.Position, reading.ExportPage{Before: before, Limit: input.Limit + 1})
	})
	if err != nil {
		return nil, err
	}
	output := &exportsOutput{}
	output.Body.Reached = reached
	found, output.Body.Out, err = page.Cut(input.Pages, list, found, func(e reading.Export) int64 { return e.Position })
	output.Body.Exports = make([]Export, len(found))
	for i, e := range found {
		output.Body.Exports[i] = Export{
			ID: e.ID, State: stateOf(e, d.Now()), RequestedBy: e.RequestedBy, RequestedAt: e.RequestedAt,
			ReadyAt: e.ReadyAt, ExpiresAt: e.ExpiresAt, Bytes: e.Bytes, SHA256: e.SHA256,
		}
	}
	return output, err
}

// OwnerOnly refuses who does not own the workspace: an archive holds what
// members see of each other, and more.
func OwnerOnly(admission access.Admission) error {
	if admission.Member.Role != workspace.Owner {
		return domain.Forbid(domain.R13, "owner_only", "Only the Owner may do this.")
	}
	return nil
}

func stateOf(e reading.Export, now time.Time) string {
	switch {
	case e.ReadyAt.IsZero() && now.Before(e.WantedUntil):
		return "making"
	case e.ReadyAt.IsZero():
		return "given_up"
	case now.Before(e.ExpiresAt):
		return "ready"
	}
	return "expired"
}
