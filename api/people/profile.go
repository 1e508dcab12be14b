package people

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/user"
)

func (d *Desk) mountProfile(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "me", Method: http.MethodGet, Path: "/v1/me",
		Summary: "Who you are.", Tags: []string{tag},
	}, d.me)
	problem.Handler(api, huma.Operation{
		OperationID: "change-profile", Method: http.MethodPatch, Path: "/v1/me",
		Summary: "Change your name, time zone or language.", Tags: []string{tag},
		Description: "What is left out stays. An empty time zone or language is none.",
	}, d.changeProfile)
	problem.Handler(api, huma.Operation{
		OperationID: "erase-me", Method: http.MethodDelete, Path: "/v1/me", DefaultStatus: http.StatusNoContent,
		Summary: "Be erased, for good (R66).", Tags: []string{tag},
		Description: "Your address, your name and where you came from become unreadable everywhere, history included; you are " +
			"signed out and cannot sign in again. Takes a session and the password once more. Refused while you own a workspace (R12).",
	}, d.eraseMe)
}

// User is a person with a user account.
type User struct {
	ID    domain.UserID `json:"user" doc:"The person's id."`
	Email user.Email    `json:"email" doc:"The address, as the person wrote it."`
	Name  string        `json:"name" doc:"What people call them."`
}

// Me is a person as they see themself.
type Me struct {
	User
	TimeZone string     `json:"time_zone,omitempty" doc:"IANA name of the time zone; absent: not said." example:"Europe/Berlin"`
	Language string     `json:"language,omitempty" doc:"The language, a BCP 47 tag; absent: not said." example:"de-AT"`
	Pending  user.Email `json:"pending_email,omitempty" doc:"The address that you want instead; it waits for the link that was mailed there."`
}

// shown is a person, opened.
func (d *Desk) shown(ctx context.Context, person domain.UserID, known user.User) (User, error) {
	err := d.Persons.Open(ctx, &known.Email, &known.Name)
	return User{ID: person, Email: user.Email(known.Email.Reveal()), Name: known.Name.Reveal()}, err
}

func (d *Desk) myself(ctx context.Context) (Me, error) {
	person := signin.From(ctx).User
	known, err := d.load(ctx, person)
	if err != nil {
		return Me{}, err
	}
	if !known.Registered {
		return Me{}, errors.New("somebody is signed in who never registered")
	}
	if err := d.Persons.Open(ctx, &known.Email, &known.Name, &known.TimeZone, &known.Language, &known.Pending); err != nil {
		return Me{}, err
	}
	return Me{
		User:     User{ID: person, Email: user.Email(known.Email.Reveal()), Name: known.Name.Reveal()},
		TimeZone: known.TimeZone.Reveal(), Language: known.Language.Reveal(), Pending: user.Email(known.Pending.Reveal()),
	}, nil
}

type meOutput struct{ Body Me }

func (d *Desk) me(ctx context.Context, _ *struct{}) (*meOutput, error) {
	shown, err := d.myself(ctx)
	return &meOutput{Body: shown}, err
}

type changeProfileInput struct {
	Body struct {
		Name     *string `json:"name,omitempty" minLength:"1" maxLength:"100" example:"Carl" doc:"What people call you."`
		TimeZone *string `json:"time_zone,omitempty" maxLength:"100" doc:"IANA name of your time zone." example:"Europe/Berlin"`
		Language *string `json:"language,omitempty" maxLength:"20" doc:"Your language, a BCP 47 tag." example:"de-AT"`
	} `nameHint:"ProfileChange"`
}

func (d *Desk) changeProfile(ctx context.Context, input *changeProfileInput) (*meOutput, error) {
	if _, err := access.SignedInPerson(signin.From(ctx)); err != nil {
		return nil, err
	}
	before, err := d.myself(ctx)
	if err != nil {
		return nil, err
	}
	err = d.issue(ctx, d.Commands.Actor(ctx), &user.ChangeProfile{
		Name: input.Body.Name, TimeZone: input.Body.TimeZone, Language: input.Body.Language,
		Before: user.Profile{Name: before.Name, TimeZone: before.TimeZone, Language: before.Language},
	})
	if err != nil {
		return nil, err
	}
	return d.me(ctx, nil)
}
