package post

import "behalf/domain"

// Checked is what was found about a content before it is scheduled, by whoever
// knows the networks (R60). The zero Checked found nothing.
type Checked struct {
	Revision int // of the post whose content was looked at; 0 for one that comes with the command
	Faults   []domain.Fault
}

// Refuse refuses with R60 and everything that was found, and with R54 when it
// was found about a revision that has been replaced meanwhile.
func (c Checked) Refuse(p Post) error {
	if c.Revision != 0 && c.Revision != p.Revision {
		return domain.Clash(domain.R54, "post_changed", "The post was changed meanwhile. Look at it again.")
	}
	if len(c.Faults) == 0 {
		return nil
	}
	return &domain.Refusal{
		Kind: domain.Invalid, Rule: domain.R60, Code: "content_refused", Field: c.Faults[0].Field, Faults: c.Faults,
		Detail: "A network would not take this post. Everything that it would refuse is listed.",
	}
}
