package user

import (
	"time"

	"behalf/domain"
)

// Purpose says what a mailed link is for.
type Purpose string

// The purposes of links.
const (
	ToVerify        Purpose = "verify_address"
	ToChangeAddress Purpose = "change_address"
	ToResetPassword Purpose = "reset_password"
)

// How long links work. The one that opens an account to whoever has it works
// for the shortest time.
const (
	verifyLife = 7 * 24 * time.Hour
	changeLife = 24 * time.Hour
	resetLife  = time.Hour
)

// Life is how long a link for this purpose works, from being asked for.
func (p Purpose) Life() time.Duration {
	switch p {
	case ToVerify:
		return verifyLife
	case ToChangeAddress:
		return changeLife
	case ToResetPassword:
		return resetLife
	default:
		return 0
	}
}

// Link is what the token of a mailed link stands for; zero when it proves nothing.
type Link struct {
	Person     domain.UserID
	Purpose    Purpose
	Generation int // of the person's links for this purpose, from 1
	Expires    time.Time
}

// LinkFor is the person's newest link for a purpose, when it was asked for at a
// moment: what the mail spells out.
func (u User) LinkFor(person domain.UserID, purpose Purpose, asked time.Time) Link {
	newest, _ := u.newest(purpose)
	return Link{Person: person, Purpose: purpose, Generation: newest, Expires: asked.Add(purpose.Life()).Truncate(time.Second)}
}

// Opens answers nil for a link that works at this moment. It answers R32 to a
// link for something else, and says of every other one why it is dead.
func (u User) Opens(link Link, purpose Purpose, now time.Time) error {
	newest, open := u.newest(purpose)
	switch {
	case !u.Registered, link.Purpose != purpose, link.Generation < 1, link.Generation > newest:
		return domain.Hidden()
	case link.Generation < newest:
		return domain.Clash(0, "link_superseded", "A newer link replaced this one.")
	case !open:
		return domain.Clash(0, "link_used", "This link was used already, or is not needed any more.")
	case !now.Before(link.Expires):
		return domain.Clash(0, "link_expired", "This link has expired. Ask for a new one.")
	}
	return nil
}

// newest is the generation of the newest link for a purpose, and whether
// something is still to be done with it.
func (u User) newest(purpose Purpose) (generation int, open bool) {
	switch purpose {
	case ToVerify:
		return u.Verification, !u.Verified
	case ToChangeAddress:
		return u.Change, !u.Pending.IsZero()
	case ToResetPassword:
		return u.Reset, u.ResetOpen
	default:
		return 0, false
	}
}
