package past

import (
	"bytes"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/eventstore"
)

// Filter names a part of a history. What is unset does not matter.
type Filter struct {
	Member  domain.UserID    // the event is about them
	Account domain.AccountID // the event is about it
	Actor   domain.UserID    // who issued the command
	Command string           // the command's name
	Since   time.Time        // at this instant or later
	Until   time.Time        // at this instant or earlier
	After   int64            // behind this position
	Limit   int              // how many at most
	// Settled leaves out what something may still appear before: of several
	// streams, the next page then lacks nothing.
	Settled bool
}

// matches looks at what a query cannot. Ids are unique texts, so that an event
// is about whatever its data names, and about what its stream is of.
func (f Filter) matches(stream domain.Stream, m eventstore.Metadata, data []byte) bool {
	return (f.Member.IsZero() || bytes.Contains(data, []byte(f.Member.String()))) &&
		(f.Account.IsZero() || stream == account.Stream(f.Account) || bytes.Contains(data, []byte(f.Account.String()))) &&
		(f.Actor.IsZero() || m.Actor == f.Actor) &&
		(f.Command == "" || m.Command == f.Command)
}
