package people

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/user/password"
)

func (d *Desk) mountPasswords(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "change-password", Method: http.MethodPost, Path: "/v1/me/password", DefaultStatus: http.StatusNoContent,
		Summary: "Change your password.", Tags: []string{tag},
		Description: "Takes a session and the present password. All other sessions end; API tokens go on. A mail tells you.",
	}, d.changePassword)
	problem.Handler(api, huma.Operation{
		OperationID: "request-password-reset", Method: http.MethodPost, Path: "/v1/password-resets", DefaultStatus: http.StatusAccepted,
		Summary: "Have a link mailed that sets a new password.", Tags: []string{tag}, Security: access.Public(),
		Description: "The links before it are dead. The answer is the same for every address; an address without an account gets no mail.",
	}, d.requestReset)
	problem.Handler(api, huma.Operation{
		OperationID: "reset-password", Method: http.MethodPost, Path: "/v1/password-resets/complete", DefaultStatus: http.StatusNoContent,
		Summary: "Set a new password by a mailed link.", Tags: []string{tag}, Security: access.Public(),
		Description: "The link works once, for an hour. All sessions end; sign in with the new password, and with your second factor if you have one.",
	}, d.resetPassword)
}

type changePasswordInput struct {
	Body struct {
		Current  signin.Password `json:"current" minLength:"1" maxLength:"200" doc:"The present password." writeOnly:"true"`
		Password signin.Password `json:"password" minLength:"10" maxLength:"200" doc:"The new one: 10 to 200 characters." writeOnly:"true"`
	} `nameHint:"PasswordChange"`
}

func (d *Desk) changePassword(ctx context.Context, input *changePasswordInput) (*struct{}, error) {
	if err := input.Body.Password.Check("password"); err != nil {
		return nil, err
	}
	person, err := d.ownPassword(ctx, input.Body.Current)
	if err != nil {
		return nil, err
	}
	renewal := signin.Renewal{Person: person, Password: input.Body.Password, Keep: signin.From(ctx).Credential}
	return nil, d.SignIn.Renew(ctx, renewal, func(ctx context.Context) error {
		return d.issue(ctx, d.Commands.Actor(ctx), &password.ChangePassword{Person: person})
	})
}

func (d *Desk) requestReset(ctx context.Context, input *addressInput) (*struct{}, error) {
	return nil, d.ask(ctx, input.Body.Email, func(person domain.UserID) any { return &password.RequestPasswordReset{Person: person} })
}

type resetInput struct {
	Body struct {
		Token     user.LinkToken  `json:"token" maxLength:"400" doc:"The last part of the link in the mail." writeOnly:"true"`
		Password  signin.Password `json:"password" minLength:"10" maxLength:"200" doc:"The new password: 10 to 200 characters." writeOnly:"true"`
		EndTokens bool            `json:"end_tokens,omitempty" doc:"End all API tokens as well: when somebody else may have been in the account."`
	} `nameHint:"PasswordReset"`
}

func (d *Desk) resetPassword(ctx context.Context, input *resetInput) (*struct{}, error) {
	if err := input.Body.Password.Check("password"); err != nil {
		return nil, err
	}
	if err := d.take(ctx, d.Policies.SignInClient, network(ctx)); err != nil {
		return nil, err
	}
	link, _, err := d.link(ctx, input.Body.Token, user.ToResetPassword)
	if err != nil {
		return nil, err // before anything is hashed
	}
	renewal := signin.Renewal{Person: link.Person, Password: input.Body.Password, Tokens: input.Body.EndTokens}
	return nil, d.SignIn.Renew(ctx, renewal, func(ctx context.Context) error {
		return d.issue(ctx, d.as(ctx, link.Person), &password.ResetPassword{Link: link})
	})
}
