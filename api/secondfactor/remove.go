package secondfactor

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/api/problem"
	"behalf/domain"
	"behalf/domain/user/factors"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

type removeInput struct {
	ID string `path:"id" doc:"The factor's id."`
}

const sqlRemoveFactor = `
delete from signin.factors
where id = $1
  and person = $2`

// Recovery codes recover factors: without any there are none.
const sqlForgetCodesOfNothing = `
delete from signin.recovery_codes
where person = $1
  and not exists (
    select
    from signin.factors
    where factors.person = $1
      and confirmed_at is not null
  )`

func (d *Desk) removeFactor(ctx context.Context, input *removeInput) (*struct{}, error) {
	principal, err := d.may(ctx)
	if err != nil {
		return nil, err
	}
	r, err := d.factor(ctx, principal.User, input.ID)
	if err != nil {
		return nil, err
	}
	required, err := d.requiredBy(ctx, principal.User)
	if err != nil {
		return nil, err
	}
	return nil, d.alone(ctx, r.Person, func(tx pgx.Tx) error {
		known, err := counting(ctx, tx, r.Person)
		if err != nil {
			return err
		}
		if err := d.issue(ctx, "RemoveFactor", &factors.RemoveFactor{Factor: r.ID, Counting: known, RequiredBy: required}); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlRemoveFactor, [16]byte(r.ID), [16]byte(r.Person)); err != nil {
			return fmt.Errorf("remove factor: %w", err)
		}
		if _, err := tx.Exec(ctx, sqlForgetCodesOfNothing, [16]byte(r.Person)); err != nil {
			return fmt.Errorf("forget recovery codes: %w", err)
		}
		return nil
	})
}

// requiredBy lists the workspaces that require two-factor authentication of a
// person. Which they belong to is asked of a view that has everything that was
// in the log at this moment; what they require, of their streams. A closed one
// could neither be left nor asked to require it no more (R13): it goes on being
// read with a second factor alone (R63), and keeps nobody from giving theirs up.
func (d *Desk) requiredBy(ctx context.Context, person domain.UserID) (required []domain.WorkspaceID, err error) {
	head, err := d.Store.Head(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := d.Views.Workspaces(ctx, eventstore.Scope{User: person}, head)
	if err != nil {
		return nil, fmt.Errorf("look for workspaces of %s: %w", person, err)
	}
	if !answer.Reached {
		return nil, &problem.BehindError{Position: head, Reached: answer.Position}
	}
	for _, found := range answer.Value {
		stream := workspace.Stream(found.ID)
		loaded, err := d.Store.Load(ctx, eventstore.Scope{Workspace: found.ID, User: person}, stream)
		if err != nil {
			return nil, err
		}
		w := domain.Fact[*workspace.Workspace](loaded.Facts, stream)
		if w.MustBeOpen() == nil && w.Members[person].RequireTwoFactor {
			required = append(required, found.ID)
		}
	}
	return required, nil
}
