package publish

import (
	"context"
	"sync"
	"time"

	"behalf/domain"
)

// noteUses is how often it is written down which connections were used.
const noteUses = time.Second

// uses gathers when connections were used last. Only people look at that: what
// is due in one moment waits neither for it nor for each other's writing.
type uses struct {
	write func(context.Context, map[domain.ConnectionID]time.Time)

	mutex sync.Mutex
	at    map[domain.ConnectionID]time.Time
}

func (u *uses) note(id domain.ConnectionID, at time.Time) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if u.at == nil {
		u.at = map[domain.ConnectionID]time.Time{}
	}
	if len(u.at) == 0 {
		time.AfterFunc(noteUses, u.flush)
	}
	u.at[id] = at
}

// flush writes what was gathered; a failure loses nothing that counts.
func (u *uses) flush() {
	u.mutex.Lock()
	gathered := u.at
	u.at = nil
	u.mutex.Unlock()
	if len(gathered) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), recordTime)
	defer cancel()
	u.write(ctx, gathered)
}
