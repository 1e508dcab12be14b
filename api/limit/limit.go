// Package limit bounds how often something is done: requests of a client or an
// account, trials of a password, mails to an address.
//
// A policy is a bucket that holds so many takings and fills again evenly over
// its window. Whoever finds it empty waits: they are slowed down and never
// locked out.
//
// Policies that processes share are counted in Redis. While it is away each
// process counts for itself, from nothing: N processes then let pass up to N
// times as much, which is better than letting everything pass, or nothing.
// Nothing else depends on Redis here, and it never makes a request fail.
package limit

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/go-redis/redis_rate/v10"
	"github.com/redis/go-redis/v9"
)

// Policy is how often something may be done. The zero Policy bounds nothing.
type Policy struct {
	Name   string        // as answers call it: "sign-in"
	Quota  int           // takings that a full bucket holds
	Window time.Duration // in which an empty bucket fills
	Shared bool          // counted for all processes together
	Silent bool          // what is left would tell of somebody else: only a refusal says so
}

// Result is what taking one came to.
type Result struct {
	Policy    Policy
	Allowed   bool
	Remaining int           // takings that are left
	Retry     time.Duration // until the next one is possible; 0 when allowed
	Reset     time.Duration // until the bucket is full again
}

// Options are what a Limiter works with; none is required.
type Options struct {
	Redis  redis.UniversalClient // shared policies are counted in it; nil: in this process
	Key    [32]byte              // hashes what is counted: addresses are not to stand in Redis
	Now    func() time.Time      // of what is counted in this process; time.Now when nil
	Logger *slog.Logger          // nothing is logged when nil
}

// Limiter counts. It is safe for concurrent use and starts no goroutines.
type Limiter struct {
	shared *redis_rate.Limiter
	local  *buckets
	key    [32]byte
	now    func() time.Time
	logger *slog.Logger

	mutex   sync.Mutex
	resting time.Time // Redis is not asked before
}

const (
	askTime = 100 * time.Millisecond // that Redis may take to answer
	holdOff = time.Second            // after a failure, in which it is not asked
)

// New makes a limiter.
func New(options Options) *Limiter {
	l := &Limiter{local: newBuckets(), key: options.Key, now: options.Now, logger: options.Logger}
	if l.now == nil {
		l.now = time.Now
	}
	if l.logger == nil {
		l.logger = slog.New(slog.DiscardHandler)
	}
	if options.Redis != nil {
		l.shared = redis_rate.NewLimiter(options.Redis)
	}
	return l
}

// Take takes one of what a policy leaves to whom, and notes the result in the
// context's answer, if Noting is around it.
func (l *Limiter) Take(ctx context.Context, policy Policy, whom string) Result {
	if policy.Quota <= 0 {
		return Result{Allowed: true}
	}
	result, counted := l.takeShared(ctx, policy, whom)
	if !counted {
		result = l.local.take(policy, l.name(policy, whom), l.now())
	}
	result.Policy = policy
	if !policy.Silent || !result.Allowed {
		note(ctx, result)
	}
	return result
}

// Forget fills the bucket of whom: what they did was right.
func (l *Limiter) Forget(ctx context.Context, policy Policy, whom string) {
	if policy.Quota <= 0 {
		return
	}
	name := l.name(policy, whom)
	l.local.forget(name)
	if policy.Shared && l.shared != nil && !l.rests() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askTime)
		defer cancel()
		if err := l.shared.Reset(ctx, name); err != nil {
			l.rest(ctx, err)
		}
	}
}

func (l *Limiter) takeShared(ctx context.Context, policy Policy, whom string) (result Result, counted bool) {
	if !policy.Shared || l.shared == nil || l.rests() {
		return Result{}, false
	}
	asking, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	taken, err := l.shared.Allow(asking, l.name(policy, whom), redis_rate.Limit{
		Rate: policy.Quota, Burst: policy.Quota, Period: policy.Window,
	})
	if err != nil {
		if ctx.Err() == nil || !errors.Is(err, ctx.Err()) { // a caller that went away says nothing about Redis
			l.rest(ctx, err)
		}
		return Result{}, false
	}
	return Result{
		Allowed: taken.Allowed > 0, Remaining: taken.Remaining,
		Retry: max(0, taken.RetryAfter), Reset: taken.ResetAfter,
	}, true
}

// name is what is counted, as Redis and memory know it.
func (l *Limiter) name(policy Policy, whom string) string {
	mac := hmac.New(sha256.New, l.key[:])
	mac.Write([]byte(policy.Name))
	mac.Write([]byte{0})
	mac.Write([]byte(whom))
	return "behalf:" + policy.Name + ":" + hex.EncodeToString(mac.Sum(nil)[:16])
}

func (l *Limiter) rests() bool {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return time.Now().Before(l.resting)
}

// rest leaves Redis alone for a moment; it is logged once per pause.
func (l *Limiter) rest(ctx context.Context, err error) {
	l.mutex.Lock()
	began := !time.Now().Before(l.resting)
	l.resting = time.Now().Add(holdOff)
	l.mutex.Unlock()
	if began {
		l.logger.WarnContext(ctx, "requests are limited by this process alone", "error", err)
	}
}
