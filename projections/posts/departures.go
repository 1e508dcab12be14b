package posts

import (
	"time"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections/rows"
	"behalf/projections/view"
)

// What was taken from whom, one row an event, by position: a post that was a
// member's before is the Owner's (R61), also when that member came back since;
// a connection that was made before is destroyed (R62). Hence whoever settles
// this needs no other view to be as new as this one.
const departuresTables = `
create table departures (
	position bigint primary key,
	workspace_id uuid not null,
	what text not null,
	user_id uuid,
	account_id uuid,
	departed_at timestamptz not null
)`

const departuresAccess = `
create policy api on departures for select to behalf_api using (
	workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
)`

var departuresTypes = view.Types(
	workspace.MemberRemoved{}, workspace.MemberLeft{}, workspace.AccountUnassigned{}, workspace.ClientAccessChanged{},
	workspace.RoleChanged{}, workspace.AccountRemoved{}, workspace.Deleted{},
)

// DepartureKind says what has gone.
type DepartureKind string

// The kinds of departure.
const (
	MembershipEnded DepartureKind = "membership" // removed, or left
	PostingEnded    DepartureKind = "posting"    // on one account or, without manage_posts, on all
	AccountGone     DepartureKind = "account"    // the workspace does not hold it any more
	WorkspaceGone   DepartureKind = "workspace"  // deleted
)

type departureRow struct {
	Position  int64              `db:"position"`
	Workspace domain.WorkspaceID `db:"workspace_id"`
	What      DepartureKind      `db:"what"`
	User      domain.UserID      `db:"user_id"`    // zero: everybody
	Account   domain.AccountID   `db:"account_id"` // zero: every account
	At        time.Time          `db:"departed_at"`
}

var departures = rows.NewTable[departureRow]("departures", "position")

// departed answers what an event takes from somebody; nil for most.
func departed(recorded eventstore.Recorded) []rows.Change {
	row := departureRow{Position: recorded.Position, Workspace: recorded.Workspace, At: recorded.RecordedAt}
	switch e := recorded.Event.(type) {
	case workspace.AccountRemoved:
		row.What, row.Account = AccountGone, e.Account
	case workspace.Deleted:
		row.What = WorkspaceGone
	case workspace.Withdrawal:
		withdrawn, is := e.Withdraws()
		if !is {
			return nil
		}
		row.What, row.User = PostingEnded, withdrawn.Member
		if withdrawn.Gone {
			row.What = MembershipEnded
		}
		if len(withdrawn.Accounts) > 0 {
			row.Account = withdrawn.Accounts[0] // one at most: accounts are unassigned one by one
		}
	default:
		return nil
	}
	return []rows.Change{departures.Put(row)}
}
