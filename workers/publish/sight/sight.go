// Package sight is what is known of one target when something is to be done about
// it: what the log says, what the post says, and which connector speaks to its
// network.
package sight

import (
	"context"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/media"
	"behalf/internal/networks"
)

// Reader reads it. It is safe for concurrent use.
type Reader struct {
	Store    *eventstore.Store
	Networks networks.Registry
	Persons  personal.Opener // opens what posts say
	Media    *media.Keeper   // nil: none are kept, and a post with some is not sent

	places places
}

// Sight is what an attempt works on, as it was when it looked.
type Sight struct {
	Loaded
	Claimed    post.TargetClaimed
	Connector  networks.Connector
	Content    networks.Content
	Written    time.Time
	Due        time.Time
	Connection domain.ConnectionID
}

// Session is how the account is spoken for.
func (s Sight) Session(c networks.Credential) networks.Session {
	return networks.Session{Credential: c, Account: s.Account.Remote, Identity: s.Claimed.Identity}
}

// Attempt is the attempt as its connector takes it.
func (s Sight) Attempt(prepared networks.Prepared) networks.Attempt {
	return networks.Attempt{
		Key: s.Claimed.Key, Content: s.Content, Written: s.Written, Due: s.Due, Begun: s.Claimed.Since(), Prepared: prepared,
	}
}

// Load reads a target's streams.
func (r *Reader) Load(ctx context.Context, of Ref) (Loaded, error) {
	log, err := r.Store.Load(ctx, eventstore.Scope{Workspace: of.Workspace},
		post.Stream(of.Post), workspace.Stream(of.Workspace), account.Stream(of.Account))
	if err != nil {
		return Loaded{}, err
	}
	return loaded(of, log), nil
}

// See opens what a claim is to publish. Errors are *networks.Failure, and nothing was sent.
func (r *Reader) See(ctx context.Context, l Loaded, claimed post.TargetClaimed) (Sight, error) {
	s, err := r.speechless(l, claimed)
	if err != nil {
		return Sight{}, err
	}
	if s.Content, err = r.Read(ctx, l.Of, l.Post.Content); err != nil {
		return Sight{}, err
	}
	return s, nil
}

// speechless is a sight without what the post says.
func (r *Reader) speechless(l Loaded, claimed post.TargetClaimed) (Sight, error) {
	connector, err := r.Networks.Connector(l.Account.Network)
	if err != nil {
		return Sight{}, &networks.Failure{Kind: networks.Misconfigured, Code: "no_connector", Cause: err,
			Detail: "This installation does not speak to that network."}
	}
	return Sight{
		Loaded: l, Claimed: claimed, Connector: connector,
		Written: writtenAt(l.Of.Post), Due: l.Due(), Connection: claimed.Connection,
	}, nil
}

// ByHand reports whether a network takes posts from people alone.
func (r *Reader) ByHand(network string) bool {
	connector, err := r.Networks.Connector(network)
	return err == nil && connector.Capabilities().Manual
}
