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
)

// Tidy removes what was prepared for what has changed since, or has ended. What a
// restored log says of it is not believed before the networks were asked (R69).
func (p *Preparer) Tidy(ctx context.Context) error {
	if p.Watch.Holds() {
		return nil
	}
	items, err := p.Shelf.Untouched(ctx, untouched, tidied)
	silent := map[lanes.Where]bool{}
	for _, item := range items {
		if ctx.Err() != nil {
			break
		}
		err = errors.Join(err, p.tidy(ctx, item, silent))
	}
	return errors.Join(err, p.Shelf.Forget(ctx, shelf.Kept))
}

// tidy looks at one item. Whoever is silent is asked about one only; the others are
// left for later.
func (p *Preparer) tidy(ctx context.Context, item shelf.Item, silent map[lanes.Where]bool) error {
	loaded, err := p.Reader.Load(ctx, sight.Ref{Workspace: item.Workspace, Post: item.Post, Account: item.Account})
	if err != nil {
		return err
	}
	content, target := loaded.Post, loaded.Target()
	used := shelf.Key{
		Workspace: item.Workspace, Post: item.Post, Account: item.Account, Revision: target.Claim.Revision,
		Connection: target.Claim.Connection, Identity: target.Claim.Identity,
	}
	// After a restore there may be no claim of what went out (R69): what is of the
	// revision that is live, or may be, is a part of it, and nothing that is left over.
	current := item.Revision == content.Revision
	switch target.State {
	case post.Claimed, post.Unknown: // the network may have to be asked about it
		if used == item.Key || current && target.State == post.Unknown {
			return p.Shelf.Touch(ctx, item.Key)
		}
	case post.Published:
		if used == item.Key || current {
			return p.Shelf.Drop(ctx, item.Key)
		}
	case post.Due:
		now, err := loaded.Whose()
		if err == nil && content.Revision == item.Revision && now.Connection == item.Connection && now.Identity == item.Identity {
			return p.Shelf.Touch(ctx, item.Key)
		}
	}
	if mayShow(content, item.Account) {
		return p.Shelf.Drop(ctx, item.Key)
	}
	held := loaded.Account
	whom := lanes.At(held.Network, held.Remote)
	if err := p.Shelf.Touch(ctx, item.Key); err != nil || silent[whom] { // so that nobody else takes it meanwhile
		return err
	}
	begun := p.Clock.Own()
	err = p.discard(ctx, held.Network, held.Remote, item)
	silent[whom] = p.Clock.Own().Sub(begun) >= discarded
	return err
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

// discardOthers removes what was prepared for the target as it was before.
func (p *Preparer) discardOthers(ctx context.Context, s sight.Sight) {
	if mayShow(s.Post, s.Of.Account) {
		return
	}
	items, err := p.Shelf.Of(ctx, s.Of.Post, s.Of.Account)
	for _, item := range items {
		if item.Key != belongs(s) && !item.Held {
			err = errors.Join(err, p.discard(ctx, s.Account.Network, s.Account.Remote, item))
		}
	}
	if err != nil { // Tidy does it later
		p.Logger.WarnContext(ctx, "what was prepared is not discarded yet", "post", s.Of.Post.String(), "error", err)
	}
}

// discard removes something prepared from the network, as far as that can be
// done now, and from the shelf. What is of before a restore stays on the network:
// of whatever state the target is, it may have been published by a person or a
// repetition that the log has forgotten (R69).
func (p *Preparer) discard(ctx context.Context, network, remote string, item shelf.Item) error {
	connector, err := p.Reader.Networks.Connector(network)
	if err == nil && len(item.Made) > 0 && !item.Doubted {
		s := sight.Sight{Connector: connector, Connection: item.Connection}
		asking, cancel := context.WithTimeout(ctx, discarded)
		defer cancel()
		err = p.Calls.Through(asking, s, false, func(c networks.Credential) error {
			return connector.Discard(asking, networks.Session{Credential: c, Account: remote, Identity: item.Identity}, item.Made)
		})
	}
	if err != nil {
		p.Logger.InfoContext(ctx, "something invisible stays on a network", "network", network, "error", err)
	}
	return p.Shelf.Drop(ctx, item.Key)
}
