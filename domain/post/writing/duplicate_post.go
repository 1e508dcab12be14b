package writing

import (
	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// DuplicatePost makes a draft that says what another post says, for those of its
// accounts that the member has.
type DuplicatePost struct {
	Post     domain.PostID `json:"post,omitempty" doc:"The new post's id: post_ and the digits of a UUID of your own, version 7 at best. Left out: given by Behalf."`
	Original domain.PostID `json:"original" doc:"The post that is copied."`
	Private  bool          `json:"private,omitempty" doc:"Seen by its author alone, until it is shared or scheduled (R31)."`

	Content  post.Content `json:"-"` // of the original; looked up
	Revision int          `json:"-"` // of the original, as it was looked up
}

// Start gives the new post its id.
func (c *DuplicatePost) Start(by domain.Actor) { c.Post = post.NewID(c.Post, by) }

// Decide answers R32 for an original that the actor does not see, and refuses
// with R17 who writes no posts, with R27 who has none of its accounts any more,
// and with R54 when it was changed while it was read. A posting identity that is
// not theirs to choose is left out.
func (c DuplicatePost) Decide(ws domain.WorkspaceID, w workspace.Workspace, p, original post.Post, by domain.Actor) ([]domain.Event, error) {
	member, err := original.Reader(ws, w, by)
	if err != nil {
		return nil, err
	}
	if c.Revision != original.Revision {
		return nil, domain.Clash(domain.R54, "post_changed", "The post was changed meanwhile. Look at it again.")
	}
	copied := c.Content
	copied.Targets = nil
	for _, target := range c.Content.Targets {
		if _, held := w.Accounts[target.Account]; !held || !member.Holds(target.Account) {
			continue
		}
		if !w.Accounts[target.Account].HasIdentities || !member.ChoosesIdentity(target.Account) {
			target.Identity = ""
		}
		copied.Targets = append(copied.Targets, target)
	}
	if err := member.MayWrite(); err != nil {
		return nil, err
	}
	if len(copied.Targets) == 0 {
		return nil, domain.Forbid(domain.R27, "account_not_yours", "You have none of the accounts that this post goes to.")
	}
	written, err := copied.Write(ws, w, p, by)
	if err != nil {
		return nil, err
	}
	written.Private, written.Of = c.Private, c.Original
	return []domain.Event{written}, nil
}

// duplicatePost reads the post that it copies.
func duplicatePost() domain.CommandType {
	return domain.CommandType{
		Name: "DuplicatePost", Issuer: domain.ByMember, Summary: "Make a draft that says what another post says.",
		Rules: post.OfMembers([]domain.Rule{domain.R17, domain.R27, domain.R31, domain.R54, domain.R60}),
		New:   func() any { return new(DuplicatePost) },
		Streams: func(cmd any, ws domain.WorkspaceID, _ domain.Actor) []domain.Stream {
			c := cmd.(*DuplicatePost)
			streams := []domain.Stream{post.Stream(c.Post), workspace.Stream(ws)}
			if c.Original != c.Post {
				streams = append(streams, post.Stream(c.Original))
			}
			return streams
		},
		Decide: func(cmd any, ws domain.WorkspaceID, facts domain.Facts, by domain.Actor) ([]domain.Change, error) {
			c := cmd.(*DuplicatePost)
			w := domain.Fact[*workspace.Workspace](facts, workspace.Stream(ws))
			p, original := domain.Fact[*post.Post](facts, post.Stream(c.Post)), domain.Fact[*post.Post](facts, post.Stream(c.Original))
			events, err := c.Decide(ws, *w, *p, *original, by)
			return domain.On(post.Stream(c.Post), events...), err
		},
	}
}
