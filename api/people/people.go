// Package people is the API of signing up and in: users, sessions, API tokens
// and who one is.
package people

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/command"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/eventstore"
	"behalf/internal/telemetry"
)

// Desk answers these operations.
type Desk struct {
	Store    *eventstore.Store
	SignIn   *signin.Desk
	Cookie   access.Cookie
	Commands *command.Desk
	Persons  personal.Opener
	Register domain.CommandType // the command Register, from the catalog
	Eraser   Eraser
}

// Mount adds the operations.
func (d *Desk) Mount(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "register", Method: http.MethodPost, Path: "/v1/users", DefaultStatus: http.StatusCreated,
		Summary: "Open a user account.", Tags: []string{"People"}, Security: access.Public(),
		Description: "An invited person keeps the id that the invitation named. An address can be registered once.",
	}, d.register)
	problem.Handler(api, huma.Operation{
		OperationID: "sign-in", Method: http.MethodPost, Path: "/v1/sessions", DefaultStatus: http.StatusCreated,
		Summary: "Sign in.", Tags: []string{"People"}, Security: access.Public(),
		Description: "Sets the session cookie, or answers the session's token instead. A session lasts 14 days.",
	}, d.signIn)
	problem.Handler(api, huma.Operation{
		OperationID: "sign-out", Method: http.MethodDelete, Path: "/v1/sessions/current", DefaultStatus: http.StatusNoContent,
		Summary: "Sign out.", Tags: []string{"People"}, Description: "Ends the session that the request carries.",
	}, d.signOut)
	problem.Handler(api, huma.Operation{
		OperationID: "me", Method: http.MethodGet, Path: "/v1/me",
		Summary: "Who you are.", Tags: []string{"People"},
	}, d.me)
	problem.Handler(api, huma.Operation{
		OperationID: "erase-me", Method: http.MethodDelete, Path: "/v1/me", DefaultStatus: http.StatusNoContent,
		Summary: "Be erased, for good (R66).", Tags: []string{"People"},
		Description: "Your address, your name and where you came from become unreadable everywhere, history included; you are " +
			"signed out and cannot sign in again. Takes a session and the password once more. Refused while you own a workspace (R12).",
	}, d.eraseMe)
	d.mountTokens(api)
}

// User is a person with a user account.
type User struct {
	ID    domain.UserID `json:"user" doc:"The person's id."`
	Email user.Email    `json:"email" doc:"The address, as the person wrote it."`
	Name  string        `json:"name" doc:"What people call them."`
}

type registerInput struct {
	Body struct {
		Email    user.Email      `json:"email" maxLength:"254" doc:"Where mail reaches the person."`
		Name     string          `json:"name" minLength:"1" maxLength:"100" doc:"What people call them."`
		Password signin.Password `json:"password" minLength:"10" maxLength:"200" doc:"10 to 200 characters." writeOnly:"true"`
	} `nameHint:"Registration"`
}

type registerOutput struct {
	Body struct {
		User
		Position int64 `json:"position" doc:"Name it as ?position= in a query."`
	} `nameHint:"Registered"`
}

// register takes no idempotency key: what is remembered of a command would
// hold a hash of the password that is cheap to guess against. Sent again, it
// answers that the person is registered.
func (d *Desk) register(ctx context.Context, input *registerInput) (*registerOutput, error) {
	wanted := user.Register{Email: input.Body.Email, Name: input.Body.Name}
	somebody := domain.Actor{User: eventstore.Fresh()}
	if _, err := wanted.Decide(user.User{}, somebody); err != nil {
		return nil, err // before an address gets into the index
	}
	if err := input.Body.Password.Check("password"); err != nil {
		return nil, err
	}
	person, err := d.SignIn.PersonOf(ctx, wanted.Email)
	if err != nil {
		return nil, err
	}
	output := &registerOutput{}
	err = d.SignIn.Enrol(ctx, person, input.Body.Password,
		func(ctx context.Context) error {
			known, err := d.load(ctx, person)
			if err != nil {
				return err
			}
			_, err = wanted.Decide(known, domain.Actor{User: person})
			return err
		},
		func(ctx context.Context) error {
			by := d.Commands.Actor(ctx)
			by.User = person
			result, err := d.Store.Execute(ctx, eventstore.Call{
				Type: d.Register, Command: &wanted, By: by, Correlation: telemetry.CorrelationID(ctx),
			})
			output.Body.Position = result.Position
			return err
		})
	if err != nil {
		return nil, err
	}
	known, err := d.load(ctx, person)
	if err != nil {
		return nil, err
	}
	output.Body.User, err = d.shown(ctx, person, known)
	return output, err
}

// shown is a person as they see themself.
func (d *Desk) shown(ctx context.Context, person domain.UserID, known user.User) (User, error) {
	err := d.Persons.Open(ctx, &known.Email, &known.Name)
	return User{ID: person, Email: user.Email(known.Email.Reveal()), Name: known.Name.Reveal()}, err
}

func (d *Desk) load(ctx context.Context, person domain.UserID) (user.User, error) {
	loaded, err := d.Store.Load(ctx, eventstore.Scope{User: person}, user.Stream(person))
	if err != nil {
		return user.User{}, err
	}
	return *domain.Fact[*user.User](loaded.Facts, user.Stream(person)), nil
}

type meOutput struct{ Body User }

func (d *Desk) me(ctx context.Context, _ *struct{}) (*meOutput, error) {
	person := signin.From(ctx).User
	known, err := d.load(ctx, person)
	if err != nil {
		return nil, err
	}
	if !known.Registered {
		return nil, errors.New("somebody is signed in who never registered")
	}
	shown, err := d.shown(ctx, person, known)
	return &meOutput{Body: shown}, err
}
