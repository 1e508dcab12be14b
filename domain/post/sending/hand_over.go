package sending

import (
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
)

// ConfirmWithin is how long a person has to post by hand and to confirm it.
const ConfirmWithin = 24 * time.Hour

// HandOver has a person post by hand what is due on a network that takes no
// posts from programs: whoever's connection a program would have used.
type HandOver struct {
	Post    domain.PostID
	Account domain.AccountID
}

// Decide answers TargetHandedOver, or what ClaimTarget answers instead of a
// claim, but for a connection that cannot be used: none is needed.
func (c HandOver) Decide(ws domain.WorkspaceID, p post.Post, w workspace.Workspace, a account.Account, by domain.Actor) ([]domain.Event, error) {
	resolution, instead, err := resolveFor(p, ws, w, a, c.Account, 0, by)
	if err != nil || instead != nil {
		return instead, err
	}
	return []domain.Event{post.TargetHandedOver{
		Account: c.Account, To: resolution.Holder, Mode: resolution.Mode, Deadline: by.Now.Add(ConfirmWithin),
	}}, nil
}
