// Package lanes says who goes first in one worker: each network and each host has
// slots of its own, workspaces are served in turn, and what is to be sent at its
// moment has the right of way.
package lanes

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"sync"

	"behalf/domain"
	"behalf/internal/slots"
)

// Lanes are each network's own slots, and each of its hosts', so that one that is
// slow or hangs holds up no other one. Within a lane workspaces are served in turn.
// One that nobody uses or waits in is forgotten: hosts come and go.
type Lanes struct {
	atOnce int // calls to one network
	mutex  sync.Mutex
	byName map[string]*lane
}

type lane struct {
	*slots.Slots[domain.WorkspaceID]
	users int // who use it or wait in it, guarded by the lanes' mutex
}

// New makes the lanes of a worker that makes at most atOnce calls to one network
// at the same time.
func New(atOnce int) *Lanes {
	return &Lanes{atOnce: max(atOnce, 1), byName: map[string]*lane{}}
}

// Where is what a lane leads to.
type Where struct {
	Network string
	Host    string // empty where accounts do not name theirs
}

// At reads the host from an account's own id, which begins with its address on
// networks that are spread over hosts.
func At(network, remote string) Where {
	address, err := url.Parse(remote)
	if err != nil {
		return Where{Network: network}
	}
	return Where{network, address.Host}
}

// ready is how many tasks of a kind may be at work, or wait for their moment, for
// each one that may be sending.
const ready = 16

// enter finds a lane for somebody who uses it, or waits in it, until they leave.
func (l *Lanes) enter(name string, permits, each int) (entered *lane, leave func()) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	found, known := l.byName[name]
	if !known {
		found = &lane{Slots: slots.New[domain.WorkspaceID](permits, each)}
		l.byName[name] = found
	}
	found.users++
	return found, func() {
		l.mutex.Lock()
		defer l.mutex.Unlock()
		if found.users--; found.users == 0 {
			delete(l.byName, name)
		}
	}
}

// Working has one kind of task done in its turn, or dropped. Each kind has its own
// lane: whoever looks ahead holds up nobody whose moment has come. A workspace gets
// half of it: its ten thousand would keep all of it until their moment, and another
// one's would miss theirs.
func (l *Lanes) Working(kind string, w Where, group domain.WorkspaceID, work, dropped func()) {
	permits := l.atOnce * ready
	entered, leave := l.enter(kind+" "+w.Network+" "+w.Host, permits, permits/2)
	entered.When(group, func() {
		defer leave()
		work()
	}, func() {
		leave()
		dropped()
	})
}

// Sending waits for one call to the network. A host gets no more than a quarter of
// what its network does, and a workspace, whose hosts may all hang, leaves a quarter.
func (l *Lanes) Sending(ctx context.Context, w Where, group domain.WorkspaceID) (done func(), err error) {
	if w.Host == "" {
		return l.acquire(ctx, "network "+w.Network, l.atOnce, l.atOnce-l.atOnce/4, group)
	}
	host, err := l.acquire(ctx, "host "+w.Network+" "+w.Host, l.atOnce/4, l.atOnce, group)
	if err != nil {
		return nil, err
	}
	all, err := l.acquire(ctx, "network "+w.Network, l.atOnce, l.atOnce-l.atOnce/4, group)
	if err != nil {
		host()
		return nil, err
	}
	return func() {
		all()
		host()
	}, nil
}

func (l *Lanes) acquire(ctx context.Context, name string, permits, each int, group domain.WorkspaceID) (done func(), err error) {
	entered, leave := l.enter(name, permits, each)
	if err := entered.Acquire(ctx, group); err != nil {
		leave()
		return nil, err
	}
	return func() {
		entered.Release(group)
		leave()
	}, nil
}

// Drop ends the waiting of all tasks. No task comes any more.
func (l *Lanes) Drop() {
	l.mutex.Lock()
	known := slices.Collect(maps.Values(l.byName))
	l.mutex.Unlock()
	for _, found := range known {
		found.Drop() // who is dropped leaves
	}
}
