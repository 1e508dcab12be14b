package prepare

import (
	"context"
	"errors"
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/internal/networks"
	"behalf/workers/publish/lanes"
	"behalf/workers/publish/shelf"
	"behalf/workers/publish/sight"
)

const (
	untouched = 5 * time.Minute // after which it is asked whether something prepared is still wanted
	tidied    = 200             // at most at a time
	discarded = 5 * time.Second // that a network may take to remove one of them
	near      = time.Hour       // before a target's moment, in which what was made for it stays
)

// Tidy removes what was prepared for what has changed since, or has ended. What a
// restored log says of it is not believed before the networks were asked (R69).
func (p *Preparer) Tidy(ctx context.Context) error {
	switch err := p.sure(ctx); {
	case errors.Is(err, errRestored):
		return nil
	case err != nil:
		return err
	}
	items, err := p.Shelf.Untouched(ctx, untouched, tidied)
	silent := map[lanes.Where]bool{}
	for _, item := range items {
		if ctx.Err() != nil {
			break
		}
		err = errors.Join(err, p.tidy(ctx, item.Key, silent, near))
	}
	return errors.Join(err, p.Shelf.Forget(ctx, shelf.Kept))
}

// errRestored says that the log may be one of before a restore.
var errRestored = errors.New("nothing is discarded in a quarantine")

// sure looks whether the log is the one that was here before: what is discarded now
// would not wait for the next look.
func (p *Preparer) sure(ctx context.Context) error {
	if p.Watch == nil {
		return nil
	}
	if err := p.Watch.Check(ctx); err != nil {
		return err
	}
	if p.Watch.Holds() {
		return errRestored
	}
	return nil
}

// tidy looks at one item. Whoever is silent is asked about one only; the others are
// left for later. The log is read while nobody else can take the item: who claims
// the target after that finds none, and makes another one. Some networks hand out
// the same draft again then, to whoever asks through whichever connection: so close
// before a target's moment, nothing of what it says now is removed.
func (p *Preparer) tidy(ctx context.Context, key shelf.Key, silent map[lanes.Where]bool, close time.Duration) error {
	hold, item, err := p.Shelf.Seize(ctx, key, p.holdLife())
	if errors.Is(err, shelf.ErrHeld) {
		return nil
	}
	if err != nil {
		return err
	}
	loaded, err := p.Reader.Load(ctx, sight.Ref{Workspace: key.Workspace, Post: key.Post, Account: key.Account})
	if err != nil {
		return errors.Join(err, hold.GiveUp(ctx))
	}
	held := loaded.Account
	whom := lanes.At(held.Network, held.Remote)
	is := fateOf(key, loaded, p.Clock.Now().Add(close))
	if is == wanted || is == leftOver && silent[whom] {
		return hold.GiveUp(ctx)
	}
	if err := hold.Drop(ctx); err != nil || is == used { // before the network is asked: nobody publishes what is half gone
		return err
	}
	begun := p.Clock.Own()
	p.discard(ctx, held.Network, held.Remote, item)
	silent[whom] = p.Clock.Own().Sub(begun) >= discarded
	return nil
}

// fate is what becomes of an item.
type fate int

const (
	leftOver fate = iota
	wanted
	used // it is a part of what the network shows, or may be
)

// fateOf is what becomes of it, of a target that may be claimed before soon.
func fateOf(key shelf.Key, l sight.Loaded, soon time.Time) fate {
	content, target := l.Post, l.Target()
	claimed := key == shelf.Key{
		Workspace: key.Workspace, Post: key.Post, Account: key.Account, Revision: target.Claim.Revision,
		Connection: target.Claim.Connection, Identity: target.Claim.Identity,
	}
	// After a restore there may be no claim of what went out (R69): what is of the
	// revision that is live, or may be, is a part of it, and nothing that is left over.
	current := key.Revision == content.Revision
	switch target.State {
	case post.Claimed: // it may be published now, or the network may have to be asked about it
		if key.Revision == target.Claim.Revision {
			return wanted
		}
	case post.Unknown:
		if claimed || current {
			return wanted
		}
	case post.Published:
		if claimed || current {
			return used
		}
	case post.Due:
		now, err := l.Whose()
		same := err == nil && now.Connection == key.Connection && now.Identity == key.Identity
		if current && (same || target.Due.Before(soon)) {
			return wanted
		}
	}
	if mayShow(content, key.Account) {
		return used
	}
	return leftOver
}

// Used forgets what was prepared for an attempt that has published it: it is a part
// of the post now, whatever becomes of that.
func (p *Preparer) Used(ctx context.Context, of sight.Ref, claimed post.TargetClaimed) {
	err := p.Shelf.Drop(ctx, shelf.Key{
		Workspace: of.Workspace, Post: of.Post, Account: of.Account, Revision: claimed.Revision,
		Connection: claimed.Connection, Identity: claimed.Identity,
	})
	if err != nil { // Tidy does it later
		p.Logger.WarnContext(ctx, "what was prepared is not forgotten yet", "post", of.Post.String(), "error", err)
	}
}

// mayShow reports whether the network may show the post although nothing is to be
// published there, or nobody knows that it does not: somebody has deleted it, here
// or there. What was prepared is a part of it then, and outlives it at worst.
func mayShow(content *post.Post, on domain.AccountID) bool {
	target, known := content.Targets[on]
	return target.State == post.Deleting || slices.Contains(content.Left, on) || !known && !slices.Contains(content.Gone, on)
}

// tidyOthers removes what was prepared for the target as it was before, by whoever
// is about to prepare it as it is.
func (p *Preparer) tidyOthers(ctx context.Context, s sight.Sight) {
	items, err := p.Shelf.Of(ctx, s.Of.Post, s.Of.Account)
	items = slices.DeleteFunc(items, func(item shelf.Item) bool { return item.Key == belongs(s) })
	if len(items) > 0 {
		err = errors.Join(err, p.sure(ctx))
	}
	for _, item := range items {
		if err != nil {
			break
		}
		err = p.tidy(ctx, item.Key, map[lanes.Where]bool{}, 0)
	}
	if err != nil { // Tidy does it later
		p.Logger.WarnContext(ctx, "what was prepared is not discarded yet", "post", s.Of.Post.String(), "error", err)
	}
}

// discard removes something prepared from the network, as far as that can be
// done now. What is of before a restore stays there: of whatever state the target
// is, it may have been published by a person or a repetition that the log has
// forgotten (R69).
func (p *Preparer) discard(ctx context.Context, network, remote string, item shelf.Item) {
	connector, err := p.Reader.Networks.Connector(network)
	if err == nil && len(item.Made) > 0 && !item.Doubted {
		s := sight.Sight{Connector: connector, Connection: item.Connection}
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), discarded) // nobody finds it any more
		defer cancel()
		err = p.Calls.Through(asking, s, false, func(c networks.Credential) error {
			return connector.Discard(asking, networks.Session{Credential: c, Account: remote, Identity: item.Identity}, item.Made)
		})
	}
	if err != nil {
		p.Logger.InfoContext(ctx, "something invisible stays on a network", "network", network, "error", err)
	}
}
