package sight

import (
	"context"
	"sync"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/eventstore"
	"behalf/workers/publish/lanes"
)

// remembered is how many accounts' places a worker keeps at most.
const remembered = 10_000

// places are those of accounts as they were looked up. None ever changes.
type places struct {
	mutex sync.Mutex
	known map[domain.AccountID]lanes.Where
}

func (p *places) of(on domain.AccountID) (found lanes.Where, known bool) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	found, known = p.known[on]
	return found, known
}

func (p *places) keep(on domain.AccountID, found lanes.Where) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if len(p.known) >= remembered {
		clear(p.known) // rare, and cheaper than to keep order
	}
	if p.known == nil {
		p.known = map[domain.AccountID]lanes.Where{}
	}
	p.known[on] = found
}

// Place is where a target's account is, which never changes.
func (r *Reader) Place(ctx context.Context, ws domain.WorkspaceID, on domain.AccountID) (lanes.Where, error) {
	if found, known := r.places.of(on); known {
		return found, nil
	}
	log, err := r.Store.Load(ctx, eventstore.Scope{Workspace: ws}, account.Stream(on))
	if err != nil {
		return lanes.Where{}, err
	}
	held := domain.Fact[*account.Account](log.Facts, account.Stream(on))
	found := lanes.At(held.Network, held.Remote)
	r.places.keep(on, found)
	return found, nil
}

// Known is the place as far as this process has looked it up, and remembers it:
// for figures, which may do without.
func (r *Reader) Known(on domain.AccountID) lanes.Where {
	found, _ := r.places.of(on)
	return found
}
