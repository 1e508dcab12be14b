package planning

import (
	"time"

	"behalf/domain"
	"behalf/domain/post"
)

// ReschedulePost moves what is planned of a post to another moment (R57), with
// what waits for a reauthentication. What was approved stays approved: an
// approval is of the content (R54).
type ReschedulePost struct {
	Post domain.PostID `json:"post" doc:"The post."`
	At   time.Time     `json:"at" doc:"When to publish: RFC 3339, at most two years ahead."`
	Zone string        `json:"zone,omitempty" maxLength:"64" doc:"IANA name of the author's time zone, kept for display."`
}

// Decide refuses with R17, R27 or R28 who may not change the post, with R59
// while it is being sent, and with R57 a moment that cannot be or a post of
// which nothing is planned.
func (c ReschedulePost) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	if _, err := s.Post.Changer(s.ID, s.Workspace, by); err != nil {
		return nil, err
	}
	if err := s.Post.MustRest(); err != nil {
		return nil, err
	}
	at, err := moment(c.At, c.Zone, by)
	if err != nil {
		return nil, err
	}
	accounts := s.Post.In(post.TargetState.Planned)
	if len(accounts) == 0 {
		return nil, domain.Clash(domain.R57, "nothing_scheduled", "Nothing of this post is scheduled.")
	}
	slots, err := s.Reserve(accounts, at, by)
	if err != nil {
		return nil, err
	}
	events := append([]domain.Event{post.Rescheduled{Accounts: accounts, At: at, Zone: c.Zone}}, takenUp(s, accounts, post.Plan{At: at, Zone: c.Zone})...)
	return append(s.On(events...), slots...), nil
}

// takenUp schedules again what waited for a connection to be mended: whose it
// goes out through is found out at the new moment (R42), when its mode may be
// another one, and nobody mends what is not used any more. What was edited
// meanwhile waits for its approvals (R54).
func takenUp(s post.Scene, accounts []domain.AccountID, how post.Plan) (events []domain.Event) {
	var unapproved []domain.AccountID
	for _, account := range accounts {
		switch target := s.Post.Targets[account]; {
		case target.State != post.NeedsReauthentication:
		case len(target.Gates) > 0:
			unapproved = append(unapproved, account)
		default:
			events = append(events, post.TargetScheduled{Account: account, At: how.At})
		}
	}
	if len(unapproved) > 0 {
		events = append(events, s.Schedule(s.Post, unapproved, how))
	}
	return events
}
