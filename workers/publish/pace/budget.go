package pace

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"

	"behalf/internal/networks"
)

// takeCall takes one call of a budget, or answers in how many microseconds there is
// one. The list holds when the latest calls were
// taken, the newest first, so that no window of any beginning has more of them than
// the budget: a bucket that is filled again while it is emptied gives nearly twice
// as many. The clock is Redis's, which all workers share.
var takeCall = redis.NewScript(`
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local calls, per = tonumber(ARGV[1]), tonumber(ARGV[2])
local oldest = redis.call('LINDEX', KEYS[1], calls - 1)
if oldest and now - oldest < per then
	return per - (now - oldest)
end
redis.call('LPUSH', KEYS[1], string.format('%.0f', now))
redis.call('LTRIM', KEYS[1], 0, calls - 1)
redis.call('PEXPIRE', KEYS[1], math.ceil(per / 1000))
return 0`)

// spend takes one call of each budget, or says how long it takes until there is
// one. What was taken of the budgets before the one that is exhausted is lost,
// which errs on the side of the network.
func (p *Pace) spend(ctx context.Context, s Subject, budgets []networks.Budget) time.Duration {
	for _, budget := range budgets {
		whom := s.of(budget.Scope)
		if whom == "" || budget.Calls <= 0 || budget.Per <= 0 {
			continue
		}
		whom = string(budget.Scope) + ":" + budget.Per.String() + ":" + whom
		var wait time.Duration
		shared := p.share(ctx, func(ctx context.Context) error {
			left, err := takeCall.Run(ctx, p.redis, []string{prefix + "calls:" + whom}, budget.Calls, budget.Per.Microseconds()).Int64()
			wait = time.Duration(left) * time.Microsecond
			return err
		})
		if !shared {
			wait = p.spendAlone(whom, budget)
		}
		if wait > 0 {
			return wait
		}
	}
	return 0
}

// spent is what this process has taken of a budget itself.
type spent struct {
	calls []time.Time // when, the oldest first; at least one
	per   time.Duration
}

// spendAlone is the same by what this process has taken itself.
func (p *Pace) spendAlone(whom string, budget networks.Budget) time.Duration {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	now, taken := p.now(), p.spent[whom].calls
	for len(taken) > 0 && now.Sub(taken[0]) >= budget.Per {
		taken = taken[1:]
	}
	wait := time.Duration(0)
	if len(taken) < budget.Calls {
		taken = append(taken, now)
	} else {
		wait = budget.Per - now.Sub(taken[0])
	}
	p.spent[whom] = spent{calls: taken, per: budget.Per}
	return wait
}
