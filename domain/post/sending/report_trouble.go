package sending

import (
	"behalf/domain"
	"behalf/domain/post"
)

// ReportTrouble notes that a network would refuse a target that is due soon,
// for the one person who can mend it to be told while there is time.
type ReportTrouble struct {
	Post     domain.PostID
	Account  domain.AccountID
	Revision int           // that was looked at
	Code     string        // the network's own
	Detail   string        // plain words
	To       domain.UserID // who can mend it
	Rights   bool          // by giving their connection the right; otherwise by changing the post
}

// Decide answers nothing for what is not to be sent any more, or not as it was
// looked at, and for what the person was told already.
func (c ReportTrouble) Decide(p post.Post, by domain.Actor) ([]domain.Event, error) {
	target, known := p.Targets[c.Account]
	if !by.IsSystem() || !known {
		return nil, domain.Hidden()
	}
	found := post.TargetTroubled{Account: c.Account, Revision: c.Revision, Code: c.Code, Detail: c.Detail, To: c.To, Rights: c.Rights}
	if target.State != post.Due || p.Revision != c.Revision || target.Trouble == found {
		return nil, nil
	}
	return []domain.Event{found}, nil
}
