// Package people is the API of signing up and in: users, sessions, API tokens
// and who one is.
//
// An account opens in two steps, and until the second nobody signs in to it:
//
//	POST /v1/users                   name, address, password: a link is mailed
//	POST /v1/verifications/complete  the link and the password: signed in
//
// To a stranger all addresses are alike: what is asked for an address answers
// the same, after the same time, whether or not somebody has it. What there is
// to say is mailed to the address.
package people

import (
	"context"
	"fmt"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/command"
	"behalf/api/limit"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/user"
	"behalf/eventstore"
	"behalf/internal/telemetry"
)

// Desk answers these operations.
type Desk struct {
	Store     *eventstore.Store
	SignIn    *signin.Desk
	Cookie    access.Cookie
	Commands  *command.Desk
	Persons   personal.Opener
	Known     map[string]domain.CommandType // the catalog's commands
	Eraser    Eraser
	Operators access.Operators // who may make API tokens for operating

	LinkKey  [32]byte // derives the links in mails, invitations' too
	Limits   *limit.Limiter
	Policies limit.Policies
}

// Mount adds the operations.
func (d *Desk) Mount(api huma.API) {
	d.mountRegistration(api)
	d.mountSessions(api)
	d.mountPasswords(api)
	d.mountProfile(api)
	d.mountAddress(api)
	d.mountTokens(api)
}

// tag is what the operations stand under in the documentation.
const tag = "People"

// issue carries out a command on a person's stream.
func (d *Desk) issue(ctx context.Context, by domain.Actor, cmd any) error {
	name := reflect.TypeOf(cmd).Elem().Name()
	kind, known := d.Known[name]
	if !known {
		return fmt.Errorf("the catalog has no command %s", name)
	}
	_, err := d.Store.Execute(ctx, eventstore.Call{Type: kind, Command: cmd, By: by, Correlation: telemetry.CorrelationID(ctx), Trace: telemetry.TraceParent(ctx)})
	return err
}

// as acts in the name of a person who is not signed in: they have shown by a
// link or a password who they are, or somebody has asked who showed nothing and
// is told nothing.
func (d *Desk) as(ctx context.Context, person domain.UserID) domain.Actor {
	by := d.Commands.Actor(ctx)
	by.User, by.TwoFactor = person, false
	return by
}

func (d *Desk) load(ctx context.Context, person domain.UserID) (user.User, error) {
	loaded, err := d.Store.Load(ctx, eventstore.Scope{User: person}, user.Stream(person))
	if err != nil {
		return user.User{}, err
	}
	return *domain.Fact[*user.User](loaded.Facts, user.Stream(person)), nil
}

// link is what a token stands for, if it was made here and for this purpose,
// and its person. Everything else answers R32.
func (d *Desk) link(ctx context.Context, token user.LinkToken, purpose user.Purpose) (user.Link, user.User, error) {
	link, genuine := token.Prove(d.LinkKey)
	if !genuine || link.Purpose != purpose {
		return user.Link{}, user.User{}, domain.Hidden()
	}
	known, err := d.load(ctx, link.Person)
	if err != nil {
		return user.Link{}, user.User{}, err
	}
	return link, known, known.Opens(link, purpose, d.Commands.Actor(ctx).Now)
}

// take takes one of what a policy leaves to whom, or answers the refusal.
func (d *Desk) take(ctx context.Context, policy limit.Policy, whom string) error {
	return d.Limits.Take(ctx, policy, whom).Refused()
}

// network is where a request comes from, as far as limits are concerned.
func network(ctx context.Context) string { return signin.Network(signin.From(ctx).Address) }

// mayMail bounds how many mails strangers have sent to an address. Clients that
// its person has signed in with are bounded apart: no stranger uses up the mails
// that somebody who has forgotten their password needs.
func (d *Desk) mayMail(ctx context.Context, perClient limit.Policy, to user.Email) error {
	if err := d.take(ctx, perClient, network(ctx)); err != nil {
		return err
	}
	familiar, err := d.SignIn.FamiliarAt(ctx, to, signin.From(ctx))
	if err != nil {
		return err
	}
	whom := to.Normal()
	if familiar {
		whom += "\x00familiar"
	}
	return d.take(ctx, d.Policies.MailAddress, whom)
}

// ownPassword asks a signed-in person for their password once more, a bounded
// number of times: a stolen session must not find it out.
func (d *Desk) ownPassword(ctx context.Context, password signin.Password) (domain.UserID, error) {
	person, err := access.SignedInPerson(signin.From(ctx))
	if err != nil {
		return person, err
	}
	if err := d.take(ctx, d.Policies.Password, person.String()); err != nil {
		return person, err
	}
	if err := d.SignIn.CheckPasswordOf(ctx, person, password); err != nil {
		return person, err
	}
	d.Limits.Forget(ctx, d.Policies.Password, person.String())
	return person, nil
}
