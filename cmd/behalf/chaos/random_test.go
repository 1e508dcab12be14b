package chaos_test

import (
	"context"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/sitetest"
	"behalf/internal/networks/sandbox"
)

// littleSeed draws a storm in which a worker and a service go, and something of what
// every class of networks is asked fails.
const littleSeed = 6

// One short storm, always the same; `make chaos` draws others for ten minutes.
func TestALittleRandomChaos(t *testing.T) {
	t.Parallel()
	ctx, c := openChaos(t, 2*time.Minute)
	c.brew(ctx, t, anyStorm(rand.New(rand.NewPCG(littleSeed, 0)), aLittle))
}

// brew plays one storm.
func (c *chaos) brew(ctx context.Context, t *testing.T, drawn storm) (cells []*cell) {
	t.Helper()
	t.Log(drawn.words())
	cells = c.layAll(ctx, t, drawn)
	s := &sea{chaos: c, crew: make([]*sitetest.Process, stormWorkers), since: make([]time.Time, stormWorkers), postgres: true}
	s.man(t)
	begun := time.Now().Add(time.Second)
	for i, one := range cells {
		c.schedule(ctx, t, one, begun.Add(drawn.targets[i].due))
	}
	for _, one := range drawn.incidents {
		time.Sleep(time.Until(begun.Add(one.at))) // the moment itself is what chance has drawn
		s.strike(ctx, t, one)
	}
	c.settled(ctx, t, cells)
	for _, one := range s.crew {
		one.Lives(t, c.Logs)
		one.End(syscall.SIGTERM)
	}
	require.NoError(t, c.Sandbox.Clear(ctx))
	c.count(ctx, t, cells)
	for i, one := range cells {
		problem := one.problem()
		if problem != "" && !drawn.targets[i].mayEnd(one) {
			t.Errorf("%s, %v: %s (%s, %d posts) after %v", sandbox.NameOf(one.class), drawn.targets[i].faults, problem, one.state, one.posts, drawn.incidents)
		}
	}
	return cells
}

// sea is what a storm passes over.
type sea struct {
	*chaos
	crew     []*sitetest.Process // nil: it has to wait for Postgres
	since    []time.Time         // when each was started
	postgres bool                // is there
	went     time.Time           // when it was no longer
}

// gone notes when Postgres goes, if it is there.
func (s *sea) gone(at time.Time) {
	if s.postgres {
		s.went = at
	}
}

// starting is how long after its start a worker may still end because Postgres
// has gone: who runs it starts it again. From then on it has to bear that.
const starting = 5 * time.Second

// replace drops workers that Postgres went away from while they started.
func (s *sea) replace(gone time.Time) {
	for i, one := range s.crew {
		if one != nil && gone.Sub(s.since[i]) < starting {
			select {
			case <-one.Exited:
				s.crew[i] = nil
			default:
			}
		}
	}
}

// man starts the workers that are missing.
func (s *sea) man(t *testing.T) {
	t.Helper()
	for i := range s.crew {
		if s.crew[i] == nil && s.postgres {
			s.crew[i], s.since[i] = s.worker(t), time.Now()
		}
	}
}

func (s *sea) strike(ctx context.Context, t *testing.T, one incident) {
	t.Helper()
	whom := s.crew[one.whom]
	switch one.what {
	case kills:
		if whom != nil {
			whom.End(syscall.SIGKILL)
			s.crew[one.whom] = nil
		}
	case freezes:
		if whom != nil {
			require.NoError(t, whom.Process.Signal(syscall.SIGSTOP))
		}
	case thaws:
		if whom != nil { // perhaps another one since, which does no harm
			require.NoError(t, whom.Process.Signal(syscall.SIGCONT))
		}
	case flushes:
		if s.private.redis.running != nil {
			s.flush(ctx, t)
		}
	case redisGoes:
		s.private.redis.stop(t)
	case redisComes:
		s.private.redis.start(ctx, t)
	case postgresGoes:
		s.gone(time.Now())
		s.private.postgres.stop(t)
	case postgresDies:
		s.gone(time.Now())
		s.private.postgres.kill(t)
	case postgresComes:
		s.private.postgres.start(ctx, t)
		s.replace(s.went)
	}
	s.postgres = s.private.postgres.running != nil
	s.man(t)
}
