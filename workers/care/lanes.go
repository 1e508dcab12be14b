package care

import (
	"errors"
	"sync"
)

// crowded is how many of one network's are under way before no more of them are
// taken: a network that answers is done with that many in a moment.
const crowded = 8

// lanes keep networks apart: what waits for one that hangs keeps nothing of
// another's waiting. They are safe for concurrent use.
type lanes struct {
	atOnce int // of one network; 0: all that was taken

	mutex   sync.Mutex
	busy    map[string]int           // by network: under way, or waiting to be
	slots   map[string]chan struct{} // by network; none where atOnce is 0
	failed  error
	running sync.WaitGroup
}

func newLanes(atOnce int) *lanes {
	return &lanes{atOnce: atOnce, busy: map[string]int{}, slots: map[string]chan struct{}{}}
}

// full are the networks of which no more is to be taken until some of it is done.
func (l *lanes) full() []string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	networks := []string{}
	for network, n := range l.busy {
		if n >= crowded {
			networks = append(networks, network)
		}
	}
	return networks
}

// send does something on a network's lane, and does not wait for it.
func (l *lanes) send(network string, do func() error) {
	l.mutex.Lock()
	l.busy[network]++
	slot := l.slots[network]
	if slot == nil && l.atOnce > 0 {
		slot = make(chan struct{}, l.atOnce)
		l.slots[network] = slot
	}
	l.mutex.Unlock()
	l.running.Go(func() {
		if slot != nil {
			slot <- struct{}{}
			defer func() { <-slot }()
		}
		err := do()
		l.mutex.Lock()
		defer l.mutex.Unlock()
		l.busy[network]--
		l.failed = errors.Join(l.failed, err)
	})
}

// failures are those since they were last asked for.
func (l *lanes) failures() (failed error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	failed, l.failed = l.failed, nil
	return failed
}
