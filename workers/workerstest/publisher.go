package workerstest

import (
	"context"
	"time"

	"behalf/internal/clock"
	"behalf/workers/publish"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/shelf"
)

// Publisher makes a publisher without anything that finds work for it, and with
// the changes to what it works with.
func (w *World) Publisher(changes ...func(*publish.Deps)) *publish.Publisher {
	deps := publish.Deps{
		Store: w.Store, Vault: w.Vault, Networks: w.Networks, Persons: w.Persons, Logger: w.Logger(), Clock: clock.New(time.Now, w.Store.Time),
		Shelf: shelf.New(w.Pool), Pace: pace.New(nil, w.Logger(), time.Now),
		Life: Times.Claim, AtOnce: 4,
	}
	for _, change := range changes {
		change(&deps)
	}
	return publish.New(deps)
}

// RunPublisher runs it until the test ends or stops it.
func (w *World) RunPublisher(p *publish.Publisher) (stop func()) {
	return w.Background(func(ctx context.Context) error {
		p.Run(ctx, context.WithoutCancel(ctx))
		return nil
	})
}
