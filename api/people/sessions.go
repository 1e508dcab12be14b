package people

import (
	"context"
	"net/http"
	"time"

	"behalf/api/signin"
	"behalf/domain/user"
)

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
		Waiting   bool      `json:"waiting,omitempty" doc:"You have a second factor."`
	} `nameHint:"SignedIn"`
}

func (d *Desk) signIn(ctx context.Context, input *signInInput) (*signInOutput, error) {
	person, err := d.SignIn.CheckPassword(ctx, input.Body.Email, input.Body.Password)
	if err != nil {
		return nil, err
	}
	known, err := d.load(ctx, person)
	if err != nil {
		return nil, err
	}
	if !known.Registered { // a registration that broke off; it can be repeated
		return nil, signin.ErrWrongPassword
	}
	session, err := d.SignIn.OpenSession(ctx, person, signin.ByPassword)
	if err != nil {
		return nil, err
	}
	output := &signInOutput{}
	if output.Body.User, err = d.shown(ctx, person, known); err != nil {
		return nil, err
	}
	output.Body.ExpiresAt, output.Body.Waiting = session.ExpiresAt, session.Waiting
	if input.Body.Delivery == "token" {
		output.Body.Token = session.Token.Reveal()
	} else {
		output.SetCookie = []http.Cookie{d.Cookie.Set(session)}
	}
	return output, nil
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
