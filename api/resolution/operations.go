package resolution

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/command"
	"behalf/api/history/past"
	"behalf/api/problem"
	"behalf/domain"
	"behalf/domain/auditlog"
	"behalf/eventstore"
)

// Desk answers.
type Desk struct {
	Door     *access.Door
	Store    *eventstore.Store
	Commands *command.Desk
	Record   domain.CommandType // the command RecordHistoryRead, from the catalog
}

// Mount adds the operations.
func (d *Desk) Mount(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "resolution", Method: http.MethodGet, Path: "/v1/workspaces/{workspace}/accounts/{account}/resolution",
		Summary: "Whether a member may publish to an account now, and through whose connection.", Tags: []string{"Queries"},
		Description: "Who mends it if not, which rules say so, and which events led there. Everybody may ask about themselves; " +
			"the Owner about everybody, Admins about everybody on accounts that they have.",
	}, d.now)
	problem.Handler(api, huma.Operation{
		OperationID: "history-resolution", Method: http.MethodGet, Path: "/v1/workspaces/{workspace}/history/resolution/{account}",
		Summary: "The same, as of any moment.", Tags: []string{"History"},
		Description: "For those who may audit the workspace; every question is recorded (R65).",
	}, d.then)
}

type output struct {
	Body Resolution
}

type nowInput struct {
	Workspace string `path:"workspace" doc:"The workspace."`
	Account   string `path:"account" doc:"The account."`
	Member    string `query:"member" maxLength:"100" doc:"Who; yourself if absent."`
}

func (d *Desk) now(ctx context.Context, input *nowInput) (*output, error) {
	admission, err := d.Door.Admit(ctx, input.Workspace)
	if err != nil {
		return nil, err
	}
	of := about{workspace: admission.ID, member: admission.Member.User}
	if err := of.read(input.Account, input.Member); err != nil {
		return nil, err
	}
	// who asks about what they do not see learns nothing of it (R27, R32)
	_, held := admission.Workspace.Accounts[of.account]
	sees := admission.Member.Holds(of.account) || admission.Workspace.Accounts[of.account].AddedBy == admission.Member.User
	if !held || !sees || of.member != admission.Member.User && !admission.Manages() {
		return nil, domain.Hidden()
	}
	return d.answer(ctx, admission.Scope(), of, eventstore.UpTo{})
}

type thenInput struct {
	Workspace string `path:"workspace" doc:"The workspace."`
	Account   string `path:"account" doc:"The account."`
	Member    string `query:"member" maxLength:"100" doc:"Who; yourself if absent."`
	At        string `query:"at" maxLength:"100" doc:"An RFC 3339 instant, a day (its start, UTC) or a position in the log; now if absent."`
}

func (d *Desk) then(ctx context.Context, input *thenInput) (*output, error) {
	id, err := access.WorkspaceID(input.Workspace)
	if err != nil {
		return nil, err
	}
	of := about{workspace: id}
	by := d.Commands.Actor(ctx)
	_, err = d.Store.Execute(ctx, eventstore.Call{
		Type: d.Record, Command: &auditlog.RecordHistoryRead{Question: auditlog.WhoCould, About: asked(input)}, Workspace: id, By: by,
	})
	if err != nil {
		return nil, err
	}
	of.member = by.User
	if err := of.read(input.Account, input.Member); err != nil {
		return nil, err
	}
	at, err := past.ParseMoment(input.At)
	if err != nil {
		return nil, problem.Invalid(problem.Fault{Location: "query.at", Message: err.Error()})
	}
	return d.answer(ctx, eventstore.Scope{Workspace: id, User: by.User}, of, eventstore.UpTo{Position: at.Position, Instant: at.Instant})
}

// asked is what the question was about, of ids and a moment alone: anything
// else that was sent is not kept.
func asked(input *thenInput) (words string) {
	var account domain.AccountID
	if account.UnmarshalText([]byte(input.Account)) == nil {
		words = "account " + account.String()
	}
	var member domain.UserID
	if member.UnmarshalText([]byte(input.Member)) == nil {
		words += ", member " + member.String()
	}
	if at, err := past.ParseMoment(input.At); err == nil {
		words += ", at " + at.String()
	}
	return words
}

func (d *Desk) answer(ctx context.Context, scope eventstore.Scope, of about, upTo eventstore.UpTo) (*output, error) {
	answer, found, err := resolve(ctx, d.Store, scope, of, upTo)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, domain.Hidden()
	}
	return &output{Body: answer}, nil
}

// read reads ids: one that cannot exist answers like one that does not (R32).
func (a *about) read(account, member string) error {
	if a.account.UnmarshalText([]byte(account)) != nil || member != "" && a.member.UnmarshalText([]byte(member)) != nil {
		return domain.Hidden()
	}
	return nil
}
