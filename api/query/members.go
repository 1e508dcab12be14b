package query

import (
	"context"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/page"
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/workspace"
	"behalf/projections/reading"
)

func (d *Desk) mountMembers(api huma.API) {
	inside(d, api, "members", "/v1/workspaces/{workspace}/members", "The members of a workspace.",
		"For the Owner and the Admins. Everybody else sees their own membership (R21, R27). Admins are shown assignments of the accounts "+
			"that they have themselves, and no others (R27).", d.members)
	inside(d, api, "my-membership", "/v1/workspaces/{workspace}/members/me", "Your own membership (R21).",
		"Your role, flags and accounts; for each account whose connection your posts go out through, and who mends it.", d.membership)
}

// Member is a user's membership of a workspace (R21).
type Member struct {
	User             domain.UserID          `json:"user" doc:"Who it is."`
	Name             string                 `json:"name" doc:"What people call them; \"erased person\" for who was erased (R66)."`
	Email            string                 `json:"email" doc:"Their address; \"erased person\" for who was erased."`
	Role             workspace.Role         `json:"role" enum:"owner,admin,editor,client" doc:"Their role."`
	Access           workspace.ClientAccess `json:"access" doc:"A Client's two flags; an Admin has add_accounts alone."`
	Auditor          bool                   `json:"auditor" doc:"Whether they read the history (R65), as the Owner does anyway."`
	RequireTwoFactor bool                   `json:"require_two_factor" doc:"Whether they must enable two-factor authentication (R63)."`
	TwoFactor        bool                   `json:"two_factor" doc:"Whether they have enabled it."`
	JoinedAt         time.Time              `json:"joined_at" doc:"Since when they are a member."`
	LastActiveAt     time.Time              `json:"last_active_at,omitzero" doc:"When they, or a program of theirs, last asked or did something in this workspace, to the minute; absent: not yet. Listening to events is no activity."`
	Assignments      []Assignment           `json:"assignments" doc:"Their accounts, by name. The Owner has every account and no assignments."`
}

// Assignment is one account of one member.
type Assignment struct {
	Account        domain.AccountID         `json:"account" doc:"The social account."`
	Name           string                   `json:"name" doc:"What the account is called."`
	Network        string                   `json:"network" doc:"Where it is."`
	PostingLevel   workspace.PostingLevel   `json:"posting_level" enum:"full,approval_required" doc:"Whether posts need approval (R50)."`
	ApprovesPosts  bool                     `json:"approves_posts" doc:"Whether the member approves posts there (R18)."`
	CredentialMode workspace.CredentialMode `json:"credential_mode,omitempty" enum:"owner,member" doc:"Whose connection the member's posts go out through (R33); absent for who writes no posts (R19)."`

	ReauthenticatedBy     domain.UserID           `json:"reauthenticated_by,omitzero" doc:"The one person who mends that connection (R35, R38); absent without a mode."`
	ReauthenticatedByName string                  `json:"reauthenticated_by_name,omitempty" doc:"What people call them."`
	ConnectionState       account.ConnectionState `json:"connection_state,omitempty" enum:"active,needs_reauthentication,revoked,missing" doc:"The state of their connection."`
	ConnectionSince       time.Time               `json:"connection_since,omitzero" doc:"Since when."`
}

type membersInput struct {
	In
	Pages
	Role    workspace.Role   `query:"role" enum:"owner,admin,editor,client" doc:"Only members with this role."`
	Account domain.AccountID `query:"account" doc:"Only members to whom this account is assigned. An account that you do not have is not found (R27)."`
}

type membersOutput struct {
	Body struct {
		Reached
		Members []Member `json:"members" doc:"The longest first."`
		page.Out
	} `nameHint:"Members"`
}

func (d *Desk) members(ctx context.Context, admission access.Admission, views *reading.Reader, input *membersInput) (*membersOutput, error) {
	if !admission.Manages() {
		return nil, managersOnly()
	}
	if !input.Account.IsZero() && !admission.Member.Holds(input.Account) { // who has it would tell of it
		return nil, domain.Hidden()
	}
	list := page.List{"members", admission.ID, admission.Member.User, input.Role, input.Account}
	after, err := page.After[reading.MemberKey](input.Pages, list)
	if err != nil {
		return nil, err
	}
	team, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[reading.Team], error) {
		return views.Members(ctx, admission.Scope(), admission.Workspace.Owner, input.Position, reading.MemberPage{
			Role: input.Role, Account: input.Account, After: after, Limit: input.Limit + 1,
		})
	})
	if err != nil {
		return nil, err
	}
	output := &membersOutput{}
	output.Body.Reached = reached
	found, next, err := page.Cut(input.Pages, list, team.Members, func(m reading.Member) reading.MemberKey {
		return reading.MemberKey{JoinedAt: m.JoinedAt, User: m.User}
	})
	output.Body.Out, output.Body.Members = next, make([]Member, len(found))
	for i, member := range found {
		output.Body.Members[i] = memberOf(team, member)
		output.Body.Members[i].Assignments = held(admission, output.Body.Members[i].Assignments, func(a Assignment) domain.AccountID { return a.Account })
	}
	return output, err
}

// held leaves out what is about accounts that the reader does not have: an Admin
// manages others on their own accounts alone, and sees no more of them (R6, R27).
func held[A any](admission access.Admission, all []A, account func(A) domain.AccountID) []A {
	return slices.DeleteFunc(all, func(a A) bool { return !admission.Member.Holds(account(a)) })
}

func managersOnly() error {
	return domain.Forbid(domain.R27, "owner_and_admins_only", "The Owner and the Admins see this.")
}

type membershipOutput struct {
	Body struct {
		Reached
		Member
	} `nameHint:"OneMember"`
}

func (d *Desk) membership(ctx context.Context, admission access.Admission, views *reading.Reader, input *In) (*membershipOutput, error) {
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[reading.Team], error) {
		return views.Member(ctx, admission.Scope(), admission.Workspace.Owner, input.Position, admission.Member.User)
	})
	if err != nil {
		return nil, err
	}
	output := &membershipOutput{}
	output.Body.Reached, output.Body.Member = reached, memberOf(found, found.Members[0])
	return output, nil
}

func memberOf(team reading.Team, m reading.Member) Member {
	member := Member{
		User: m.User, Name: m.Name.Reveal(), Email: m.Email.Reveal(), Role: m.Role, Access: m.Access(),
		Auditor: m.Auditor, RequireTwoFactor: m.RequireTwoFactor, TwoFactor: m.TwoFactor, JoinedAt: m.JoinedAt,
		LastActiveAt: m.LastActive, Assignments: make([]Assignment, len(m.Assignments)),
	}
	for i, a := range m.Assignments {
		member.Assignments[i] = Assignment{
			Account: a.Account, Name: a.AccountName, Network: a.Network, PostingLevel: a.PostingLevel,
			ApprovesPosts: a.ApprovesPosts, CredentialMode: a.Mode,
			ReauthenticatedBy: a.Reauthenticates, ReauthenticatedByName: team.Mender(m, a).Reveal(),
			ConnectionState: a.Connection, ConnectionSince: a.ConnectionSince,
		}
	}
	return member
}
