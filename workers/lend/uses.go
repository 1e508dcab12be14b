package lend

import (
	"context"
	"sync"
	"time"

	"behalf/domain"
)

// noteUses is how often it is written down which connections were used.
const noteUses = time.Second

// writeTime bounds writing it down once.
const writeTime = 10 * time.Second

// Uses gathers when connections were used last. Only people look at that: what
// is due in one moment waits neither for it nor for each other's writing.
type Uses struct {
	Write func(context.Context, map[domain.ConnectionID]time.Time)

	mutex sync.Mutex
	at    map[domain.ConnectionID]time.Time
}

// Note says that a connection was used.
func (u *Uses) Note(id domain.ConnectionID, at time.Time) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	if u.at == nil {
		u.at = map[domain.ConnectionID]time.Time{}
	}
	if len(u.at) == 0 {
		time.AfterFunc(noteUses, u.Flush)
	}
	u.at[id] = at
}

// Flush writes what was gathered; a failure loses nothing that counts.
func (u *Uses) Flush() {
	u.mutex.Lock()
	gathered := u.at
	u.at = nil
	u.mutex.Unlock()
	if len(gathered) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), writeTime)
	defer cancel()
	u.Write(ctx, gathered)
}
