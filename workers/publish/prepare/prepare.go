// Package prepare does before a target's moment what nobody sees: it looks the
// target over, makes what its network publishes from, and removes that when it is
// of no use any more.
package prepare

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"behalf/internal/clock"
	"behalf/internal/networks"
	"behalf/workers/issue"
	"behalf/workers/meter"
	"behalf/workers/publish/call"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/shelf"
	"behalf/workers/publish/sight"
	"behalf/workers/quarantine"
)

// Preparer prepares the targets of one worker.
type Preparer struct {
	Reader *sight.Reader
	Calls  *call.Calls
	Shelf  *shelf.Shelf
	Desk   *issue.Desk
	Clock  *clock.Clock
	Watch  *quarantine.Watch
	Meter  *meter.Meter
	Logger *slog.Logger
	Life   time.Duration // of a claim
}

// givingTime bounds giving up what is prepared.
const givingTime = 10 * time.Second

// longestHold is how long nobody else may go on after whoever prepares has died
// or is frozen; less where claims live shorter, so that a crash delays a target
// by no more than a claim. Whoever prepares, and is alive, renews it.
const longestHold = 15 * time.Second

// heldPause is how long an attempt waits before it looks again whether somebody else has finished preparing.
const heldPause = 200 * time.Millisecond

// belongs is what anything prepared for this sight belongs to.
func belongs(s sight.Sight) shelf.Key {
	return shelf.Key{
		Workspace: s.Of.Workspace, Post: s.Of.Post, Account: s.Of.Account, Revision: s.Claimed.Revision,
		Connection: s.Connection, Identity: s.Claimed.Identity,
	}
}

// Needed reports whether there is something to be made before publishing. A
// connector that makes something else all the same makes it during the attempt.
func Needed(s sight.Sight) bool {
	return s.Connector.Capabilities().Idempotency == networks.TwoPhase || len(s.Content.Media) > 0 || s.Content.Link != ""
}

// Prepared answers what Publish needs, and makes what is missing: nobody sees
// it yet. What was made and saved is not made again, whoever dies in between.
func (p *Preparer) Prepared(ctx context.Context, s sight.Sight, c networks.Credential) (networks.Prepared, error) {
	a := s.Attempt(nil)
	if !Needed(s) {
		return s.Connector.Prepare(ctx, s.Session(c), a, func(context.Context, networks.Prepared) error { return nil })
	}
	found, err := p.Find(ctx, s)
	if err != nil || found.Ready && !found.Held { // whoever holds what is ready may drop it
		return found.Made, err
	}
	hold, item, err := p.take(ctx, s)
	if err != nil {
		return nil, networks.Unsent("prepare", err)
	}
	if item.Ready { // by somebody else, meanwhile
		if err := hold.GiveUp(ctx); err != nil {
			return nil, networks.Unsent("prepare", err)
		}
		return item.Made, nil
	}
	a.Prepared = item.Made
	stop := hold.Keep(ctx)
	made, err := p.prepareNow(ctx, s, c, a, hold.Save)
	stop()
	if err == nil {
		err = hold.Done(ctx, made)
	}
	if err != nil {
		giving, cancel := context.WithTimeout(context.WithoutCancel(ctx), givingTime)
		defer cancel()
		if failure := (*networks.Failure)(nil); errors.As(err, &failure) {
			return nil, errors.Join(failure, hold.GiveUp(giving))
		}
		return nil, errors.Join(networks.Unsent("prepare", err), hold.GiveUp(giving))
	}
	return made, nil
}

// prepareNow asks the network, unless that said to wait. Whether its host answers
// is left to shorter calls: an upload would be the only one for minutes.
func (p *Preparer) prepareNow(ctx context.Context, s sight.Sight, c networks.Credential, a networks.Attempt, save networks.Save) (networks.Prepared, error) {
	var made networks.Prepared
	err := p.Calls.Heeding(ctx, call.Subject(s, c, pace.Write), func() (err error) {
		made, err = s.Connector.Prepare(ctx, s.Session(c), a, save)
		return err
	})
	return made, err
}

func (p *Preparer) holdLife() time.Duration { return min(longestHold, p.Life/2) }

// take waits while somebody else prepares the same thing, or looks whether it is wanted.
func (p *Preparer) take(ctx context.Context, s sight.Sight) (*shelf.Hold, shelf.Item, error) {
	for {
		hold, item, err := p.Shelf.Take(ctx, belongs(s), p.holdLife())
		if !errors.Is(err, shelf.ErrHeld) {
			return hold, item, err
		}
		timer := time.NewTimer(heldPause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, shelf.Item{}, ctx.Err()
		}
	}
}

// Made is what was prepared for an attempt, as far as that was saved.
func (p *Preparer) Made(ctx context.Context, s sight.Sight) (networks.Prepared, error) {
	found, err := p.Find(ctx, s)
	return found.Made, err
}

// Find is what was prepared for an attempt; empty where nothing is, or need be.
func (p *Preparer) Find(ctx context.Context, s sight.Sight) (shelf.Item, error) {
	if !Needed(s) {
		return shelf.Item{}, nil
	}
	items, err := p.Shelf.Of(ctx, s.Of.Post, s.Of.Account)
	if err != nil {
		return shelf.Item{}, networks.Unsent("prepare", err)
	}
	for _, item := range items {
		if item.Key == belongs(s) {
			return item, nil
		}
	}
	return shelf.Item{}, nil
}
