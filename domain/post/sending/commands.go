// Package sending takes a target from its time to the network, one attempt after
// the other, or ends it without one. Its commands are Behalf's own. How an attempt
// ended is told by those of package outcome.
package sending

import (
	"behalf/domain"
	"behalf/domain/post"
)

// Commands lists the commands that say when a target is sent.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		whenDue[ClaimTarget]("ClaimTarget", "Begin an attempt: resolve whose connection the post goes out through, and record it.",
			domain.R13, domain.R42, domain.R43, domain.R44, domain.R56, domain.R57, domain.R59, domain.R61, domain.R68),
		whenDue[HandOver]("HandOver", "Have a person post by hand what the network takes from no program.",
			domain.R13, domain.R42, domain.R56, domain.R57, domain.R59, domain.R68),
		post.BySystem[ReportTrouble]("ReportTrouble", "Note what a network would refuse, ahead of its time, for who can mend it.", domain.R37, domain.R60),
		post.BySystem[ResumeTarget]("ResumeTarget", "Let a target go on whose connection was mended.", domain.R47),
		post.ForBehalf[MissTarget]("MissTarget", "End a target whose time has passed.", domain.R56),
		post.ForBehalf[StopTarget]("StopTarget", "End a target that waits, whose account was removed.", domain.R7),
	}
}

// Subject is the post.
func (c ResumeTarget) Subject() domain.PostID { return c.Post }

// Subject is the post.
func (c MissTarget) Subject() domain.PostID { return c.Post }

// Subject is the post.
func (c StopTarget) Subject() domain.PostID { return c.Post }

// Subject is the post.
func (c ReportTrouble) Subject() domain.PostID { return c.Post }
