package planning

import (
	"time"

	"behalf/domain"
	"behalf/domain/post"
)

// ApprovalLife is how long a post that is to go out as soon as it is approved
// may wait for that.
const ApprovalLife = 14 * 24 * time.Hour

// SubmitPost hands a draft in for approval, or again what was declined or
// missed (R55). Without a moment it goes out as soon as it is approved; what
// needs no approval of it goes out at once.
type SubmitPost struct {
	Post domain.PostID `json:"post" doc:"The post."`
	At   time.Time     `json:"at,omitzero" doc:"When to publish: RFC 3339, at most two years ahead. Left out: as soon as it is approved, within 14 days."`
	Zone string        `json:"zone,omitempty" maxLength:"64" doc:"IANA name of the author's time zone, kept for display."`

	Checked post.Checked `json:"-"` // against the networks' limits; looked up
}

// Decide refuses what SchedulePost refuses, and with R50 a post that needs no
// approval.
func (c SubmitPost) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	p, _, err := prepared(s, c.Post, post.Content{}, c.Checked, by)
	if err != nil {
		return nil, err
	}
	accounts, err := unplanned(p)
	if err != nil {
		return nil, err
	}
	gates := p.OpenOn(s.Workspace, accounts)
	if len(gates) == 0 {
		return nil, domain.Clash(domain.R50, "no_approval_needed", "This post needs no approval. Publish or schedule it.")
	}
	if !c.At.IsZero() {
		return SchedulePost{Post: c.Post, At: c.At, Zone: c.Zone, Checked: c.Checked}.Decide(s, by)
	}
	if _, err := moment(by.Now.Add(ApprovalLife), c.Zone, by); err != nil {
		return nil, err
	}
	var gated, free []domain.AccountID
	for _, account := range accounts {
		if len(gates[account]) > 0 {
			gated = append(gated, account)
		} else {
			free = append(free, account)
		}
	}
	changes := s.On(s.Schedule(p, gated, post.Plan{At: by.Now.Add(ApprovalLife), Zone: c.Zone, OnApproval: true}))
	if len(free) == 0 {
		return append(changes, s.Release(gated)...), nil
	}
	slots, err := s.Reserve(free, by.Now, by)
	if err != nil {
		return nil, err
	}
	changes = append(changes, s.On(s.Schedule(p, free, post.Plan{At: by.Now, Zone: c.Zone}))...)
	return append(append(changes, slots...), s.Release(gated)...), nil
}
