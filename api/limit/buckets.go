package limit

import (
	"hash/maphash"
	"sync"
	"time"
)

// maxBuckets bounds how many buckets that are not full are kept, in all shards
// together: some 10 MB. Whoever fills that makes room by forgetting others.
const maxBuckets = 1 << 16

const shards = 64

// buckets count in this process. A bucket is kept as the moment at which it is
// full again (the "theoretical arrival time" of GCRA); a full one is not kept.
type buckets struct {
	seed   maphash.Seed
	shards [shards]shard
}

type shard struct {
	mutex sync.Mutex
	full  map[string]time.Time
}

func newBuckets() *buckets { return &buckets{seed: maphash.MakeSeed()} }

func (b *buckets) take(policy Policy, name string, now time.Time) Result {
	one := policy.Window / time.Duration(policy.Quota) // that it takes to fill by one
	s := b.shard(name)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	full := s.full[name]
	if full.Before(now) {
		full = now
	}
	next := full.Add(one)
	if room := now.Add(policy.Window).Sub(next); room < 0 {
		return Result{Retry: -room, Reset: full.Sub(now)}
	}
	s.keep(name, next, now)
	return Result{Allowed: true, Remaining: int(now.Add(policy.Window).Sub(next) / one), Reset: next.Sub(now)}
}

func (b *buckets) forget(name string) {
	s := b.shard(name)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.full, name)
}

func (b *buckets) shard(name string) *shard { return &b.shards[maphash.String(b.seed, name)%shards] }

// keep makes room when there is none: first by what is full again, then by
// whatever comes.
func (s *shard) keep(name string, full, now time.Time) {
	if s.full == nil {
		s.full = map[string]time.Time{}
	}
	if _, kept := s.full[name]; !kept && len(s.full) >= maxBuckets/shards {
		for other, at := range s.full {
			if !at.After(now) {
				delete(s.full, other)
			}
		}
		for other := range s.full {
			if len(s.full) < maxBuckets/shards {
				break
			}
			delete(s.full, other)
		}
	}
	s.full[name] = full
}
