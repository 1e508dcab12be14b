package pace_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/workers/publish/pace"
)

// What a network says to one kind of call holds that kind, unless it means the
// host, or says that it means everything; in this process and in all others.
func TestHeldByKindOfCall(t *testing.T) {
	t.Parallel()
	kinds := []pace.Call{pace.Write, pace.Read, pace.Delete}
	for name, test := range map[string]struct {
		failure   networks.Failure
		kind      pace.Call // that was called
		held      []pace.Call
		others    []pace.Call // held of another account
		elsewhere []pace.Call // held at another host
	}{
		"an account deletes too much": {networks.Failure{Scope: networks.ScopeAccount}, pace.Delete, kinds[2:], nil, nil},
		"an account posts too much":   {networks.Failure{Scope: networks.ScopeAccount}, pace.Write, kinds[:1], nil, nil},
		"a client asks too much":      {networks.Failure{Scope: networks.ScopeClient}, pace.Read, kinds[1:2], kinds[1:2], nil},
		"a host is busy":              {networks.Failure{Scope: networks.ScopeHost}, pace.Read, kinds, kinds, nil},
		"an account does too much":    {networks.Failure{Scope: networks.ScopeAccount, Everything: true}, pace.Delete, kinds, nil, nil},
		"a client does too much":      {networks.Failure{Scope: networks.ScopeClient, Everything: true}, pace.Delete, kinds, kinds, nil},
		"one call was not understood": {networks.Failure{}, pace.Write, nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			opened := client(t)
			told, other := pace.New(opened, slog.New(slog.DiscardHandler), time.Now), pace.New(opened, slog.New(slog.DiscardHandler), time.Now)
			failure := test.failure
			failure.Kind, failure.RetryAfter = networks.RateLimited, time.Hour
			subject := pace.Subject{Network: "x", Host: "here", Account: "olivia", Call: test.kind}
			told.Told(t.Context(), subject, &failure)
			for _, p := range []*pace.Pace{told, other} {
				held := func(change func(*pace.Subject)) (held []pace.Call) {
					for _, kind := range kinds {
						asked := subject
						asked.Call = kind
						change(&asked)
						if p.Held(t.Context(), asked) > 0 {
							held = append(held, kind)
						}
					}
					return held
				}
				require.Equal(t, test.held, held(func(*pace.Subject) {}))
				require.Equal(t, test.others, held(func(s *pace.Subject) { s.Account = "carl" }))
				require.Equal(t, test.elsewhere, held(func(s *pace.Subject) { s.Host = "there" }))
			}
		})
	}
}

// A network with one host is everybody's: one answer holds it for ten minutes,
// and a host that is one of many for as long as it says.
func TestOneAnswerDoesNotHoldEverybodyForADay(t *testing.T) {
	t.Parallel()
	p := pace.New(nil, slog.New(slog.DiscardHandler), time.Now)
	for host, most := range map[string]time.Duration{"": 10 * time.Minute, "one.example": 24 * time.Hour} {
		s := pace.Subject{Network: "x", Host: host, Account: "olivia", Call: pace.Write}
		p.Told(t.Context(), s, &networks.Failure{Kind: networks.Unavailable, Scope: networks.ScopeHost, RetryAfter: 24 * time.Hour})
		held := p.Held(t.Context(), s)
		require.LessOrEqual(t, held, most)
		require.Greater(t, held, most-time.Minute)
	}
}
