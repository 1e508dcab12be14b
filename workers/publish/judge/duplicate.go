package judge

import (
	"context"
	"time"

	"behalf/internal/networks"
	"behalf/workers/publish/sight"
)

// duplicateTime bounds the question whose the post is that a network has already.
const duplicateTime = 5 * time.Second

// duplicate decides about a target that the network refuses because it has the
// same post already. That one is ours, from an attempt whose answer was lost,
// if the network shows it among what came since this revision was first
// attempted (R59). That the network names it proves nothing: anybody may have
// posted the same words by hand.
func (j *Judge) duplicate(ctx context.Context, a Attempt, refused *networks.Failure) error {
	asking, cancel := context.WithTimeout(ctx, duplicateTime)
	defer cancel()
	verdict, again, err := j.earlier(asking, a)
	switch {
	case err != nil:
		return j.unasked(ctx, a, err)
	case verdict.State == networks.Live:
		return j.published(ctx, a, verdict.Published)
	case verdict.State == networks.Unknown && again:
		return j.unknown(ctx, a, "The network has the same post already, and cannot say whether it came from here.")
	default: // before its first attempt nothing of it can be there
		return j.fail(ctx, a, refused)
	}
}

// earlier asks the network for what any attempt at the revision made; again
// says that there was one before this.
func (j *Judge) earlier(ctx context.Context, a Attempt) (verdict networks.Verdict, again bool, err error) {
	verdict = networks.Verdict{State: networks.Unknown}
	loaded, err := j.Reader.Load(ctx, sight.OfClaim(a.Claim))
	if err != nil {
		return verdict, false, networks.Unsent("look", err)
	}
	target := loaded.Target()
	again = target.Tried.Before(a.Claimed.Since())
	s, err := j.Reader.Ask(ctx, loaded, a.Claimed)
	if err != nil || s.Connector.Capabilities().Reconciling == networks.NoReconciling {
		return verdict, again, err
	}
	verdict, err = j.asked(ctx, s, target.Tried)
	return verdict, again, err
}
