package people

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/limit"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain/user"
)

func (d *Desk) mountSessions(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "sign-in", Method: http.MethodPost, Path: "/v1/sessions", DefaultStatus: http.StatusCreated,
		Summary: "Sign in.", Tags: []string{tag}, Security: access.Public(),
		Description: "Sets the session cookie, or answers the session's token instead. A session lasts 14 days. Unknown addresses, wrong " +
			"passwords and addresses that were not verified yet answer the same. Whoever tries often is slowed down, never locked out.",
	}, d.signIn)
	problem.Handler(api, huma.Operation{
		OperationID: "sign-out", Method: http.MethodDelete, Path: "/v1/sessions/current", DefaultStatus: http.StatusNoContent,
		Summary: "Sign out.", Tags: []string{tag}, Description: "Ends the session that the request carries.",
	}, d.signOut)
	problem.Handler(api, huma.Operation{
		OperationID: "sessions", Method: http.MethodGet, Path: "/v1/sessions",
		Summary: "Where you are signed in.", Tags: []string{tag}, Description: "At most 50 sessions; opening another one ends the one that was used the longest ago.",
	}, d.sessions)
	problem.Handler(api, huma.Operation{
		OperationID: "end-session", Method: http.MethodDelete, Path: "/v1/sessions/{id}", DefaultStatus: http.StatusNoContent,
		Summary: "End one of your sessions.", Tags: []string{tag},
	}, d.endSession)
	problem.Handler(api, huma.Operation{
		OperationID: "end-other-sessions", Method: http.MethodDelete, Path: "/v1/sessions", DefaultStatus: http.StatusNoContent,
		Summary: "End all your sessions but this one.", Tags: []string{tag},
	}, d.endOthers)
}

type signInInput struct {
	Body struct {
		Email    user.Email      `json:"email" maxLength:"254" doc:"The address that was registered."`
		Password signin.Password `json:"password" minLength:"1" maxLength:"200" doc:"The password." writeOnly:"true"`
		Delivery string          `json:"delivery,omitempty" enum:"cookie,token" doc:"cookie (the default): the answer sets the session cookie, which scripts cannot read. token: it holds the token instead, for programs."`
	} `nameHint:"SignIn"`
}

type signInOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		User
		Token     string    `json:"token,omitempty" doc:"Send it as \"Authorization: Bearer …\". Shown this once; only with delivery token."`
		ExpiresAt time.Time `json:"expires_at" doc:"When the session ends by itself."`
		Waiting   bool      `json:"waiting,omitempty" doc:"You have a second factor: this session is good only for proving it, at /v1/sessions/current/proof, within ten minutes."`
	} `nameHint:"SignedIn"`
}

func (d *Desk) signIn(ctx context.Context, input *signInInput) (*signInOutput, error) {
	began := time.Now()
	trial := input.Body.Email.Normal() + " " + network(ctx)
	if err := d.mayTry(ctx, input.Body.Email, trial); err != nil {
		return nil, err
	}
	proven, err := d.SignIn.CheckPassword(ctx, input.Body.Email, input.Body.Password)
	if err != nil {
		return nil, d.paced(ctx, began, err)
	}
	output, err := d.open(ctx, proven, input.Body.Delivery)
	if err != nil {
		return nil, d.paced(ctx, began, err)
	}
	d.Limits.Forget(ctx, d.Policies.SignInAddress, trial)
	return output, nil
}

// mayTry slows down whoever tries passwords: from one network, for one address,
// and for one address from everywhere. The last does not count for who has
// signed in from there before: strangers cannot keep a person out.
func (d *Desk) mayTry(ctx context.Context, email user.Email, trial string) error {
	if err := d.take(ctx, d.Policies.SignInClient, network(ctx)); err != nil {
		return err
	}
	if err := d.take(ctx, d.Policies.SignInAddress, trial); err != nil {
		return err
	}
	familiar, err := d.SignIn.FamiliarAt(ctx, email, signin.From(ctx))
	if err != nil || familiar {
		return err
	}
	return d.take(ctx, d.Policies.SignInAnyhow, email.Normal())
}

// paced has all wrong trials take the same time, whatever was wrong.
func (d *Desk) paced(ctx context.Context, began time.Time, err error) error {
	if errors.Is(err, signin.ErrWrongPassword) {
		limit.Pace(ctx, d.Policies.Pace, began)
	}
	return err
}

// open signs a person in who has proved their password.
func (d *Desk) open(ctx context.Context, proven signin.Proven, delivery string) (*signInOutput, error) {
	known, err := d.load(ctx, proven.Person)
	if err != nil {
		return nil, err
	}
	if !known.Registered || !known.Verified { // a registration that broke off, or an address that may be somebody else's
		return nil, signin.ErrWrongPassword
	}
	output := &signInOutput{}
	if output.Body.User, err = d.shown(ctx, proven.Person, known); err != nil {
		return nil, err
	}
	session, err := d.SignIn.OpenSession(ctx, proven.Person, signin.ByPassword)
	if err != nil {
		return nil, err
	}
	stands, err := d.SignIn.Stands(ctx, proven)
	if err != nil {
		return nil, err
	}
	if !stands { // another password was set meanwhile
		return nil, errors.Join(d.close(ctx, session), signin.ErrWrongPassword)
	}
	if err := d.Arrived(ctx, proven); err != nil {
		return nil, err
	}
	output.Body.ExpiresAt, output.Body.Waiting = session.ExpiresAt, session.Waiting
	if delivery == "token" {
		output.Body.Token = session.Token.Reveal()
	} else {
		output.SetCookie = []http.Cookie{d.Cookie.Set(session)}
	}
	return output, nil
}

// close ends a session that nobody was told of.
func (d *Desk) close(ctx context.Context, session signin.Session) error {
	principal, err := d.SignIn.Identify(ctx, session.Token)
	if errors.Is(err, signin.ErrNotSignedIn) { // whoever set the other password has ended it
		return nil
	}
	if err != nil {
		return err
	}
	return d.SignIn.CloseSession(ctx, principal)
}

type signOutOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (d *Desk) signOut(ctx context.Context, _ *struct{}) (*signOutOutput, error) {
	if err := d.SignIn.CloseSession(ctx, signin.From(ctx)); err != nil {
		return nil, err
	}
	return &signOutOutput{SetCookie: []http.Cookie{d.Cookie.Clear()}}, nil
}

// Session is one of a person's sessions.
type Session struct {
	ID         signin.SessionID `json:"id" doc:"The session's id; no secret."`
	Client     string           `json:"client,omitempty" doc:"The program that it was opened with, as it calls itself." example:"Firefox on Linux"`
	With       []string         `json:"with" doc:"How you proved who you are."`
	Waiting    bool             `json:"waiting" doc:"Whether it waits for your second factor."`
	Current    bool             `json:"current" doc:"Whether it is the one that asks."`
	CreatedAt  time.Time        `json:"created_at" doc:"When you signed in."`
	LastUsedAt time.Time        `json:"last_used_at" doc:"When it was used last, to the minute."`
	ExpiresAt  time.Time        `json:"expires_at" doc:"When it ends by itself."`
}

type sessionsOutput struct {
	Body struct {
		Sessions []Session `json:"sessions" doc:"The last used first."`
	} `nameHint:"Sessions"`
}

func (d *Desk) sessions(ctx context.Context, _ *struct{}) (*sessionsOutput, error) {
	principal := signin.From(ctx)
	if _, err := access.SignedInPerson(principal); err != nil {
		return nil, err
	}
	held, err := d.SignIn.Sessions(ctx, principal)
	if err != nil {
		return nil, err
	}
	output := &sessionsOutput{}
	output.Body.Sessions = make([]Session, len(held))
	for i, session := range held {
		output.Body.Sessions[i] = Session(session)
	}
	return output, nil
}

type endSessionInput struct {
	ID string `path:"id" doc:"The session's id."`
}

func (d *Desk) endSession(ctx context.Context, input *endSessionInput) (*struct{}, error) {
	person, err := access.SignedInPerson(signin.From(ctx))
	if err != nil {
		return nil, err
	}
	var id signin.SessionID
	if err := id.UnmarshalText([]byte(input.ID)); err != nil {
		return nil, signin.ErrNoSession
	}
	return nil, d.SignIn.EndSession(ctx, person, id)
}

func (d *Desk) endOthers(ctx context.Context, _ *struct{}) (*struct{}, error) {
	principal := signin.From(ctx)
	if _, err := access.SignedInPerson(principal); err != nil {
		return nil, err
	}
	return nil, d.SignIn.CloseOthers(ctx, principal)
}
