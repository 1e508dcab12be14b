package meter

import "time"

// Observed is what is counted from time to time, rather than when it happens.
type Observed struct {
	At       time.Time
	Works    []Work
	Odd      map[string]int64 // targets: late, put off, stuck, unknown
	Left     int64            // to be asked about before the quarantine can end
	Queues   []Queue          // none while Redis does not answer
	Breakers map[string]int   // open ones, by network
}

// Work is one kind of work that Postgres knows of.
type Work struct {
	Name     string
	All, Due int64
	Oldest   time.Duration // since when the longest is due; zero for none
}

// Queue is one queue in Redis.
type Queue struct {
	Name   string
	Jobs   map[string]int // by state
	Oldest time.Duration
	Paused bool
}

// Observe shows what was counted.
func (m *Meter) Observe(o Observed) {
	if m == nil {
		return
	}
	for _, work := range o.Works {
		m.waiting.WithLabelValues(work.Name).Set(float64(work.All))
		m.due.WithLabelValues(work.Name).Set(float64(work.Due))
		m.oldest.WithLabelValues(work.Name).Set(work.Oldest.Seconds())
	}
	for which, targets := range o.Odd {
		m.odd.WithLabelValues(which).Set(float64(targets))
	}
	m.left.WithLabelValues().Set(float64(o.Left))
	m.redis.WithLabelValues().Set(one(len(o.Queues) > 0))
	for _, queue := range o.Queues {
		for state, jobs := range queue.Jobs {
			m.queued.WithLabelValues(queue.Name, state).Set(float64(jobs))
		}
		m.queueAge.WithLabelValues(queue.Name).Set(queue.Oldest.Seconds())
		m.queuePause.WithLabelValues(queue.Name).Set(one(queue.Paused))
	}
	for network, hosts := range o.Breakers {
		m.breakers.WithLabelValues(network).Set(float64(hosts))
	}
	m.observed.WithLabelValues().Set(float64(o.At.Unix()))
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
