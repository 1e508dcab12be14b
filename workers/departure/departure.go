// Package departure settles what remains when somebody or something has gone:
// a removed member's posts pass to the Owner and their connections are
// destroyed (R61, R62), what waits for a removed account is stopped, a new Owner
// is asked for the connections that are missing (R49, R67), invitations expire
// (R23), workspaces are deleted when their days of grace are over (R13), and
// whoever was erased is no member anywhere (R66).
//
// What has to be done is derived from the views at every turn, and done by one
// command for each post, connection or account, decided on its stream. So a
// process may die anywhere and lose nothing, and doing all of it twice, or in
// two processes at once, changes nothing.
package departure

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/projections"
	"behalf/projections/work"
	"behalf/workers/issue"
	"behalf/workers/meter"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Vault destroys stored connections; *vault.Vault does, and *care.Keeper ends them at
// their networks as well.
type Vault interface {
	Destroy(ctx context.Context, id domain.ConnectionID) error
}

// Keys destroys the keys of workspaces that were deleted, and says which had
// one left; *personkeys.Keys does.
type Keys interface {
	DestroyWorkspaces(ctx context.Context) ([]domain.WorkspaceID, error)
}

// Deps is what the clerk works with, all under the engine's role.
type Deps struct {
	Pool  *pgxpool.Pool
	Store *eventstore.Store
	Work  *work.Reader
	Vault Vault
	Keys  Keys
	// Clear removes what a deleted workspace keeps outside the database, once its
	// key is gone; nil for nothing.
	Clear  func(context.Context, domain.WorkspaceID) error
	Meter  *meter.Meter
	Logger *slog.Logger
	Now    func() time.Time
}

// Clerk settles departures. It is safe for concurrent use.
type Clerk struct {
	Deps
	desk  *issue.Desk
	woken chan int64
}

// New makes a clerk. It does nothing until Run or Settle.
func New(deps Deps) *Clerk {
	return &Clerk{Deps: deps, desk: issue.New(deps.Store, "departure", deps.Now), woken: make(chan int64, 1)}
}

// Wake has the clerk settle what happened up to a position, as soon as the
// views know it. It never waits; Run does the work.
func (c *Clerk) Wake(position int64) {
	for {
		select {
		case c.woken <- position:
			return
		case earlier := <-c.woken:
			position = max(position, earlier)
		}
	}
}

const (
	// page is how much is looked up at once.
	page = 200
	// viewPatience is how long the clerk waits for a view before it leaves the
	// rest to the sweeper.
	viewPatience = 30 * time.Second
	// atLeastEvery is how long the clerk relies on the deadline that it knew.
	atLeastEvery = 30 * time.Second
)

// Run settles when woken, and at each deadline, until ctx ends; then it returns nil.
func (c *Clerk) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		timer := time.NewTimer(c.untilDeadline(ctx))
		var err error
		select {
		case <-ctx.Done():
		case position := <-c.woken:
			err = c.settleUpTo(ctx, position)
		case <-timer.C:
			err = c.deadlines(ctx)
		}
		timer.Stop()
		if err != nil && ctx.Err() == nil {
			c.Logger.WarnContext(ctx, "what somebody left behind is left to the sweeper", "error", err)
		}
	}
	return nil
}

// untilDeadline is how long nothing becomes due, as far as is known now.
func (c *Clerk) untilDeadline(ctx context.Context) time.Duration {
	next, err := c.Work.NextDeadline(ctx, c.Now())
	if err != nil || next.IsZero() {
		return atLeastEvery
	}
	return min(max(next.Sub(c.Now()), 0)+time.Millisecond, atLeastEvery)
}

func (c *Clerk) settleUpTo(ctx context.Context, position int64) error {
	if err := c.await(ctx, position, projections.Posts, projections.Accounts, projections.Members); err != nil {
		return err
	}
	return c.Settle(ctx)
}

// await waits until views show a position.
func (c *Clerk) await(ctx context.Context, position int64, views ...projections.View) error {
	ctx, cancel := context.WithTimeout(ctx, viewPatience)
	defer cancel()
	for _, one := range views {
		if _, err := c.Store.WaitForCheckpoint(ctx, one.Group(), position); err != nil {
			return err
		}
	}
	return nil
}

// Settle does everything that the views know of. What fails does not keep the
// rest from being done.
func (c *Clerk) Settle(ctx context.Context) error {
	var failed error
	for _, step := range []func(context.Context) error{c.erased, c.connections, c.posts, c.stopped, c.owners, c.deadlines, c.keys} {
		if ctx.Err() != nil {
			return errors.Join(failed, ctx.Err())
		}
		failed = errors.Join(failed, step(ctx))
	}
	return failed
}

// issue takes a refusal for what it is: the view was behind.
func (c *Clerk) issue(ctx context.Context, ws domain.WorkspaceID, cmd any) (position int64, err error) {
	happened, err := c.desk.Issue(ctx, ws, cmd)
	if err != nil && !issue.Refused(err) {
		return 0, err
	}
	for _, recorded := range happened {
		position = max(position, recorded.Position)
	}
	return position, nil
}

// turns asks for pages and does what they say until there is nothing left.
// Between two pages it waits until the view shows what was done: otherwise it
// would be asked for once more. It ends as well when a page led to nothing new,
// which says that another process is at it, or the view stands still.
func turns[T any](
	ctx context.Context, c *Clerk, what string, view projections.View,
	list func(context.Context, int) ([]T, error), do func(context.Context, []T) (position int64, err error),
) error {
	for {
		found, err := list(ctx, page)
		if err != nil || len(found) == 0 {
			return err
		}
		position, err := do(ctx, found)
		c.Meter.Swept(what, len(found))
		if err != nil || position == 0 {
			return err
		}
		if err := c.await(ctx, position, view); err != nil {
			return err
		}
	}
}
