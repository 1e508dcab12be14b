package people

import (
	"context"

	"behalf/api/signin"
	"behalf/domain/user"
)

// Arrived tells a person of a sign-in from a client that they have not used
// before. It says so in their history first, from which the mail follows, and
// remembers the client after that: who is told twice has lost nothing. A second
// factor may still be missing; then somebody knows the password.
func (d *Desk) Arrived(ctx context.Context, proven signin.Proven) error {
	principal, person := signin.From(ctx), proven.Person
	known, others, err := d.SignIn.Familiar(ctx, person, principal)
	if err != nil {
		return err
	}
	if !known && others {
		if err := d.issue(ctx, d.as(ctx, person), &user.NoteNewClient{Client: principal.Client}); err != nil {
			return err
		}
	}
	return d.SignIn.Remember(ctx, person, principal)
}
