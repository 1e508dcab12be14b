package pace

import (
	"context"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// mostAsked is how many share one question.
const mostAsked = 500

// asking asks Redis who has to wait: what is sent in the same moment shares a
// round trip. Nobody waits for others to come; who comes while a question is
// under way shares the next one.
type asking struct {
	mutex sync.Mutex
	queue []*question
	busy  bool
}

// question is whether any of the names has to wait.
type question struct {
	names   []string
	longest time.Duration
	done    chan struct{}
}

// ask answers how long the longest of the names has to wait by what Redis says;
// zero when it says nothing.
func (p *Pace) ask(ctx context.Context, names []string) time.Duration {
	asked := &question{names: names, done: make(chan struct{})}
	a := &p.asking
	a.mutex.Lock()
	a.queue = append(a.queue, asked)
	if !a.busy {
		a.busy = true
		go p.answer() //nolint:gosec // G118: the question is everybody's, and bounded by askTime
	}
	a.mutex.Unlock()
	select {
	case <-asked.done:
		return asked.longest
	case <-ctx.Done():
		return 0
	}
}

func (p *Pace) answer() {
	for {
		p.asking.mutex.Lock()
		batch := p.asking.queue[:min(len(p.asking.queue), mostAsked)]
		p.asking.queue = p.asking.queue[len(batch):]
		p.asking.busy = len(batch) > 0
		p.asking.mutex.Unlock()
		if len(batch) == 0 {
			return
		}
		p.share(context.Background(), func(ctx context.Context) error { return p.askAll(ctx, batch) })
		for _, asked := range batch {
			close(asked.done)
		}
	}
}

func (p *Pace) askAll(ctx context.Context, batch []*question) error {
	pipe := p.redis.Pipeline()
	left := map[string]*redis.DurationCmd{}
	for _, asked := range batch {
		for _, name := range asked.names {
			if left[name] == nil {
				left[name] = pipe.PTTL(ctx, prefix+"hold:"+name)
			}
		}
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	for _, asked := range batch {
		for _, name := range asked.names {
			asked.longest = max(asked.longest, left[name].Val()) // negative: there is none
		}
	}
	return nil
}
