package publish

import (
	"context"
	"errors"
	"time"

	"behalf/internal/networks"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/shelf"
)

// longestHold is how long nobody else may go on after whoever prepares has died
// or is frozen; less where claims live shorter, so that a crash delays a target
// by no more than a claim. Who is alive renews it.
const longestHold = 15 * time.Second

// heldPause is how long an attempt waits before it looks again whether somebody else has finished preparing.
const heldPause = 200 * time.Millisecond

// belongs is what anything prepared for this sight belongs to.
func (s sight) belongs() shelf.Key {
	return shelf.Key{
		Workspace: s.workspace, Post: s.post, Account: s.account, Revision: s.claimed.Revision,
		Connection: s.connection, Identity: s.claimed.Identity,
	}
}

// prepares reports whether there is something to be made before publishing. A
// connector that makes something else all the same makes it during the attempt.
func (s sight) prepares() bool {
	return s.connector.Capabilities().Idempotency == networks.TwoPhase || len(s.content.Media) > 0 || s.content.Link != ""
}

// prepared answers what Publish needs, and makes what is missing: nobody sees
// it yet. What was made and saved is not made again, whoever dies in between.
func (p *Publisher) prepared(ctx context.Context, s sight, c networks.Credential) (networks.Prepared, error) {
	a := s.attempt(nil)
	if !s.prepares() {
		return s.connector.Prepare(ctx, s.session(c), a, func(context.Context, networks.Prepared) error { return nil })
	}
	found, err := p.find(ctx, s)
	if err != nil || found.Ready {
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
		giving, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
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
func (p *Publisher) prepareNow(ctx context.Context, s sight, c networks.Credential, a networks.Attempt, save networks.Save) (networks.Prepared, error) {
	subject := s.subject(c, pace.Write)
	if wait := p.Pace.Held(ctx, subject); wait > 0 {
		return nil, rests(wait)
	}
	made, err := s.connector.Prepare(ctx, s.session(c), a, save)
	p.Pace.Heed(ctx, subject, networks.FailureOf(err))
	return made, err
}

// take waits while somebody else prepares the same thing.
func (p *Publisher) take(ctx context.Context, s sight) (*shelf.Hold, shelf.Item, error) {
	for {
		hold, item, err := p.Shelf.Take(ctx, s.belongs(), min(longestHold, p.Life/2))
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

// made is what was prepared for an attempt, as far as that was saved.
func (p *Publisher) made(ctx context.Context, s sight) (networks.Prepared, error) {
	found, err := p.find(ctx, s)
	return found.Made, err
}

func (p *Publisher) find(ctx context.Context, s sight) (shelf.Item, error) {
	if !s.prepares() {
		return shelf.Item{}, nil
	}
	items, err := p.Shelf.Of(ctx, s.post, s.account)
	if err != nil {
		return shelf.Item{}, networks.Unsent("prepare", err)
	}
	for _, item := range items {
		if item.Key == s.belongs() {
			return item, nil
		}
	}
	return shelf.Item{}, nil
}
