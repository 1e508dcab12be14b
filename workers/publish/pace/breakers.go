package pace

import (
	"strings"
	"sync"
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

// breakers are one circuit breaker for each host. They are each worker's own: a
// host may be out of reach for one of them only.
type breakers struct{ hosts sync.Map }

func (b *breakers) of(host string) circuitbreaker.CircuitBreaker[any] {
	if known, ok := b.hosts.Load(host); ok {
		return known.(circuitbreaker.CircuitBreaker[any]) // nothing else is stored
	}
	made := circuitbreaker.NewBuilder[any]().
		WithFailureThresholdRatio(failed, ofCall).WithSuccessThreshold(1).WithDelay(leave).Build()
	known, _ := b.hosts.LoadOrStore(host, made)
	return known.(circuitbreaker.CircuitBreaker[any]) // see above
}

// open counts the hosts of each network that are left alone.
func (b *breakers) open() map[string]int {
	counted := map[string]int{}
	b.hosts.Range(func(host, breaker any) bool {
		network, _, _ := strings.Cut(host.(string), "/")           // see Subject.host
		if breaker.(circuitbreaker.CircuitBreaker[any]).IsOpen() { // nothing else is stored
			counted[network]++
		} else {
			counted[network] += 0
		}
		return true
	})
	return counted
}

// left is how long a host is to be left alone still, as wait, without taking a
// permit; zero when somebody may ask for one.
func (b *breakers) left(host string) time.Duration {
	switch breaker := b.of(host); breaker.State() {
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
func (b *breakers) wait(host string) time.Duration {
	breaker := b.of(host)
	if breaker.TryAcquirePermit() {
		return 0
	}
	return max(breaker.RemainingDelay(), time.Second)
}

// leftOut takes back a permit for a call that was not made: whether the host is
// well is as unknown as it was, and who finds that out comes later.
func (b *breakers) leftOut(host string) {
	if breaker := b.of(host); breaker.IsHalfOpen() {
		breaker.Open()
	}
}

// told counts what says that the host is not well; every other answer shows
// that it is.
func (b *breakers) told(host string, failure *networks.Failure) {
	breaker := b.of(host)
	if failure != nil {
		switch failure.Kind {
		case networks.Unavailable, networks.Ambiguous, networks.NotSent:
			breaker.RecordFailure()
			return
		}
	}
	breaker.RecordSuccess()
}
