package publish

import (
	"context"
	"net/url"
	"sync"

	"behalf/domain"
	"behalf/internal/slots"
)

// lanes are each network's own slots, and each of its hosts', so that one that is
// slow or hangs holds up no other one. Within a lane workspaces are served in turn.
type lanes struct {
	atOnce int // calls to one network
	mutex  sync.Mutex
	byName map[string]*lane
}

type lane = slots.Slots[domain.WorkspaceID]

// where is what a lane leads to.
type where struct {
	network string
	host    string // empty where accounts do not name theirs
}

// at reads the host from an account's own id, which begins with its address on
// networks that are spread over hosts.
func at(network, remote string) where {
	address, err := url.Parse(remote)
	if err != nil {
		return where{network: network}
	}
	return where{network, address.Host}
}

// ready is how many tasks of a kind may be at work, or wait for their moment, for
// each one that may be sending.
const ready = 16

func (l *lanes) of(name string, permits, each int) *lane {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	found, known := l.byName[name]
	if !known {
		found = slots.New[domain.WorkspaceID](permits, each)
		l.byName[name] = found
	}
	return found
}

// working is for one kind of task. Each has its own: whoever looks ahead holds up
// nobody whose moment has come. A workspace gets half of it: its ten thousand
// would keep all of it until their moment, and another one's would miss theirs.
func (l *lanes) working(k kind, w where) *lane {
	permits := l.atOnce * ready
	return l.of(string(k)+" "+w.network+" "+w.host, permits, permits/2)
}

// sending waits for one call to the network. A host gets no more than a quarter of
// what its network does, and a workspace, whose hosts may all hang, leaves a quarter.
func (l *lanes) sending(ctx context.Context, w where, group domain.WorkspaceID) (done func(), err error) {
	all := l.of("network "+w.network, l.atOnce, l.atOnce-l.atOnce/4)
	if w.host == "" {
		return func() { all.Release(group) }, all.Acquire(ctx, group)
	}
	host := l.of("host "+w.network+" "+w.host, l.atOnce/4, l.atOnce)
	if err := host.Acquire(ctx, group); err != nil {
		return nil, err
	}
	if err := all.Acquire(ctx, group); err != nil {
		host.Release(group)
		return nil, err
	}
	return func() {
		all.Release(group)
		host.Release(group)
	}, nil
}

// drop ends the waiting of all tasks.
func (l *lanes) drop() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for _, found := range l.byName {
		found.Drop()
	}
}
