package sight

import (
	"context"
	"errors"
	"fmt"

	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/internal/networks"
)

// ErrWordless says that the network would have to be asked by what the post says,
// and that this is gone for good. The failure that is wrapped with it is our own:
// its Detail tells what is gone.
var ErrWordless = errors.New("the network is asked by what the post says")

// Ask is See for whoever asks the network about the claim, and sends nothing.
// What the post says is opened only where the network is asked by it: it may be
// gone, or be nobody's to read any more, when what went out is still to be found.
func (r *Reader) Ask(ctx context.Context, l Loaded, claimed post.TargetClaimed) (Sight, error) {
	s, err := r.speechless(l, claimed)
	if err != nil {
		return Sight{}, err
	}
	return r.Saying(ctx, s, l.Post.Content)
}

// Saying is a sight to ask by, of what the post said once. The error is
// ErrWordless where that is gone for good.
func (r *Reader) Saying(ctx context.Context, s Sight, sealed personal.Text) (_ Sight, err error) {
	if s.AskedByWords() {
		s.Content, err = r.Read(ctx, s.Of, sealed)
	}
	if networks.KindOf(err) == networks.Rejected {
		err = fmt.Errorf("%w: %w", ErrWordless, err)
	}
	return s, err
}

// AskedByWords reports whether asking the network about an attempt takes what the
// post says: to search for it, to know that something was prepared of it, or to
// send it once more.
func (s Sight) AskedByWords() bool {
	switch is := s.Connector.Capabilities(); is.Reconciling {
	case networks.ByKey:
		return false
	case networks.ByPrepared:
		return is.Idempotency != networks.TwoPhase
	case networks.NoReconciling:
		return is.Idempotency == networks.IdempotencyKey
	default:
		return true
	}
}
