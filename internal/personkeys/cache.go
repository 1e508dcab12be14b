package personkeys

import (
	"sync"
	"time"

	"behalf/domain/personal"
)

// cached is how many keys a process keeps at most.
const cached = 10_000

// entry is what is known of a key.
type entry struct {
	key       key
	destroyed bool
	until     time.Time
}

// cache keeps keys, and the knowledge that one was destroyed, for CacheLife.
type cache struct {
	now  func() time.Time
	next func() <-chan struct{} // of the signal that a key was destroyed; nil for none

	mutex      sync.Mutex
	entries    map[personal.Subject]entry
	generation int // one more whenever all is forgotten
	erased     <-chan struct{}
}

// look answers the keys of subjects, each in its subject's place, and of whom
// nothing is known. What is found for those is to be kept under the generation.
func (c *cache) look(subjects []personal.Subject) (held []key, missing []personal.Subject, generation int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.listen()
	held = make([]key, len(subjects))
	now := c.now()
	for i, subject := range subjects {
		known, found := c.entries[subject]
		switch {
		case !found || !now.Before(known.until):
			missing = append(missing, subject)
		case !known.destroyed:
			held[i] = known.key
		}
	}
	return held, missing, c.generation
}

// keep keeps what was found, unless a key has been destroyed since it was
// looked for: it may be older than that.
func (c *cache) keep(found map[personal.Subject]entry, generation int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.listen()
	if generation != c.generation {
		return
	}
	if len(c.entries)+len(found) > cached {
		clear(c.entries) // rare, and cheaper than to keep order
	}
	if c.entries == nil {
		c.entries = map[personal.Subject]entry{}
	}
	until := c.now().Add(CacheLife)
	for subject, entry := range found {
		entry.until = until
		c.entries[subject] = entry
	}
}

// forget forgets everybody.
func (c *cache) forget() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.clear()
}

func (c *cache) clear() {
	clear(c.entries)
	c.generation++
}

// listen forgets everybody when a key was destroyed since it listened last. It
// saves the process a goroutine that waits for it.
func (c *cache) listen() {
	if c.next == nil {
		return
	}
	select {
	case <-c.erased: // nil, and never ready, before the first time
		c.erased = c.next()
		c.clear()
	default:
		if c.erased == nil {
			c.erased = c.next()
		}
	}
}
