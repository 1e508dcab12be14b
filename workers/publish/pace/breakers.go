package pace

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"behalf/internal/networks"
)

// A host of which so many of the latest calls were not answered is left alone
// for a while; then one call finds out.
const (
	failed = 8
	ofCall = 10
	leave  = 10 * time.Second
)

// unused is for how long a host is remembered that nobody asks any more.
const unused = time.Hour

// breakers are one circuit breaker for each host. They are each worker's own: a
// host may be out of reach for one of them only.
type breakers struct {
	hosts    sync.Map // string to *breaker
	networks sync.Map // all that a host was ever one of: string to true
}

type breaker struct {
	circuitbreaker.CircuitBreaker[any]
	asked atomic.Int64 // when last, in nanoseconds since 1970
}

func (b *breakers) of(host string, now time.Time) *breaker {
	known, ok := b.hosts.Load(host)
	if !ok {
		network, _, _ := strings.Cut(host, "/") // see Subject.host
		b.networks.Store(network, true)
		known, _ = b.hosts.LoadOrStore(host, &breaker{CircuitBreaker: circuitbreaker.NewBuilder[any]().
			WithFailureThresholdRatio(failed, ofCall).WithSuccessThreshold(1).WithDelay(leave).Build()})
	}
	found := known.(*breaker) // nothing else is stored
	found.asked.Store(now.UnixNano())
	return found
}

// forget lets go of the hosts that nobody asks any more.
func (b *breakers) forget(now time.Time) {
	b.hosts.Range(func(host, known any) bool {
		if now.UnixNano()-known.(*breaker).asked.Load() > int64(unused) { // nothing else is stored
			b.hosts.Delete(host)
		}
		return true
	})
}

// open counts the hosts of each network that are left alone.
func (b *breakers) open() map[string]int {
	counted := map[string]int{}
	b.networks.Range(func(network, _ any) bool {
		counted[network.(string)] = 0 // nothing else is stored
		return true
	})
	b.hosts.Range(func(host, known any) bool {
		if known.(*breaker).IsOpen() { // nothing else is stored
			network, _, _ := strings.Cut(host.(string), "/") // see Subject.host
			counted[network]++
		}
		return true
	})
	return counted
}

// left is how long a host is to be left alone still, as wait, without taking a
// permit; zero when somebody may ask for one.
func (b *breakers) left(host string, now time.Time) time.Duration {
	switch breaker := b.of(host, now); breaker.State() {
	case circuitbreaker.OpenState:
		return breaker.RemainingDelay()
	case circuitbreaker.HalfOpenState: // whoever made it so is finding out
		return time.Second
	default:
		return 0
	}
}

// wait says how long a host is to be left alone. Zero is a permit: whoever gets
// it says what came of it.
func (b *breakers) wait(host string, now time.Time) time.Duration {
	breaker := b.of(host, now)
	if breaker.TryAcquirePermit() {
		return 0
	}
	return max(breaker.RemainingDelay(), time.Second)
}

// leftOut takes back a permit for a call that was not made: whether the host is
// well is as unknown as it was, and who finds that out comes later.
func (b *breakers) leftOut(host string, now time.Time) {
	if breaker := b.of(host, now); breaker.IsHalfOpen() {
		breaker.Open()
	}
}

// told counts what says that the host is not well; every other answer shows
// that it is.
func (b *breakers) told(host string, now time.Time, failure *networks.Failure) {
	breaker := b.of(host, now)
	if failure != nil {
		switch failure.Kind {
		case networks.Unavailable, networks.Ambiguous, networks.NotSent:
			breaker.RecordFailure()
			return
		}
	}
	breaker.RecordSuccess()
}
