package care

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"behalf/internal/networks"
	"behalf/internal/vault"
	"behalf/workers/lend"
)

const (
	daily     = 24 * time.Hour
	soon      = time.Hour        // after a network that could not answer
	checkTime = 30 * time.Second // that a network gets to answer

	mostOfPerson = 300 // bytes that are kept of whom the network knows
)

// check asks networks whether connections may still post (R37), each once a
// day, so that a loss is told before anything fails.
func (k *Keeper) check(ctx context.Context) error {
	due, err := k.Vault.TakeChecks(ctx, k.Now(), k.checks.full(), atOnce)
	k.apart(ctx, "checks", k.checks, due, k.checkOne)
	return err
}

func (k *Keeper) checkOne(ctx context.Context, c vault.Connection) error {
	a, stands, err := k.standing(ctx, c)
	if err != nil || !stands {
		return errors.Join(err, k.leave(ctx, c, err))
	}
	connector, err := k.Networks.Connector(c.Network)
	if err != nil { // this installation does not offer the network any more
		return k.Vault.CheckAgain(ctx, c.ID, k.Now().Add(daily))
	}
	asking, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	loan := lend.Loan{Vault: k.Vault, Connector: connector, Connection: c.ID}
	confirmed, err := loan.Check(asking, a.Remote)
	var closed *lend.ClosedError
	switch ended := lend.Ended(err); {
	case ended != nil:
		return k.ended(ctx, c, ended.Code, ended.Detail)
	case errors.As(err, &closed) && closed.Unreadable():
		return k.ended(ctx, c, lend.Lost, unreadable)
	case errors.As(err, &closed) && closed.Gone():
		return nil
	case err != nil:
		k.Logger.InfoContext(ctx, "a connection is checked later", "connection", c.ID.String(), "network", c.Network, "why", string(networks.KindOf(err)))
		return k.Vault.CheckAgain(ctx, c.ID, k.Now().Add(max(soon, networks.RetryAfter(err))))
	}
	err = k.Vault.KeepOffered(ctx, c.Workspace, c.ID, confirmed.Account.Identities)
	if known := confirmed.Person.RemoteID; known != "" && known != c.Person && len(known) <= mostOfPerson {
		err = errors.Join(err, k.Vault.Known(ctx, c.ID, known))
	}
	spread := time.Duration((rand.Float64() - 0.5) * float64(daily) / 5) //nolint:gosec // G404: spreads work
	return errors.Join(err, k.Vault.CheckAgain(ctx, c.ID, k.Now().Add(daily+spread)))
}
