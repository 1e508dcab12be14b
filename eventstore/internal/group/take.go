package group

// hold is how something is used.
type hold struct {
	users  int
	writes bool
}

// take removes the jobs that can begin now from the queue, oldest first. The
// mutex is held.
//
// A job waits when it collides with a call under way or with an older job that
// has to wait itself. So nobody is overtaken on the same key, and a writer is
// not kept waiting by readers that come after it.
func (g *Group[K, J, R]) take() []*waiter[K, J, R] {
	var batch []*waiter[K, J, R]
	cost := 0
	left := g.queue[:0]
	for i, w := range g.queue {
		if len(batch) > 0 && cost+w.cost > g.config.Cost {
			left = append(left, g.queue[i:]...)
			break
		}
		if collides(g.held, w.uses) || len(g.passed) > 0 && collides(g.passed, w.uses) {
			mark(g.passed, w.uses)
			left = append(left, w)
			continue
		}
		mark(g.held, w.uses)
		w.queued = false
		g.waiting -= w.cost
		g.costing += w.cost
		cost += w.cost
		batch = append(batch, w)
	}
	clear(g.queue[len(left):]) // nothing of them is kept
	g.queue = left
	clear(g.passed)
	return batch
}

func (g *Group[K, J, R]) release(uses []Use[K]) {
	for _, use := range uses {
		of := g.held[use.Key]
		if of.users--; of.users == 0 {
			delete(g.held, use.Key)
		} else {
			of.writes = false // a writer is alone
			g.held[use.Key] = of
		}
	}
}

func collides[K comparable](with map[K]hold, uses []Use[K]) bool {
	for _, use := range uses {
		if of, used := with[use.Key]; used && (use.Writes || of.writes) {
			return true
		}
	}
	return false
}

func mark[K comparable](in map[K]hold, uses []Use[K]) {
	for _, use := range uses {
		of := in[use.Key]
		of.users++
		of.writes = of.writes || use.Writes
		in[use.Key] = of
	}
}
