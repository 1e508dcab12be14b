package scenario

import (
	"time"

	"behalf/domain"
)

// The workspace that the stories play in, its people and its accounts.
var (
	Acme = domain.WorkspaceID{0: 0x01, 15: 0x01}

	Olivia  = domain.UserID{0: 0x02, 15: 0x01} // the Owner
	Adam    = domain.UserID{0: 0x02, 15: 0x02} // an Admin
	Edith   = domain.UserID{0: 0x02, 15: 0x03} // an Editor
	Carl    = domain.UserID{0: 0x02, 15: 0x04} // a Client
	Mallory = domain.UserID{0: 0x02, 15: 0x05} // nobody here

	News = domain.AccountID{0: 0x03, 15: 0x01} // a page: posts appear as the page itself
	Blog = domain.AccountID{0: 0x03, 15: 0x02} // a WordPress site: it knows authors (R40)
	Lost = domain.AccountID{0: 0x03, 15: 0x03} // an account that the workspace does not hold
)

// Now is the moment at which stories play.
var Now = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// As is a user who acts now.
func As(user domain.UserID) domain.Actor { return domain.Actor{User: user, Now: Now} }

// System is a part of Behalf that acts now.
func System() domain.Actor { return domain.Actor{Part: "publish", Now: Now} }

// At lets somebody act at another moment.
func At(by domain.Actor, moment time.Time) domain.Actor {
	by.Now = moment
	return by
}
