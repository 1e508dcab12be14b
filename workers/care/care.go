// Package care keeps connections alive: it refreshes tokens ahead of their
// expiry, asks the network every day whether a connection may still post (R37),
// asks the one person who can mend what has ended (R44), reminds them, and ends
// at the network what was given up here.
//
// What has to be done is taken from the vault like a lease, so that any number
// of processes may do it, and whoever dies leaves it to be taken again. A
// transient failure puts it off and is no death (R45).
package care

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/vault"
	"behalf/projections/work"
	"behalf/workers/issue"
	"behalf/workers/meter"
)

// Deps is what the keeper works with, all under the engine's role.
type Deps struct {
	Store    *eventstore.Store
	Vault    *vault.Vault
	Work     *work.Reader
	Networks networks.Registry
	Meter    *meter.Meter
	Logger   *slog.Logger
	Now      func() time.Time
}

// Keeper looks after connections. It is safe for concurrent use.
type Keeper struct {
	Deps
	desk                           *issue.Desk
	refreshes, checks, revocations *lanes
}

// New makes a keeper. It does nothing until Run or Round.
func New(deps Deps) *Keeper {
	return &Keeper{
		Deps: deps, desk: issue.New(deps.Store, "care", deps.Now),
		refreshes: newLanes(refreshesAtOnce), checks: newLanes(0), revocations: newLanes(0),
	}
}

const (
	// between is how long a keeper rests between two rounds.
	between = 5 * time.Second
	// atOnce bounds what one round takes of each kind, and thereby how often
	// networks are asked: 20 in 5 seconds for each process at most.
	atOnce = 20
	// refreshesAtOnce bounds those of one network: each holds a connection to the
	// database for as long as the network takes.
	refreshesAtOnce = 2
)

// errand is what is done again and again, whatever becomes of the others.
type errand struct {
	do    func(context.Context) error
	lanes *lanes // on which it does it; nil where no network is asked
}

func (k *Keeper) errands() []errand {
	return []errand{{k.here, nil}, {k.refresh, k.refreshes}, {k.check, k.checks}, {k.revoke, k.revocations}}
}

// here is what no network is asked for.
func (k *Keeper) here(ctx context.Context) (failed error) {
	for _, step := range []func(context.Context) error{k.inherit, k.expired, k.runningOut, k.remind} {
		if ctx.Err() != nil {
			return errors.Join(failed, ctx.Err())
		}
		failed = errors.Join(failed, step(ctx))
	}
	return failed
}

// Run does what is due until ctx ends, and what has begun by then; then it
// returns nil.
func (k *Keeper) Run(ctx context.Context) error {
	var running sync.WaitGroup
	errands := k.errands()
	for i, e := range errands {
		running.Go(func() { k.repeat(ctx, e, between*time.Duration(i)/time.Duration(len(errands))) })
	}
	running.Wait()
	return nil
}

// repeat begins a little later than the errands before: together, they would take
// a connection to the database each, which knows none of their statements yet.
func (k *Keeper) repeat(ctx context.Context, e errand, later time.Duration) {
	for rest(ctx, later); ctx.Err() == nil; rest(ctx, between) {
		err := e.do(ctx)
		if e.lanes != nil {
			err = errors.Join(err, e.lanes.failures())
		}
		if err != nil && ctx.Err() == nil {
			k.Logger.WarnContext(ctx, "connections are looked after later", "error", err)
		}
	}
	if e.lanes != nil {
		e.lanes.running.Wait()
	}
}

func rest(ctx context.Context, length time.Duration) {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// Round does what is due now, and waits for all of it. What fails does not keep
// the rest from being done.
func (k *Keeper) Round(ctx context.Context) error {
	var failed error
	for _, e := range k.errands() { // what asks networks goes on beside the next
		failed = errors.Join(failed, e.do(ctx))
	}
	for _, e := range k.errands() {
		if e.lanes != nil {
			e.lanes.running.Wait()
			failed = errors.Join(failed, e.lanes.failures())
		}
	}
	return failed
}

// each does something with connections that were taken.
func (k *Keeper) each(ctx context.Context, what string, taken []vault.Connection, err error, do func(context.Context, vault.Connection) error) error {
	for _, c := range taken {
		if ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
		err = errors.Join(err, do(ctx, c))
	}
	k.Meter.Swept(what, len(taken))
	return err
}

// apart is each on the lanes of the connections' networks: whoever calls does not
// wait for them.
func (k *Keeper) apart(ctx context.Context, what string, on *lanes, taken []vault.Connection, do func(context.Context, vault.Connection) error) {
	for _, c := range taken {
		on.send(c.Network, func() error {
			if ctx.Err() != nil { // what was taken comes again
				return ctx.Err()
			}
			return do(ctx, c)
		})
	}
	k.Meter.Swept(what, len(taken))
}

// ended asks the holder to mend a connection, once per outage (R44), and has
// nothing more done about it: mending makes another one. One that is of no use
// now is looked at again: its holder is asked when it may be again.
func (k *Keeper) ended(ctx context.Context, c vault.Connection, code, detail string) error {
	asked, err := k.desk.Issue(ctx, c.Workspace, &account.RecordReauthenticationNeeded{
		Account: c.Account, Holder: c.Holder, Connection: c.ID, Code: code, Detail: detail,
	})
	if err != nil && !issue.Refused(err) {
		return err
	}
	if err == nil && len(asked) == 0 {
		if _, stands, err := k.standing(ctx, c); err != nil {
			return err
		} else if stands {
			return k.Vault.CareAgain(ctx, c.ID, k.Now().Add(daily))
		}
	}
	return k.Vault.EndCare(ctx, c.ID)
}

// standing answers the account, and whether the connection is still its
// holder's and works: others are not looked after.
func (k *Keeper) standing(ctx context.Context, c vault.Connection) (account.Account, bool, error) {
	stream := account.Stream(c.Account)
	loaded, err := k.Store.Load(ctx, eventstore.Scope{Workspace: c.Workspace}, stream)
	if err != nil {
		return account.Account{}, false, err
	}
	a := *domain.Fact[*account.Account](loaded.Facts, stream)
	held := a.ConnectionOf(c.Holder)
	return a, held.ID == c.ID && held.State == account.Active, nil
}

// Destroy gives a connection up: what is stored of it is removed at once, and
// ended at the network, where it can be, within an hour.
func (k *Keeper) Destroy(ctx context.Context, id domain.ConnectionID) error {
	var revoking []string
	for _, name := range k.Networks.Names() {
		if k.Networks[name].Capabilities().Revoking {
			revoking = append(revoking, name)
		}
	}
	return k.Vault.Retire(ctx, id, revoking)
}
