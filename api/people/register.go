package people

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/limit"
	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/user"
	"behalf/domain/user/address"
	"behalf/domain/workspace"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
)

func (d *Desk) mountRegistration(api huma.API) {
	problem.Handler(api, huma.Operation{
		OperationID: "register", Method: http.MethodPost, Path: "/v1/users", DefaultStatus: http.StatusAccepted,
		Summary: "Open a user account.", Tags: []string{tag}, Security: access.Public(),
		Description: "A link is mailed to the address, by which you verify it; until then you cannot sign in. The answer is the same for " +
			"an address that has an account already: a mail says so there. An invited person who sends the token of the invitation's link " +
			"has shown by it that the address is theirs, and can sign in at once.",
	}, d.register)
	problem.Handler(api, huma.Operation{
		OperationID: "request-verification", Method: http.MethodPost, Path: "/v1/verifications", DefaultStatus: http.StatusAccepted,
		Summary: "Have the link that verifies an address mailed once more.", Tags: []string{tag}, Security: access.Public(),
		Description: "The links before it are dead. The answer is the same for every address.",
	}, d.requestVerification)
	problem.Handler(api, huma.Operation{
		OperationID: "verify-address", Method: http.MethodPost, Path: "/v1/verifications/complete",
		Summary: "Verify the address of a new account, and sign in.", Tags: []string{tag}, Security: access.Public(),
		Description: "Takes the link from the mail and the password that was chosen: who registered an address that is not theirs " +
			"does not get the link, and who gets it does not know the password.",
	}, d.verifyAddress)
}

type registerInput struct {
	Body struct {
		Email      user.Email       `json:"email" maxLength:"254" doc:"Where mail reaches the person."`
		Name       string           `json:"name" minLength:"1" maxLength:"100" example:"Carl" doc:"What people call them."`
		Password   signin.Password  `json:"password" minLength:"10" maxLength:"200" doc:"10 to 200 characters." writeOnly:"true"`
		Invitation invitation.Token `json:"invitation,omitempty" maxLength:"400" doc:"The last part of the link in an invitation's mail to this address." writeOnly:"true"`
	} `nameHint:"Registration"`
}

// register takes no idempotency key: what is remembered of a command would
// hold a hash of the password that is cheap to guess against. Sent again, it
// has another mail sent.
func (d *Desk) register(ctx context.Context, input *registerInput) (*struct{}, error) {
	wanted := &user.Register{Email: input.Body.Email, Name: input.Body.Name}
	somebody := domain.Actor{User: eventstore.Fresh()}
	if _, err := wanted.Decide(user.User{}, somebody); err != nil {
		return nil, err // before an address gets into the index
	}
	if err := input.Body.Password.Check("password"); err != nil {
		return nil, err
	}
	if err := d.mayMail(ctx, d.Policies.RegisterClient, wanted.Email); err != nil {
		return nil, err
	}
	return nil, limit.Evenly(ctx, d.Policies.Pace, func() error {
		person, err := d.SignIn.PersonOf(ctx, wanted.Email)
		if err != nil {
			return err
		}
		if input.Body.Invitation != "" {
			if err := d.invited(ctx, person, input.Body.Invitation); err != nil {
				return err
			}
			wanted.Proof = user.ByInvitation
		}
		return d.enrol(ctx, person, wanted, input.Body.Password)
	})
}

// enrol registers a person, or has their address told that they are registered.
func (d *Desk) enrol(ctx context.Context, person domain.UserID, wanted *user.Register, password signin.Password) error {
	var before user.User
	var refusal *domain.Refusal
	err := d.SignIn.Enrol(ctx, person, password,
		func(ctx context.Context) (err error) {
			if before, err = d.load(ctx, person); err != nil {
				return err
			}
			_, err = wanted.Decide(before, domain.Actor{User: person})
			return err
		},
		func(ctx context.Context) error { return d.issue(ctx, d.as(ctx, person), wanted) })
	if !errors.As(err, &refusal) || !before.Registered {
		return err
	}
	if before.Verified {
		return d.issue(ctx, d.as(ctx, person), &user.RepeatRegistration{Person: person})
	}
	return d.issue(ctx, d.as(ctx, person), &address.RequestVerification{Person: person})
}

// invited answers nil when the token is that of an invitation which this
// person could accept now: it was mailed to their address, and nowhere else.
func (d *Desk) invited(ctx context.Context, person domain.UserID, token invitation.Token) error {
	ws, link, genuine := token.Prove(d.LinkKey)
	if !genuine {
		return domain.Hidden()
	}
	stream := workspace.Stream(ws)
	loaded, err := d.Store.Load(ctx, eventstore.Scope{Workspace: ws, User: person}, stream)
	if err != nil {
		return err
	}
	_, err = invitation.AcceptInvitation{Link: link}.Decide(*domain.Fact[*workspace.Workspace](loaded.Facts, stream), d.as(ctx, person))
	return err
}

type addressInput struct {
	Body struct {
		Email user.Email `json:"email" maxLength:"254" doc:"The address that was registered."`
	} `nameHint:"AddressOfAccount"`
}

func (d *Desk) requestVerification(ctx context.Context, input *addressInput) (*struct{}, error) {
	return nil, d.ask(ctx, input.Body.Email, func(person domain.UserID) any { return &address.RequestVerification{Person: person} })
}

// ask issues for whoever has an address what leads to a mail there, and says
// nothing about whether somebody has it.
func (d *Desk) ask(ctx context.Context, email user.Email, command func(domain.UserID) any) error {
	if err := email.Check("email"); err != nil {
		return err
	}
	if err := d.mayMail(ctx, d.Policies.MailClient, email); err != nil {
		return err
	}
	return limit.Evenly(ctx, d.Policies.Pace, func() error {
		person, err := d.SignIn.Find(ctx, email)
		if errors.Is(err, signin.ErrNobody) {
			return nil
		}
		if err != nil {
			return err
		}
		err = d.issue(ctx, d.as(ctx, person), command(person))
		if errors.Is(err, domain.R32) { // only ever invited
			return nil
		}
		return err
	})
}

type verifyInput struct {
	Body struct {
		Token    user.LinkToken  `json:"token" maxLength:"400" doc:"The last part of the link in the mail." writeOnly:"true"`
		Password signin.Password `json:"password" minLength:"1" maxLength:"200" doc:"The password that was chosen when registering." writeOnly:"true"`
		Delivery string          `json:"delivery,omitempty" enum:"cookie,token" doc:"As when signing in."`
	} `nameHint:"Verification"`
}

func (d *Desk) verifyAddress(ctx context.Context, input *verifyInput) (*signInOutput, error) {
	if err := d.take(ctx, d.Policies.SignInClient, network(ctx)); err != nil {
		return nil, err
	}
	link, _, err := d.link(ctx, input.Body.Token, user.ToVerify)
	if err != nil {
		return nil, err
	}
	if err := d.take(ctx, d.Policies.Password, link.Person.String()); err != nil {
		return nil, err
	}
	proven, err := d.SignIn.ProvePassword(ctx, link.Person, input.Body.Password)
	if err != nil {
		return nil, err
	}
	if err := d.issue(ctx, d.as(ctx, link.Person), &address.VerifyAddress{Proof: user.ByLink, Link: link}); err != nil {
		return nil, err
	}
	d.Limits.Forget(ctx, d.Policies.Password, link.Person.String())
	return d.open(ctx, proven, input.Body.Delivery)
}
