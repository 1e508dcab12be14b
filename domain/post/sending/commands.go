// Package sending takes a target from its time to the network, one attempt after
// the other. Its commands are Behalf's own.
package sending

import (
	"behalf/domain"
	"behalf/domain/post"
)

// Commands lists the commands that say how a target is sent.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		whenDue[ClaimTarget]("ClaimTarget", "Begin an attempt: resolve whose connection the post goes out through, and record it.",
			domain.R13, domain.R42, domain.R43, domain.R44, domain.R56, domain.R57, domain.R59, domain.R61, domain.R68),
		whenDue[HandOver]("HandOver", "Have a person post by hand what the network takes from no program.",
			domain.R13, domain.R42, domain.R56, domain.R57, domain.R59, domain.R68),
		post.BySystem[RecordPublished]("RecordPublished", "Note that the network shows the post.", domain.R59),
		post.BySystem[ReleaseTarget]("ReleaseTarget", "End an attempt that sent nothing; it is tried again.", domain.R45, domain.R59),
		post.BySystem[FailTarget]("FailTarget", "End an attempt that the network refused.", domain.R58),
		post.ForBehalf[RecordUnknown]("RecordUnknown", "End an attempt whose outcome cannot be found out.", domain.R59),
		post.ForBehalf[DoubtTarget]("DoubtTarget", "End a target of which a restored log does not know whether it went out.", domain.R59, domain.R69),
		post.BySystem[ReportTrouble]("ReportTrouble", "Note what a network would refuse, ahead of its time, for who can mend it.", domain.R37, domain.R60),
		post.BySystem[HoldTarget]("HoldTarget", "Let a target wait for its connection to be reauthenticated.", domain.R44, domain.R45),
		post.BySystem[ResumeTarget]("ResumeTarget", "Let a target go on whose connection was mended.", domain.R47),
		post.ForBehalf[MissTarget]("MissTarget", "End a target whose time has passed.", domain.R56),
		post.ForBehalf[StopTarget]("StopTarget", "End a target that waits, whose account was removed.", domain.R7),
	}
}

// Subject is the post.
func (r AttemptRef) Subject() domain.PostID { return r.Post }

// Subject is the post.
func (c ResumeTarget) Subject() domain.PostID { return c.Post }

// Subject is the post.
func (c MissTarget) Subject() domain.PostID { return c.Post }

// Subject is the post.
func (c StopTarget) Subject() domain.PostID { return c.Post }

// Subject is the post.
func (c ReportTrouble) Subject() domain.PostID { return c.Post }

// Subject is the post.
func (c DoubtTarget) Subject() domain.PostID { return c.Post }
