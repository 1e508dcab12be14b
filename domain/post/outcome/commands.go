// Package outcome says how an attempt at a target ended: whether the network shows
// the post, and what becomes of the target then. Its commands are Behalf's own.
package outcome

import (
	"behalf/domain"
	"behalf/domain/post"
)

// Commands lists the commands that say how an attempt ended.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		post.BySystem[RecordPublished]("RecordPublished", "Note that the network shows the post.", domain.R59),
		post.BySystem[ReleaseTarget]("ReleaseTarget", "End an attempt that sent nothing; it is tried again.", domain.R45, domain.R59),
		post.BySystem[FailTarget]("FailTarget", "End an attempt that the network refused.", domain.R58),
		post.ForBehalf[RecordUnknown]("RecordUnknown", "End an attempt whose outcome cannot be found out.", domain.R59),
		post.ForBehalf[DoubtTarget]("DoubtTarget", "End a target of which a restored log does not know whether it went out.", domain.R59, domain.R69),
		post.BySystem[HoldTarget]("HoldTarget", "Let a target wait for its connection to be reauthenticated.", domain.R44, domain.R45),
	}
}

// Subject is the post.
func (r AttemptRef) Subject() domain.PostID { return r.Post }

// Subject is the post.
func (c DoubtTarget) Subject() domain.PostID { return c.Post }
