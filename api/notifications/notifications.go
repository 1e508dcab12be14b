// Package notifications tells people what concerns them, inside the product:
// a list, a counter, what they have read, what they want to be told, and all
// of that live.
package notifications

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"behalf/api/access"
	"behalf/api/live/stream"
	"behalf/api/page"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/notice"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/reading"
)

// patience is how long a query waits for the position that it names.
const patience = 5 * time.Second

const tag = "Notifications"

// Desk answers these operations.
type Desk struct {
	Pool    *pgxpool.Pool // under eventstore.RoleAPI
	Store   *eventstore.Store
	Views   *reading.Reader
	SignIn  *signin.Desk
	Streams *stream.Desk
	Key     [32]byte // derives the links in mails
}

// Mount adds the operations. What mail programs call by themselves speaks no
// JSON and is mounted on the router.
func (d *Desk) Mount(api huma.API, router chi.Router) {
	problem.Handler(api, huma.Operation{
		OperationID: "notifications", Method: http.MethodGet, Path: "/v1/me/notifications", Tags: []string{tag},
		Summary: "What concerns you, the newest first (R20).",
		Description: "What you have switched off is left out, and so is what was said about a workspace that you belong to no more. " +
			"What things are called is as it was at the time.",
	}, d.list)
	problem.Handler(api, huma.Operation{
		OperationID: "read-notifications", Method: http.MethodPost, Path: "/v1/me/notifications/read", Tags: []string{tag},
		Summary: "Mark notifications as read.", Description: "Some of them by their ids, or everything up to a position. Doing it again changes nothing.",
	}, d.read)
	problem.Handler(api, huma.Operation{
		OperationID: "notification-settings", Method: http.MethodGet, Path: "/v1/me/notifications/settings", Tags: []string{tag},
		Summary: "What you are told, and how.", Description: "By kind: by e-mail, and inside the product. What cannot be switched off says so.",
	}, d.settings)
	problem.Handler(api, huma.Operation{
		OperationID: "change-notification-settings", Method: http.MethodPost, Path: "/v1/me/notifications/settings", Tags: []string{tag},
		Summary: "Change what you are told.", Description: "Kinds that you leave out stay as they are. What protects your account, and what waits for you alone, " +
			"cannot be switched off (cannot_be_switched_off).",
	}, d.change)
	d.mountEvents(api)
	d.mountUnsubscribing(router)
}

// Notification is one thing that you were told.
type Notification struct {
	ID        domain.EventID     `json:"id" doc:"The event that it is about."`
	Position  int64              `json:"position" doc:"Where it stands in the log; what is newer stands higher."`
	Kind      notice.Kind        `json:"kind" doc:"What it is about." enum:"invitation,added,access_changed,removed,ownership_offered,reauthentication,two_factor_required,post_waiting,post_reminder,post_approved,post_declined,post_trouble,post_handed_over,post_failed,post_missed,post_unknown,post_kept,workspace_changed,workspace_ending,export_ready,reauthentication_reminder,connection_runs_out,password_changed,address_changed,new_sign_in,two_factor_changed"`
	Class     notice.Class       `json:"class" doc:"security, request (something waits for you) or collaboration." enum:"security,request,collaboration"`
	Subject   string             `json:"subject" doc:"In one line."`
	Text      string             `json:"text" doc:"In a sentence."`
	Advice    string             `json:"advice,omitempty" doc:"What it means, or what to do."`
	Workspace domain.WorkspaceID `json:"workspace,omitzero" doc:"Where; absent for what concerns your own account."`
	Name      string             `json:"workspace_name,omitempty" doc:"What the workspace was called then."`
	Account   domain.AccountID   `json:"account,omitzero" doc:"The social account that it is about."`
	Post      domain.PostID      `json:"post,omitzero" doc:"The post that it is about."`
	By        domain.UserID      `json:"by,omitzero" doc:"Who did it; absent when Behalf did."`
	At        time.Time          `json:"at" doc:"When it happened."`
	Read      bool               `json:"read" doc:"Whether you have read it."`
}

type listInput struct {
	page.In
	Position int64 `query:"position" minimum:"0" doc:"A position that a command answered: the answer is at least that new. Waits up to 5 seconds, then answers view_behind."`
	Unread   bool  `query:"unread" doc:"Only what you have not read."`
}

type listOutput struct {
	Body struct {
		page.Out
		Position      int64          `json:"position" doc:"Every event up to here is in the answer."`
		Unread        int64          `json:"unread" doc:"How many you have not read, of all."`
		Notifications []Notification `json:"notifications" doc:"The newest first."`
	} `nameHint:"Notifications"`
}

func (d *Desk) list(ctx context.Context, input *listInput) (*listOutput, error) {
	principal, err := person(ctx)
	if err != nil {
		return nil, err
	}
	list := page.List{"notifications", principal.User, input.Unread}
	after, err := page.After[int64](input.In, list)
	if err != nil {
		return nil, err
	}
	wanted := reading.NotificationPage{Unread: input.Unread, Limit: input.Limit + 1}
	if after != nil {
		wanted.Before = *after
	}
	patient, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	scope := eventstore.Scope{User: principal.User}
	found, err := d.Views.Notifications(patient, scope, input.Position, wanted)
	if err != nil {
		return nil, err
	}
	if !found.Reached {
		return nil, &problem.BehindError{Position: input.Position, Reached: found.Position}
	}
	unread, err := d.Views.Unread(patient, scope, 0)
	if err != nil {
		return nil, err
	}
	output := &listOutput{}
	rows, out, err := page.Cut(input.In, list, found.Value, func(n reading.Notification) int64 { return n.Position })
	if err != nil {
		return nil, err
	}
	output.Body.Out, output.Body.Position, output.Body.Unread = out, found.Position, unread.Value
	output.Body.Notifications, err = d.shown(ctx, principal, rows)
	return output, err
}

// person is who is told. Programs are told nothing: what is said here is for a
// person's eyes.
func person(ctx context.Context) (signin.Principal, error) {
	principal := signin.From(ctx)
	_, err := access.SignedInPerson(principal)
	return principal, err
}

// shown says notifications in words, but for those about workspaces that the
// person has left by now, and posts to accounts that they have no more: this is
// asked of the log, right before it is told (R64).
func (d *Desk) shown(ctx context.Context, principal signin.Principal, found []reading.Notification) ([]Notification, error) {
	inside := map[domain.WorkspaceID]*workspace.Member{}
	shown := []Notification{}
	for _, n := range found {
		if insider(n) {
			member, known := inside[n.Workspace]
			if !known {
				var err error
				if member, err = d.member(ctx, principal, n.Workspace); err != nil {
					return nil, err
				}
				inside[n.Workspace] = member
			}
			if member == nil || n.Kind.IsAboutPost() && !n.Account.IsZero() && !member.Holds(n.Account) {
				continue
			}
			if blocked := member.RequireTwoFactor && !principal.TwoFactor; blocked && n.Kind != notice.TwoFactor {
				continue // R63: it is shown once they have enabled it
			}
		}
		told, names := n.Notice(principal.User)
		words := told.Words(names)
		var about domain.PostID
		if n.Kind.IsAboutPost() && len(told.Details.Posts) == 1 {
			about = told.Details.Posts[0]
		}
		shown = append(shown, Notification{
			ID: n.Event, Position: n.Position, Kind: n.Kind, Class: n.Kind.Class(),
			Subject: words.Subject, Text: words.Text, Advice: words.Advice,
			Workspace: n.Workspace, Name: n.WorkspaceName, Account: n.Account, Post: about, By: n.Actor, At: n.ToldAt, Read: n.Read,
		})
	}
	return shown, nil
}

// insider reports whether the notification is for members alone.
func insider(n reading.Notification) bool {
	return !n.Workspace.IsZero() && n.Kind != notice.Invitation && n.Kind != notice.Removed
}

// member asks the log whether the person is a member, and which; nil if they are
// none. Whom a second factor is asked of is a member: that it is asked is one of
// the things that they are told (R63).
func (d *Desk) member(ctx context.Context, principal signin.Principal, ws domain.WorkspaceID) (*workspace.Member, error) {
	stream := workspace.Stream(ws)
	loaded, err := d.Store.Load(ctx, eventstore.Scope{Workspace: ws, User: principal.User}, stream)
	if err != nil {
		return nil, err
	}
	member, err := domain.Fact[*workspace.Workspace](loaded.Facts, stream).AdmitReader(domain.Actor{User: principal.User, TwoFactor: true})
	var refusal *domain.Refusal
	if errors.As(err, &refusal) {
		return nil, nil //nolint:nilnil // no member is an ordinary answer
	}
	return &member, err
}
