package people

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/user/address"
)

func (d *Desk) mountAddress(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "request-address-change", Method: http.MethodPost, Path: "/v1/me/address", DefaultStatus: http.StatusAccepted,
		Summary: "Ask for another address.", Tags: []string{tag},
		Description: "A link is mailed there. Takes a session and the password. Until the link is followed nothing changes. " +
			"The answer is the same for an address that somebody else has.",
	}, d.requestAddressChange)
	problem.Handler(api, huma.Operation{
		OperationID: "change-address", Method: http.MethodPost, Path: "/v1/me/address/complete", DefaultStatus: http.StatusNoContent,
		Summary: "Make the other address yours.", Tags: []string{tag},
		Description: "Takes the link from the mail, and a session: whoever else gets the link can do nothing with it. A mail tells the former address.",
	}, d.changeAddress)
	problem.Handler(api, huma.Operation{
		OperationID: "link", Method: http.MethodGet, Path: "/v1/links/{token}",
		Summary: "What a mailed link is for.", Tags: []string{tag}, Security: access.Public(),
		Description: "Looking changes nothing. A link that is superseded, used or expired says so; nothing is said about the person.",
	}, d.land)
}

type addressChangeInput struct {
	Body struct {
		Email    user.Email      `json:"email" maxLength:"254" doc:"The address that you want."`
		Password signin.Password `json:"password" minLength:"1" maxLength:"200" doc:"Your password, once more." writeOnly:"true"`
	} `nameHint:"AddressChange"`
}

func (d *Desk) requestAddressChange(ctx context.Context, input *addressChangeInput) (*struct{}, error) {
	if err := input.Body.Email.Check("email"); err != nil {
		return nil, err
	}
	if _, err := d.ownPassword(ctx, input.Body.Password); err != nil {
		return nil, err
	}
	if err := d.mayMail(ctx, d.Policies.MailClient, input.Body.Email); err != nil {
		return nil, err
	}
	return nil, d.issue(ctx, d.Commands.Actor(ctx), &address.RequestAddressChange{Email: input.Body.Email})
}

type linkBody struct {
	Body struct {
		Token user.LinkToken `json:"token" maxLength:"400" doc:"The last part of the link in the mail." writeOnly:"true"`
	} `nameHint:"MailedLink"`
}

var errTaken = domain.Clash(0, "address_taken", "Somebody else has an account with this address.")

func (d *Desk) changeAddress(ctx context.Context, input *linkBody) (*struct{}, error) {
	person, err := access.SignedInPerson(signin.From(ctx))
	if err != nil {
		return nil, err
	}
	link, known, err := d.link(ctx, input.Body.Token, user.ToChangeAddress)
	var refusal *domain.Refusal
	if err != nil && !errors.As(err, &refusal) {
		return nil, err
	}
	if link.Person != person {
		return nil, domain.Hidden()
	}
	if errors.Is(err, &domain.Refusal{Code: "link_used"}) {
		return nil, errors.Join(d.completeChange(ctx, person, known), err)
	}
	if err != nil {
		return nil, err
	}
	if err := d.Persons.Open(ctx, &known.Pending, &known.Email); err != nil {
		return nil, err
	}
	change := &address.ChangeAddress{
		Link: link, Email: user.Email(known.Pending.Reveal()), Former: user.Email(known.Email.Reveal()),
	}
	return nil, d.SignIn.MoveTo(ctx, person, change.Email, errTaken, func(ctx context.Context) error {
		return d.issue(ctx, d.Commands.Actor(ctx), change)
	})
}

// completeChange makes the index of addresses agree with what was recorded: a
// change may have broken off in between.
func (d *Desk) completeChange(ctx context.Context, person domain.UserID, known user.User) error {
	if err := d.Persons.Open(ctx, &known.Email); err != nil {
		return err
	}
	recorded := func(context.Context) error { return nil }
	return d.SignIn.MoveTo(ctx, person, user.Email(known.Email.Reveal()), errTaken, recorded)
}

type landInput struct {
	Token user.LinkToken `path:"token" maxLength:"400" doc:"The last part of the link."`
}

type landOutput struct {
	Body struct {
		Purpose   user.Purpose `json:"purpose" enum:"verify_address,change_address,reset_password" doc:"What the link is for."`
		ExpiresAt time.Time    `json:"expires_at" doc:"Until when it works."`
	} `nameHint:"LinkLanding"`
}

func (d *Desk) land(ctx context.Context, input *landInput) (*landOutput, error) {
	link, genuine := input.Token.Prove(d.LinkKey)
	if !genuine {
		return nil, domain.Hidden()
	}
	if _, _, err := d.link(ctx, input.Token, link.Purpose); err != nil {
		return nil, err
	}
	output := &landOutput{}
	output.Body.Purpose, output.Body.ExpiresAt = link.Purpose, link.Expires
	return output, nil
}
