package mail

import (
	"fmt"
	"time"
)

// About says what a mail about a person's own account is about.
type About string

// What mails about accounts are about.
const (
	AboutVerifying About = "verifying" // the address, by the link
	AboutChanging  About = "changing"  // to this address, by the link
	AboutResetting About = "resetting" // the password, by the link
	AboutRepeating About = "repeating" // somebody registered the address once more; the link leads to where one signs in
)

const (
	neverMind       = "If that was not you, do nothing: nothing happens without the link."
	somebodyEntered = "You get this mail because somebody entered your address at Behalf."
)

// Account is a mail about a person's own account. Its link lets in whoever has
// it, with all but AboutRepeating.
type Account struct {
	About   About
	Link    Link
	Expires time.Time // of the link
}

// Message writes the mail. The error never repeats the address or the link.
func (a Account) Message(id, to string) (Message, error) {
	l := letter{Greeting: "Hello,", Link: a.Link, Reason: somebodyEntered}
	works := fmt.Sprintf("The link works once, until %s.", moment(a.Expires))
	switch a.About {
	case AboutVerifying:
		l.Subject, l.Button = "Confirm your address", "Confirm your address"
		l.Paragraphs = []string{"Somebody opened a Behalf account with this address. If that was you, confirm the address, and then sign in with the password that you chose."}
		l.After = []string{works, neverMind}
	case AboutChanging:
		l.Subject, l.Button = "Confirm your new address", "Confirm your new address"
		l.Paragraphs = []string{"The owner of a Behalf account wants to use this address for it. If that is you, confirm it while you are signed in."}
		l.After = []string{works, neverMind}
	case AboutResetting:
		l.Subject, l.Button = "Set a new password", "Set a new password"
		l.Paragraphs = []string{"Somebody asked for a new password for the Behalf account with this address. Setting one ends all sessions of the account."}
		l.After = []string{works, "If that was not you, do nothing: your password stays as it is."}
	case AboutRepeating:
		l.Subject, l.Button = "You have a Behalf account already", "Sign in"
		l.Paragraphs = []string{"Somebody tried to open a Behalf account with this address, which has one already. Nothing was changed."}
		l.After = []string{"If that was you, sign in. If you do not know the password any more, ask for a new one there."}
	default:
		return Message{}, fmt.Errorf("unknown mail about an account: %q", string(a.About))
	}
	return l.message(id, to)
}
