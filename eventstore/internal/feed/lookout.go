package feed

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// lookTime bounds one look: a connection that has gone dead must not blind everybody.
const lookTime = 5 * time.Second

// Lookout finds out, for all feeds of a process together, what no wake-up told
// them: a wake-up may be lost, and another process of a group may die with a
// batch that it had taken. The feeds of groups that are behind look for
// themselves; if each did so all the time, looking would be most of what an idle
// process does.
type Lookout struct {
	pool  *pgxpool.Pool
	every time.Duration

	mutex sync.Mutex
	feeds map[*Feed]bool
	stop  context.CancelFunc // of the goroutine, which there is while there are feeds
	ended chan struct{}      // by that goroutine
}

// NewLookout makes one that looks so often.
func NewLookout(pool *pgxpool.Pool, every time.Duration) *Lookout {
	return &Lookout{pool: pool, every: every, feeds: map[*Feed]bool{}}
}

func (l *Lookout) join(f *Feed) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.feeds[f] = true; len(l.feeds) > 1 {
		return
	}
	var ctx context.Context
	ctx, l.stop = context.WithCancel(context.Background())
	ended := make(chan struct{})
	l.ended = ended
	go func() {
		defer close(ended)
		l.run(ctx)
	}()
}

// leave waits for the goroutine where it is the last one's.
func (l *Lookout) leave(f *Feed) {
	l.mutex.Lock()
	delete(l.feeds, f)
	stop, ended := l.stop, l.ended
	last := len(l.feeds) == 0
	l.mutex.Unlock()
	if last {
		stop()
		<-ended
	}
}

func (l *Lookout) run(ctx context.Context) {
	ticker := time.NewTicker(l.every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		l.look(ctx)
	}
}

const sqlBehind = `
select name
from log.checkpoints
where name = any($1)
	and position < (select position from log.high_water)`

// look wakes the feeds that have something to read, and all of them when that
// cannot be said.
func (l *Lookout) look(ctx context.Context) {
	feeds, groups := l.joined()
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	found, err := l.pool.Query(ctx, sqlBehind, groups)
	if err == nil {
		groups, err = pgx.CollectRows(found, pgx.RowTo[string])
	}
	for _, f := range feeds {
		if err != nil || slices.Contains(groups, f.config.Group) {
			f.ring()
		}
	}
}

func (l *Lookout) joined() (feeds []*Feed, groups []string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for f := range l.feeds {
		feeds = append(feeds, f)
		groups = append(groups, f.config.Group)
	}
	return feeds, groups
}
