package publish

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/eventstore"
	"behalf/internal/clock"
	"behalf/internal/networks"
	"behalf/workers/publish/call"
	"behalf/workers/publish/check"
	"behalf/workers/publish/judge"
	"behalf/workers/publish/pace"
	"behalf/workers/publish/sight"
)

// broken is a network whose connector has a mistake.
type broken struct{ networks.Connector }

func (broken) Capabilities() networks.Capabilities { return networks.Capabilities{} }

func (broken) Publish(context.Context, networks.Session, networks.Attempt) (networks.Published, error) {
	panic("a mistake")
}

// Whoever was to find out whether a host answers again, and asked nothing or broke,
// says nothing about the host, and leaves finding out to somebody else.
func TestWhoAsksNothingShowsNothing(t *testing.T) {
	t.Parallel()
	subject := pace.Subject{Network: "x", Account: "news", Call: pace.Write}
	s := sight.Sight{Loaded: sight.Loaded{Account: &account.Account{Network: "x", Remote: "news"}, Post: &post.Post{}}, Connector: broken{}}
	paced := func(call func() error) func(context.Context, *Publisher) {
		return func(ctx context.Context, p *Publisher) { _ = p.calls.Paced(ctx, subject, nil, call) }
	}
	send := func(ctx context.Context, p *Publisher) {
		_, _ = p.publishNow(ctx, judge.Attempt{}, s, networks.Credential{}, nil)
	}
	for name, test := range map[string]struct {
		postgres error
		do       func(context.Context, *Publisher)
	}{
		"the last check fails":  {errors.New("away"), send},
		"publishing breaks":     {nil, send},
		"the claim has moved":   {nil, paced(func() error { return judge.ErrMoved })},
		"whatever it was broke": {nil, paced(func() error { panic("a mistake") })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := &Publisher{Deps: Deps{Pace: pace.New(nil, slog.New(slog.DiscardHandler), time.Now), Clock: clock.New(time.Now, nil), Life: time.Minute}}
				p.checks = check.New(func(context.Context, []domain.Stream) (eventstore.Seen, error) {
					return eventstore.Seen{At: time.Now()}, test.postgres
				}, p.Watch.Look, p.Clock)
				p.calls = &call.Calls{Pace: p.Pace, Clock: p.Clock}
				for p.Pace.Open()["x"] == 0 {
					require.Zero(t, p.Pace.Wait(t.Context(), subject, nil))
					p.Pace.Told(t.Context(), subject, &networks.Failure{Kind: networks.Unavailable})
				}
				rest := p.Pace.Wait(t.Context(), subject, nil)
				time.Sleep(rest)
				func() {
					defer func() { _ = recover() }()
					test.do(t.Context(), p)
				}()
				require.Equal(t, 1, p.Pace.Open()["x"], "nobody knows more than before")
				time.Sleep(rest)
				require.Zero(t, p.Pace.Wait(t.Context(), subject, nil), "somebody else finds out")
			})
		})
	}
}
