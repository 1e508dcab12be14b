package oidc

import (
	"context"
	"errors"
	"net/http"
	"time"

	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/user"
)

type finishInput struct {
	Provider string `path:"provider" maxLength:"50" doc:"The provider's name."`
	Browser  string `cookie:"behalf-departure" maxLength:"100" doc:"The cookie that beginning has set."`
	State    string `query:"state" maxLength:"200" doc:"As it was in authorize_url."`
	Code     string `query:"code" maxLength:"4000" doc:"The provider's answer when it is yes."`
	Error    string `query:"error" maxLength:"200" doc:"The provider's answer when it is no."`
	Issuer   string `query:"iss" maxLength:"500" doc:"Who answers (RFC 9207)."`
}

type finishOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      struct {
		User      domain.UserID `json:"user" doc:"The person's id."`
		Email     user.Email    `json:"email" doc:"Their address here."`
		Name      string        `json:"name" doc:"What people call them."`
		Linked    bool          `json:"linked" doc:"The account at the provider was linked just now."`
		Token     string        `json:"token,omitempty" doc:"The session's token; only with delivery token, and not when linking."`
		ExpiresAt time.Time     `json:"expires_at,omitzero" doc:"When the session ends by itself; absent when linking."`
		Waiting   bool          `json:"waiting,omitempty" doc:"You have a second factor: this session is good only for proving it, at /v1/sessions/current/proof, within ten minutes."`
	} `nameHint:"SignedInWithProvider"`
}

func (d *Desk) finish(ctx context.Context, input *finishInput) (*finishOutput, error) {
	provider, err := d.provider(input.Provider)
	if err != nil {
		return nil, err
	}
	leaving, linker, err := d.comeBack(ctx, provider.Name, input.State, input.Browser)
	if err != nil {
		return nil, err
	}
	if principal := signin.From(ctx); !linker.IsZero() && (!principal.IsSession || principal.User != linker) {
		return nil, notFound() // somebody else came back
	}
	switch {
	case input.Issuer != "" && input.Issuer != provider.issuer: // somebody else's answer
		return nil, d.said(ctx, provider, errLies)
	case input.Error != "":
		return nil, problem.New(http.StatusForbidden, "sign_in_denied", "The provider says no, or somebody said no there.")
	}
	who, err := provider.exchange(ctx, RedirectURI(d.PublicURL, provider.Name), input.Code, leaving, d.Now)
	if err != nil {
		return nil, d.said(ctx, provider, err)
	}
	if !linker.IsZero() {
		return d.finishLink(ctx, provider, who, linker)
	}
	person, linked, err := d.whose(ctx, provider, who)
	if err != nil {
		return nil, err
	}
	return d.open(ctx, person, linked, leaving.Delivery)
}

// said answers for a provider that does not answer, or not what it should.
func (d *Desk) said(ctx context.Context, provider *Provider, err error) error {
	switch {
	case errors.Is(err, errAway):
		d.Logger.WarnContext(ctx, "a provider of sign-in does not answer", "provider", provider.Name, "error", err)
		return problem.New(http.StatusServiceUnavailable, "provider_unavailable", "The provider does not answer. Try again a little later.").RetryAfter(5)
	case errors.Is(err, errLies):
		d.Logger.WarnContext(ctx, "a provider of sign-in answered what we cannot use", "provider", provider.Name, "error", err)
		return problem.New(http.StatusConflict, "sign_in_failed", "The provider's answer cannot be used. Begin again.")
	default:
		return err
	}
}

// finishLink links the account at the provider to whoever began.
func (d *Desk) finishLink(ctx context.Context, provider *Provider, who claims, linker domain.UserID) (*finishOutput, error) {
	if err := d.link(ctx, provider, who, linker); err != nil {
		return nil, err
	}
	return d.shown(ctx, linker, true)
}

// whose finds the person whom an account at a provider signs in.
func (d *Desk) whose(ctx context.Context, provider *Provider, who claims) (person domain.UserID, linked bool, err error) {
	person, found, err := d.identity(ctx, provider, who)
	if err != nil || found {
		return person, false, err
	}
	email := user.Email(who.Email)
	if !who.Verified || email.Check("email") != nil {
		return domain.UserID{}, false, linkFirst()
	}
	person, err = d.SignIn.Find(ctx, email)
	if errors.Is(err, signin.ErrNobody) {
		return domain.UserID{}, false, linkFirst()
	}
	if err != nil {
		return domain.UserID{}, false, err
	}
	known, err := d.load(ctx, person)
	if err != nil {
		return domain.UserID{}, false, err
	}
	if !known.Registered || !known.Verified { // whoever registered it may not be who has it
		return domain.UserID{}, false, linkFirst()
	}
	return person, true, d.link(ctx, provider, who, person)
}

func linkFirst() error {
	return problem.New(http.StatusConflict, "link_first", "This account is not linked to anybody here. Sign in by your password, or register, and link it then.")
}

// open signs the person in. Their second factor is asked for as ever.
func (d *Desk) open(ctx context.Context, person domain.UserID, linked bool, delivery string) (*finishOutput, error) {
	output, err := d.shown(ctx, person, linked)
	if err != nil {
		return nil, err
	}
	session, err := d.SignIn.OpenSession(ctx, person, signin.ByProvider)
	if err != nil {
		return nil, err
	}
	if err := d.Arrived(ctx, person); err != nil {
		return nil, err
	}
	output.Body.ExpiresAt, output.Body.Waiting = session.ExpiresAt, session.Waiting
	if delivery == "token" {
		output.Body.Token = session.Token.Reveal()
	} else {
		output.SetCookie = append(output.SetCookie, d.Cookie.Set(session))
	}
	return output, nil
}

func (d *Desk) shown(ctx context.Context, person domain.UserID, linked bool) (*finishOutput, error) {
	known, err := d.load(ctx, person)
	if err != nil {
		return nil, err
	}
	if !known.Registered {
		return nil, linkFirst()
	}
	if err := d.Persons.Open(ctx, &known.Email, &known.Name); err != nil {
		return nil, err
	}
	output := &finishOutput{SetCookie: []http.Cookie{d.cookie("", -time.Second)}}
	output.Body.User, output.Body.Linked = person, linked
	output.Body.Email, output.Body.Name = user.Email(known.Email.Reveal()), known.Name.Reveal()
	return output, nil
}
