package eventstore

import (
	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/eventstore/internal/states"
)

// Glimpse loads streams in a batch of somebody else's: what is decided on them
// and what is read beside them are then one round trip, and of one moment if the
// batch is one snapshot.
//
// The expected pattern:
//
//	glimpse, err := store.Glimpse(scope, stream)
//	decide on glimpse.Known(), which may be out of date, what to ask
//	scope.Queue(batch); glimpse.Queue(batch); queue what is asked; send the batch
//	decide again on glimpse.Loaded(), which is not, whether the answers count
type Glimpse struct {
	store   *Store
	scope   Scope
	streams []domain.Stream
	tails   []states.Tail
	loaded  *Loaded
}

// Glimpse prepares to load streams. It asks nothing.
func (s *Store) Glimpse(scope Scope, streams ...domain.Stream) (*Glimpse, error) {
	return s.glimpse(scope, streams, true)
}

func (s *Store) glimpse(scope Scope, streams []domain.Stream, known bool) (*Glimpse, error) {
	g := &Glimpse{store: s, scope: scope, streams: streams, tails: make([]states.Tail, len(streams))}
	for i, stream := range streams {
		begin, err := s.begin(scope, stream, known)
		if err != nil {
			return nil, err
		}
		g.tails[i] = states.Behind(s.registry, stream, begin)
	}
	return g, nil
}

// Known answers what this process has in memory of the streams: their first
// states for those that it knows nothing of.
func (g *Glimpse) Known() Loaded {
	known := newLoaded(len(g.tails))
	for i := range g.tails {
		known.add(g.tails[i].Stream, g.tails[i].Since)
	}
	return known
}

// Queue adds the query to a batch whose scope is the glimpse's. What an earlier
// batch answered is forgotten once this one answers.
func (g *Glimpse) Queue(batch *pgx.Batch) {
	tails := make([]states.Tail, len(g.tails))
	for i, t := range g.tails {
		tails[i] = states.Behind(g.store.registry, t.Stream, t.Since)
	}
	states.Queue(batch, tails, func() {
		g.loaded = nil
		if !g.store.forgetWrong(g.scope, tails) {
			loaded := g.store.loaded(g.scope, tails)
			g.loaded = &loaded
		}
	})
}

// Loaded answers the streams as the batch that answered last saw them. There is
// nothing before one has, nor when what was known is not their past: that is
// forgotten, and whoever asks has to Load.
func (g *Glimpse) Loaded() (Loaded, bool) {
	if g.loaded == nil {
		return Loaded{}, false
	}
	return *g.loaded, true
}
