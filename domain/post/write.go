package post

import (
	"fmt"

	"behalf/domain"
	"behalf/domain/workspace"
)

// Write answers the event of writing, or R32 where the id is another
// workspace's; it refuses with R17 (no manage_posts), R60 (malformed), R27 (an
// account the author does not have), R36 or R40 (an identity that is not theirs
// to choose).
func (c Content) Write(ws domain.WorkspaceID, w workspace.Workspace, p Post, by domain.Actor) (Written, error) {
	author, err := w.Admit(by)
	if err != nil {
		return Written{}, err
	}
	if err := author.MayWrite(); err != nil {
		return Written{}, err
	}
	if !p.Workspace.IsZero() && p.Workspace != ws {
		return Written{}, domain.Hidden()
	}
	if !p.Workspace.IsZero() {
		return Written{}, domain.Clash(0, "post_exists", "A post with this id exists already.")
	}
	if err := c.CheckFor(w, author, p); err != nil {
		return Written{}, err
	}
	return Written{Workspace: ws, Author: by.User, Content: c.Seal(ws), Media: c.Used(), Targets: c.Places()}, nil
}

// CheckFor checks the content, and that the member may bring it where it goes:
// what the post has there already is not asked for again.
func (c Content) CheckFor(w workspace.Workspace, writer workspace.Member, p Post) error {
	if err := c.check(); err != nil {
		return err
	}
	seen := map[domain.AccountID]bool{}
	for i, target := range c.Targets {
		at := fmt.Sprintf("targets[%d]", i)
		if seen[target.Account] {
			return domain.Wrong(domain.R60, at+".account", "targeted_twice", "The account is named twice.")
		}
		seen[target.Account] = true
		if before, has := p.Targets[target.Account]; has && before.Identity == target.Identity {
			target.Identity = ""
		}
		if err := target.check(w, writer, at); err != nil {
			return err
		}
	}
	return nil
}

func (d Destination) check(w workspace.Workspace, author workspace.Member, at string) error {
	held, known := w.Accounts[d.Account]
	switch {
	case !known || !author.Holds(d.Account):
		return domain.Wrong(domain.R27, at+".account", "account_not_yours", "You have no such account.")
	case d.Identity == "":
		return nil
	case !domain.IsLine(d.Identity, maxIdentity):
		return domain.Wrong(domain.R40, at+".identity", "malformed_identity", "A posting identity is one line of 1 to 200 characters.")
	case !held.HasIdentities:
		return domain.Wrong(domain.R40, at+".identity", "no_identities", "Posts to this network always appear as the account itself.")
	case !author.ChoosesIdentity(d.Account):
		return domain.Wrong(domain.R36, at+".identity", "identity_is_the_owners", "With the Owner's connection, the Owner chooses who posts appear as.")
	}
	return nil
}
