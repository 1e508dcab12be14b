package departure

import (
	"context"
	"errors"
	"fmt"

	"behalf/domain/account"
	"behalf/domain/post/sending"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/invitation"
	"behalf/domain/workspace/membership"
	"behalf/projections"
	"behalf/projections/work"
)

// erased lets those leave who were erased (R66). What is theirs is settled
// because of it, as of anybody who leaves.
func (c *Clerk) erased(ctx context.Context) error {
	return turns(ctx, c, "erased", projections.Members, c.Work.ErasedMembers, func(ctx context.Context, found []work.ErasedMember) (last int64, failed error) {
		for _, member := range found {
			position, err := c.leave(ctx, member)
			last, failed = max(last, position), errors.Join(failed, err)
			if position > 0 {
				c.Wake(position)
			}
		}
		return last, failed
	})
}

func (c *Clerk) leave(ctx context.Context, member work.ErasedMember) (position int64, err error) {
	pending, err := c.Work.Pending(ctx, member.Workspace, member.User)
	if err != nil {
		return 0, err
	}
	end := &membership.EndMembership{Member: member.User}
	for i, target := range pending { // the targets of one post stand together
		if i == 0 || target.Post != pending[i-1].Post {
			end.Pending = append(end.Pending, target.Post)
		}
	}
	return c.issue(ctx, member.Workspace, end)
}

// connections destroys those of whoever is no member any more (R62), and those
// to accounts and in workspaces that are gone.
//
// The secret goes first and the event follows: a process that dies in between
// leaves an event to be recorded, which the next turn finds. The other way
// round it would leave a secret that nothing points to.
func (c *Clerk) connections(ctx context.Context) error {
	return turns(ctx, c, "connections", projections.Accounts, c.Work.Abandoned, func(ctx context.Context, found []work.HeldConnection) (last int64, failed error) {
		for _, held := range found {
			if err := c.Vault.Destroy(ctx, held.Connection); err != nil {
				failed = errors.Join(failed, err)
				continue
			}
			position, err := c.issue(ctx, held.Workspace, &account.DestroyConnection{
				Account: held.Account, Holder: held.Holder, Connection: held.Connection,
			})
			last, failed = max(last, position), errors.Join(failed, err)
		}
		return last, failed
	})
}

// posts passes those to the Owner whose author may not post any more, one
// command each (R61).
func (c *Clerk) posts(ctx context.Context) error {
	return turns(ctx, c, "posts", projections.Posts, c.Work.Departed, func(ctx context.Context, found []work.DepartedTarget) (last int64, failed error) {
		for _, pass := range passes(found, len(found) == page) {
			position, err := c.issue(ctx, pass.in, &pass.PassToOwner)
			last, failed = max(last, position), errors.Join(failed, err)
		}
		return last, failed
	})
}

// stopped ends what waits for accounts that the workspace does not hold any more (R7).
func (c *Clerk) stopped(ctx context.Context) error {
	return turns(ctx, c, "stopped", projections.Posts, c.Work.OnRemovedAccounts, func(ctx context.Context, found []work.Target) (last int64, failed error) {
		for _, target := range found {
			position, err := c.issue(ctx, target.Workspace, &sending.StopTarget{Post: target.Post, Account: target.Account})
			last, failed = max(last, position), errors.Join(failed, err)
		}
		return last, failed
	})
}

// owners asks each Owner once for the connection to an account that has none of
// theirs: they became the Owner (R49), or somebody else added it (R67).
func (c *Clerk) owners(ctx context.Context) error {
	return turns(ctx, c, "owners", projections.Accounts, c.Work.OwnerUnconnected, func(ctx context.Context, found []work.Unconnected) (last int64, failed error) {
		for _, missing := range found {
			position, err := c.issue(ctx, missing.Workspace, &account.RecordReauthenticationNeeded{
				Account: missing.Account, Holder: missing.Owner, Code: sending.NoConnection,
				Detail: "The Owner has not connected this account.",
			})
			last, failed = max(last, position), errors.Join(failed, err)
		}
		return last, failed
	})
}

// deadlines does what nothing but the clock asks for: invitations expire (R23),
// workspaces are deleted (R13).
func (c *Clerk) deadlines(ctx context.Context) error {
	return errors.Join(c.expired(ctx), c.deleted(ctx))
}

func (c *Clerk) expired(ctx context.Context) error {
	list := func(ctx context.Context, limit int) ([]work.DueInvitation, error) {
		return c.Work.ExpiredInvitations(ctx, c.Now(), limit)
	}
	return turns(ctx, c, "expired", projections.Invitations, list, func(ctx context.Context, found []work.DueInvitation) (last int64, failed error) {
		for _, due := range found {
			position, err := c.issue(ctx, due.Workspace, &invitation.ExpireInvitation{Invitation: due.ID})
			last, failed = max(last, position), errors.Join(failed, err)
		}
		return last, failed
	})
}

// deleted ends workspaces; their connections are destroyed because of it.
func (c *Clerk) deleted(ctx context.Context) error {
	list := func(ctx context.Context, limit int) ([]work.DueDeletion, error) {
		return c.Work.DeletableWorkspaces(ctx, c.Now(), limit)
	}
	return turns(ctx, c, "deleted", projections.Members, list, func(ctx context.Context, found []work.DueDeletion) (last int64, failed error) {
		for _, due := range found {
			position, err := c.issue(ctx, due.Workspace, &closing.FinishDeletion{})
			last, failed = max(last, position), errors.Join(failed, err)
			if position > 0 {
				c.Wake(position)
			}
		}
		return last, failed
	})
}

const sqlForgetWorkspaces = `
select persons.forget_workspaces()`

// keys destroys those of deleted workspaces: nobody can read any more what was
// written there, in no backup and no copy. What else the vault and the outbox
// hold of them goes right before; what they have outside the database is cleared
// behind it, and what a process that dies in between leaves there, the storage's
// own sweep takes.
func (c *Clerk) keys(ctx context.Context) error {
	if _, err := c.Pool.Exec(ctx, sqlForgetWorkspaces); err != nil {
		return fmt.Errorf("forget deleted workspaces: %w", err)
	}
	gone, failed := c.Keys.DestroyWorkspaces(ctx)
	for _, ws := range gone {
		if c.Clear != nil {
			failed = errors.Join(failed, c.Clear(ctx, ws))
		}
	}
	c.Meter.Swept("workspaces", len(gone))
	return failed
}
