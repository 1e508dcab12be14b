package chaos_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
)

// stormWorkers are out in every storm.
const stormWorkers = 2

// scale is how much a storm is made of.
type scale struct {
	targets, troubles int
	lasts             time.Duration
	trouble           time.Duration // at most, for what ends by itself
}

var aLittle = scale{targets: 10, troubles: 4, lasts: 6 * time.Second, trouble: 2 * time.Second}

// storm is all that is drawn for one: nothing is drawn while it lasts.
type storm struct {
	targets   []drawnTarget
	incidents []incident
}

// drawnTarget is a target and what the network does about it.
type drawnTarget struct {
	class  sandbox.Class
	due    time.Duration // after the storm's beginning
	faults []control.Fault
}

// mayEnd reports whether a target may have ended without being sent: whoever is
// killed while a token is renewed may lose the new one, which only its holder can
// mend.
func (d drawnTarget) mayEnd(c *cell) bool {
	return c.state == "needs_reauthentication" && c.posts == 0 &&
		slices.ContainsFunc(d.faults, func(f control.Fault) bool { return f.Kind == control.Unauthorized })
}

// incident is something that happens at a moment of a storm.
type incident struct {
	at   time.Duration
	what happening
	whom int // which worker
}

type happening string

const (
	kills         happening = "kill"
	freezes       happening = "freeze"
	thaws         happening = "thaw"
	flushes       happening = "flush Redis"
	redisGoes     happening = "stop Redis"
	redisComes    happening = "start Redis"
	postgresGoes  happening = "stop Postgres"
	postgresDies  happening = "kill Postgres"
	postgresComes happening = "start Postgres"
)

// ends are what some of them end with.
var ends = map[happening]happening{freezes: thaws, redisGoes: redisComes, postgresGoes: postgresComes, postgresDies: postgresComes}

func (i incident) String() string {
	said := fmt.Sprintf("%.1fs %s", i.at.Seconds(), i.what)
	if i.what == kills || i.what == freezes || i.what == thaws {
		said += fmt.Sprintf(" %d", i.whom)
	}
	return said
}

func (s storm) words() string {
	words := make([]string, len(s.incidents))
	for i, one := range s.incidents {
		words[i] = one.String()
	}
	return strings.Join(words, ", ")
}

func anyStorm(random *rand.Rand, of scale) (s storm) {
	within := func(most time.Duration) time.Duration { return time.Duration(random.Int64N(int64(most))) }
	for range of.troubles {
		what := anyOf(random, kills, freezes, flushes, redisGoes, postgresGoes, postgresDies)
		one := incident{at: within(of.lasts), what: what, whom: random.IntN(stormWorkers)}
		s.incidents = append(s.incidents, one)
		if end, ends := ends[what]; ends {
			s.incidents = append(s.incidents, incident{at: one.at + within(of.trouble), what: end, whom: one.whom})
		}
	}
	slices.SortStableFunc(s.incidents, func(a, b incident) int { return cmp.Compare(a.at, b.at) })
	for range of.targets {
		one := drawnTarget{class: anyOf(random, sandbox.Classes()...), due: 4*time.Second + within(of.lasts/2)}
		one.faults = anyFaults(random)
		s.targets = append(s.targets, one)
	}
	return s
}

// anyFaults are up to three, for the publishing and for what is asked besides.
func anyFaults(random *rand.Rand) (faults []control.Fault) {
	if random.IntN(5) > 0 {
		kind := anyOf(random, control.FailBefore, control.FailAfter, control.HangBefore, control.HangAfter,
			control.ResetBefore, control.ResetAfter, control.RateLimited, control.Unauthorized, control.Slow)
		times := 1
		if kind != control.Unauthorized { // twice in a row is the end of an authorization
			times += random.IntN(2)
		}
		faults = append(faults, control.Fault{Call: control.Publish, Kind: kind, Times: times, RetryAfter: 1, DelayMS: 1 + random.IntN(4000)})
	}
	for _, call := range []control.Call{control.Read, control.Drafting} {
		if random.IntN(3) == 0 {
			kind := anyOf(random, control.FailBefore, control.FailAfter, control.HangAfter, control.ResetAfter, control.RateLimited, control.Slow)
			faults = append(faults, control.Fault{Call: call, Kind: kind, Times: 1, RetryAfter: 1, DelayMS: 1 + random.IntN(4000)})
		}
	}
	return faults
}

func anyOf[T any](random *rand.Rand, all ...T) T { return all[random.IntN(len(all))] }

// layAll makes a page and an account of its own for every target.
func (c *chaos) layAll(ctx context.Context, t *testing.T, drawn storm) (cells []*cell) {
	t.Helper()
	for _, target := range drawn.targets {
		one := c.lay(ctx, t, []sandbox.Class{target.class}, []control.Kind{""})[0]
		for _, fault := range target.faults {
			fault.Page = one.page
			require.NoError(t, c.Sandbox.Arm(ctx, fault))
		}
		cells = append(cells, one)
	}
	return cells
}
