package post

import (
	"regexp"
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
)

// maxAhead is how far ahead a post can be scheduled.
const maxAhead = 2 * 365 * 24 * time.Hour

// zoneForm is that of the names in the IANA time zone database: up to three
// parts of letters, digits and a few signs. Whether there is such a zone is not
// looked up: the name is kept for display alone.
var zoneForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]{0,30}(/[A-Za-z][A-Za-z0-9_+-]{0,30}){0,2}$`)

// SchedulePost writes a post and has it published at a moment (R57).
type SchedulePost struct {
	Post domain.PostID `json:"post,omitempty" doc:"The new post's id: post_ and the digits of a UUID of your own, version 7 at best. Left out: given by Behalf."`
	Content
	At   time.Time `json:"at" doc:"When to publish: RFC 3339, at most two years ahead."`
	Zone string    `json:"zone,omitempty" maxLength:"64" doc:"IANA name of the author's time zone, kept for display."`
}

// Start gives the new post its id.
func (c *SchedulePost) Start(by domain.Actor) {
	if c.Post.IsZero() {
		c.Post = by.NewPostID()
	}
}

// Decide refuses what PublishPost refuses, and with R57 a moment that has
// passed or is too far away.
func (c SchedulePost) Decide(ws domain.WorkspaceID, w workspace.Workspace, p Post, by domain.Actor) ([]domain.Event, error) {
	written, err := c.write(ws, w, p, by)
	if err != nil {
		return nil, err
	}
	at := c.At.UTC()
	switch {
	case !at.After(by.Now):
		return nil, domain.Wrong(domain.R57, "at", "moment_passed", "This moment has passed already.")
	case at.After(by.Now.Add(maxAhead)):
		return nil, domain.Wrong(domain.R57, "at", "moment_too_far", "A post can be scheduled at most two years ahead.")
	case c.Zone != "" && !zoneForm.MatchString(c.Zone):
		return nil, domain.Wrong(domain.R57, "zone", "malformed_zone", "A time zone has a name like Europe/Berlin.")
	}
	return []domain.Event{written, Scheduled{
		Revision: 1, At: at, Zone: c.Zone, Gates: c.gates(w, w.Members[by.User]),
	}}, nil
}
