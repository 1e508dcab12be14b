// Package pace keeps publishing from asking more of a network than it takes:
// who was told to wait waits in every worker, a host that does not answer is
// left alone, and an account's and a client's budget is one for all workers.
//
// What is shared is in Redis. While Redis is away each worker keeps to what it
// has seen itself, and to the whole budget: a network that is asked too much
// says so, and publishing must not stop with Redis.
package pace

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"behalf/internal/networks"
)

const (
	askTime = 100 * time.Millisecond // that Redis may take to answer
	holdOff = time.Second            // after a failure, in which it is not asked
	prefix  = "behalf:pace:"
)

// Call is a kind of call. Networks limit them apart: who has deleted too much may
// still post, and the other way round.
type Call string

// The kinds of calls.
const (
	Write  Call = "write" // prepares or publishes
	Read   Call = "read"  // asks what became of a post
	Delete Call = "delete"
)

// Subject is what is asked: an account of a network, on one of its hosts.
type Subject struct {
	Network string
	Host    string // empty where the network has one host
	Account string
	Call    Call
}

func (s Subject) host() string    { return s.Network + "/" + s.Host }
func (s Subject) account() string { return s.host() + "/" + s.Account }

// alike is whoever makes the same kind of call.
func (s Subject) alike(whom string) string { return string(s.Call) + ":" + whom }

// holds are all names under which the subject may be told to wait.
func (s Subject) holds() []string {
	return []string{s.account(), s.host(), s.alike(s.account()), s.alike(s.host())}
}

// meant is who has to wait for a failure; empty for nobody else.
func (s Subject) meant(failure *networks.Failure) string {
	whom := s.of(failure.Scope)
	if whom == "" || failure.Everything || failure.Scope == networks.ScopeHost {
		return whom
	}
	return s.alike(whom)
}

// of is what a scope names.
func (s Subject) of(scope networks.FailureScope) string {
	switch scope {
	case networks.ScopeAccount:
		return s.account()
	case networks.ScopeClient, networks.ScopeHost:
		return s.host()
	default:
		return ""
	}
}

// Pace is safe for concurrent use.
type Pace struct {
	redis    *redis.Client // nil for none
	logger   *slog.Logger
	now      func() time.Time // the process's own: only lengths of time are measured
	breakers breakers
	asking   asking

	mutex     sync.Mutex
	until     map[string]time.Time // who waits, as far as this process has seen
	spent     map[string]spent     // of whose budgets
	resting   time.Time            // Redis is not asked before
	forgotten time.Time            // when that was done last
}

// New makes a pace. client may be nil.
func New(client *redis.Client, logger *slog.Logger, now func() time.Time) *Pace {
	return &Pace{redis: client, logger: logger, now: now, until: map[string]time.Time{}, spent: map[string]spent{}}
}

// Wait says how long the subject has to be left alone; zero if not at all. Who
// gets zero says with Told what came of the call, or with Left that none was made.
//
// Nothing is taken of a budget for a host that is left alone: all that comes again
// and again while it is away would use up what is needed when it is back.
func (p *Pace) Wait(ctx context.Context, s Subject, budgets []networks.Budget) time.Duration {
	if wait := p.Held(ctx, s); wait > 0 {
		return wait
	}
	if wait := p.breakers.left(s.host(), p.now()); wait > 0 {
		return wait
	}
	if wait := p.spend(ctx, s, budgets); wait > 0 {
		return wait
	}
	return p.breakers.wait(s.host(), p.now())
}

// Open counts, by network, the hosts that this process leaves alone because they
// do not answer; zero for a network whose hosts all do.
func (p *Pace) Open() map[string]int { return p.breakers.open() }

// Left says that the call that was waited for is not made, or that nobody knows.
func (p *Pace) Left(s Subject) { p.breakers.leftOut(s.host(), p.now()) }

// Told takes in how a call ended, nil for well: what the network asked for, and
// whether it answers at all.
func (p *Pace) Told(ctx context.Context, s Subject, failure *networks.Failure) {
	p.breakers.told(s.host(), p.now(), failure)
	p.Heed(ctx, s, failure)
}

// Heed takes in what the network asked for, and nothing of whether it answers.
func (p *Pace) Heed(ctx context.Context, s Subject, failure *networks.Failure) {
	if failure == nil || failure.RetryAfter <= 0 {
		return
	}
	wait := failure.RetryAfter
	if failure.Scope == networks.ScopeHost && s.Host == "" {
		wait = min(wait, longestForAll)
	}
	if whom := s.meant(failure); whom != "" {
		p.hold(ctx, whom, wait)
	}
}

// longestForAll bounds for how long one answer holds a network that has one host,
// which is everybody's: what is still so then is learnt again.
const longestForAll = 10 * time.Minute

func (p *Pace) hold(ctx context.Context, whom string, wait time.Duration) {
	p.mutex.Lock()
	until := p.now().Add(wait)
	if until.After(p.until[whom]) {
		p.until[whom] = until
	}
	p.mutex.Unlock()
	p.share(ctx, func(ctx context.Context) error {
		return p.redis.Set(ctx, prefix+"hold:"+whom, 1, wait).Err()
	})
}

// Held says how long the subject has to wait because the network said so, to a
// call of its kind or of all; who
// asks takes nothing, and has nothing to tell.
func (p *Pace) Held(ctx context.Context, s Subject) (longest time.Duration) {
	names := s.holds()
	p.mutex.Lock()
	p.forget()
	for _, name := range names {
		if left := p.until[name].Sub(p.now()); left > 0 {
			longest = max(longest, left)
		} else {
			delete(p.until, name)
		}
	}
	p.mutex.Unlock()
	if longest > 0 {
		return longest
	}
	return p.ask(ctx, names)
}

// forgets is how often that is forgotten which says nothing any more.
const forgets = time.Minute

// forget lets go of it, now and then. The caller holds the mutex.
func (p *Pace) forget() {
	now := p.now()
	if now.Sub(p.forgotten) < forgets {
		return
	}
	p.forgotten = now
	maps.DeleteFunc(p.until, func(_ string, until time.Time) bool { return !until.After(now) })
	maps.DeleteFunc(p.spent, func(_ string, s spent) bool { return now.Sub(s.calls[len(s.calls)-1]) >= s.per })
	p.breakers.forget(now)
}

// share asks Redis, unless it is away; it reports whether Redis answered.
func (p *Pace) share(ctx context.Context, ask func(context.Context) error) bool {
	if p.redis == nil || p.rests() {
		return false
	}
	asking, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	err := ask(asking)
	if err == nil {
		return true
	}
	if ctx.Err() == nil { // a caller that went away says nothing about Redis
		p.mutex.Lock()
		p.resting = p.now().Add(holdOff)
		p.mutex.Unlock()
		p.logger.WarnContext(ctx, "each worker paces itself: Redis does not answer", "error", err)
	}
	return false
}

func (p *Pace) rests() bool {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.now().Before(p.resting)
}
