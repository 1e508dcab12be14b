package query

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/page"
	"behalf/api/problem"
	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
	"behalf/projections/reading"
)

func (d *Desk) mountInvitations(api huma.API) {
	inside(d, api, "invitations", "/v1/workspaces/{workspace}/invitations", "The invitations of a workspace.",
		"For the Owner and the Admins, who are shown the accounts that they have themselves (R27). A link is in no answer: it goes by mail alone (R23).", d.invitations)
	problem.Handler(api, huma.Operation{
		OperationID: "invitation", Method: http.MethodGet, Path: "/v1/invitations/{token}",
		Summary: "What an invitation's link offers.", Tags: []string{"Queries"}, Security: access.Public(),
		Description: "For whoever holds the link: which workspace, as what. A link that does not work any more is refused " +
			"with the reason (R23), one that never did with 404. Accept with the command AcceptInvitation.",
	}, d.landing)
}

// Invitation is an offer of membership as its workspace sees it.
type Invitation struct {
	ID               domain.InvitationID    `json:"id" doc:"The invitation's id; no secret."`
	Status           string                 `json:"status" enum:"pending,accepted,declined,revoked,superseded,expired" doc:"How far it has come."`
	Role             workspace.Role         `json:"role" enum:"admin,editor,client" doc:"What was offered."`
	Email            string                 `json:"email" doc:"Who was invited; \"erased person\" for who was erased (R66)."`
	Access           workspace.ClientAccess `json:"access" doc:"What was offered."`
	Auditor          bool                   `json:"auditor" doc:"Whether reading the history was offered (R65)."`
	RequireTwoFactor bool                   `json:"require_two_factor" doc:"What was offered."`
	Assignments      []workspace.Assignment `json:"assignments" doc:"What was offered."`
	InvitedBy        domain.UserID          `json:"invited_by" doc:"Who invited."`
	InvitedByName    string                 `json:"invited_by_name,omitempty" doc:"What people call them; absent for who is no member any more."`
	InvitedAt        time.Time              `json:"invited_at" doc:"When."`
	ExpiresAt        time.Time              `json:"expires_at" doc:"Until when the link works."`
	Delivery         reading.Delivery       `json:"delivery,omitempty" enum:"waiting,sent,delayed,undeliverable" doc:"What became of its mail: delayed is tried again; undeliverable means that the mail could not be delivered, and the address may be wrong. Absent when no mail was needed any more."`
	DeliveryCode     string                 `json:"delivery_code,omitempty" doc:"What the mail server answered when it refused the mail (RFC 5321, 4.2)."`
}

type invitationsInput struct {
	In
	Pages
	Status string         `query:"status" enum:"pending,accepted,declined,revoked,superseded,expired" doc:"Only invitations that have come so far."`
	Role   workspace.Role `query:"role" enum:"admin,editor,client" doc:"Only invitations that offer this role."`
}

type invitationsOutput struct {
	Body struct {
		Reached
		Invitations []Invitation `json:"invitations" doc:"The newest first."`
		page.Out
	} `nameHint:"Invitations"`
}

func (d *Desk) invitations(ctx context.Context, admission access.Admission, views *reading.Reader, input *invitationsInput) (*invitationsOutput, error) {
	if !admission.Manages() {
		return nil, managersOnly()
	}
	list := page.List{"invitations", admission.ID, admission.Member.User, input.Status, input.Role}
	before, err := page.After[int64](input.Pages, list)
	if err != nil {
		return nil, err
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[[]reading.Invitation], error) {
		return views.Invitations(ctx, admission.Scope(), input.Position, reading.InvitationPage{
			Now: d.Now().UTC(), Status: input.Status, Role: input.Role, Before: before, Limit: input.Limit + 1,
		})
	})
	if err != nil {
		return nil, err
	}
	output := &invitationsOutput{}
	output.Body.Reached = reached
	found, output.Body.Out, err = page.Cut(input.Pages, list, found, func(i reading.Invitation) int64 { return i.Position })
	output.Body.Invitations = make([]Invitation, len(found))
	for i, v := range found {
		output.Body.Invitations[i] = Invitation{
			ID: v.ID, Status: string(v.Status), Role: v.Role, Email: v.Email.Reveal(), Auditor: v.Auditor, RequireTwoFactor: v.RequireTwoFactor,
			Access:      workspace.ClientAccess{AddAccounts: v.AddAccounts, ManagePosts: v.ManagePosts},
			Assignments: held(admission, v.Assignments, func(a workspace.Assignment) domain.AccountID { return a.Account }), InvitedBy: v.InvitedBy, InvitedByName: v.InvitedByName.Reveal(),
			InvitedAt: v.InvitedAt, ExpiresAt: v.ExpiresAt, Delivery: v.Delivery, DeliveryCode: v.DeliveryCode,
		}
	}
	return output, err
}

type landingInput struct {
	Token string `path:"token" doc:"The last part of the link."`
}

type landingOutput struct{ Body Offer }

// Offer is what the holder of a link learns before accepting.
type Offer struct {
	Workspace domain.WorkspaceID `json:"workspace" doc:"Where to send AcceptInvitation."`
	Name      string             `json:"name" doc:"What the workspace is called."`
	Role      workspace.Role     `json:"role" enum:"admin,editor,client" doc:"What is offered."`
	Auditor   bool               `json:"auditor" doc:"Whether it is to read the history: a Client without accounts reads that and nothing else (R65)."`
}

// landing asks the decision of accepting, on behalf of the person who was
// invited, whether the link still works.
func (d *Desk) landing(ctx context.Context, input *landingInput) (*landingOutput, error) {
	ws, link, genuine := invitation.Token(input.Token).Prove(d.InvitationKey)
	if !genuine {
		return nil, domain.Hidden()
	}
	stream := workspace.Stream(ws)
	loaded, err := d.Store.Load(ctx, eventstore.Scope{Workspace: ws}, stream)
	if err != nil {
		return nil, err
	}
	state := *domain.Fact[*workspace.Workspace](loaded.Facts, stream)
	offered := state.Invitations[link.Invitation]
	accept := invitation.AcceptInvitation{Link: link}
	if _, err := accept.Decide(state, domain.Actor{User: offered.Person, Now: d.Now().UTC()}); err != nil {
		return nil, err
	}
	return &landingOutput{Body: Offer{Workspace: ws, Name: state.Name, Role: offered.Role, Auditor: offered.Offer.Auditor}}, nil
}
