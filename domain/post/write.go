package post

import (
	"fmt"

	"behalf/domain"
	"behalf/domain/workspace"
)

// Bounds of one post. A network's own limits are narrower and are the
// network's to state.
const (
	maxText     = 10_000 // characters
	maxTargets  = 100
	maxIdentity = 200 // characters
)

// Content is what a member writes and where it goes.
type Content struct {
	Text    string        `json:"text" minLength:"1" maxLength:"10000" doc:"The post's text."`
	Targets []Destination `json:"targets" minItems:"1" maxItems:"100" doc:"The social accounts that it goes to."`
}

// write answers the event of writing, or R32 where the id is another
// workspace's; it refuses with R17 (no manage_posts), R60 (malformed text), R27 (an account the author does not have), R36 or R40 (an identity that is
// not theirs to choose).
func (c Content) write(ws domain.WorkspaceID, w workspace.Workspace, p Post, by domain.Actor) (Written, error) {
	author, err := w.Admit(by)
	if err != nil {
		return Written{}, err
	}
	if err := author.MayWrite(); err != nil {
		return Written{}, err
	}
	if p.Exists() && p.Workspace != ws {
		return Written{}, domain.Hidden()
	}
	if p.Exists() {
		return Written{}, domain.Clash(0, "post_exists", "A post with this id exists already.")
	}
	if !domain.IsText(c.Text, maxText) {
		return Written{}, domain.Wrong(domain.R60, "text", "malformed_text", "A post's text has 1 to 10000 characters and no control characters.")
	}
	if len(c.Targets) == 0 || len(c.Targets) > maxTargets {
		return Written{}, domain.Wrong(0, "targets", "malformed_targets", "A post goes to 1 to 100 accounts.")
	}
	seen := map[domain.AccountID]bool{}
	for i, target := range c.Targets {
		at := fmt.Sprintf("targets[%d]", i)
		if seen[target.Account] {
			return Written{}, domain.Wrong(0, at+".account", "targeted_twice", "The account is named twice.")
		}
		seen[target.Account] = true
		if err := target.check(w, author, at); err != nil {
			return Written{}, err
		}
	}
	return Written{Workspace: ws, Author: by.User, Text: c.Text, Targets: c.Targets}, nil
}

func (d Destination) check(w workspace.Workspace, author workspace.Member, at string) error {
	held, known := w.Accounts[d.Account]
	switch {
	case !known || !author.Holds(d.Account):
		return domain.Wrong(domain.R27, at+".account", "account_not_yours", "You have no such account.")
	case d.Identity == "":
		return nil
	case !domain.IsLine(d.Identity, maxIdentity):
		return domain.Wrong(0, at+".identity", "malformed_identity", "A posting identity is one line of 1 to 200 characters.")
	case !held.HasIdentities:
		return domain.Wrong(domain.R40, at+".identity", "no_identities", "Posts to this network always appear as the account itself.")
	case author.Role != workspace.Owner && author.Assignments[d.Account].CredentialMode != workspace.MemberMode:
		return domain.Wrong(domain.R36, at+".identity", "identity_is_the_owners", "With the Owner's connection, the Owner chooses who posts appear as.")
	}
	return nil
}

// gates answers which approvals each target needs (R50-R52).
func (c Content) gates(w workspace.Workspace, author workspace.Member) map[domain.AccountID][]Gate {
	gates := map[domain.AccountID][]Gate{}
	for _, target := range c.Targets {
		if author.Role == workspace.Editor && author.Assignments[target.Account].PostingLevel == workspace.ApprovalRequired {
			gates[target.Account] = append(gates[target.Account], TeamGate)
		}
		if author.Role != workspace.Client && w.ApprovedByClient(target.Account) {
			gates[target.Account] = append(gates[target.Account], ClientGate)
		}
	}
	if len(gates) == 0 {
		return nil
	}
	return gates
}
