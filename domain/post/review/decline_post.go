package review

import (
	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
)

// maxNote is how many characters a note or a comment may have.
const maxNote = 5_000

// DeclinePost says no to one revision of a post, wherever the member may and it
// waits for that, and returns it to its author with a note (R55).
type DeclinePost struct {
	Post     domain.PostID      `json:"post" doc:"The post."`
	Revision int                `json:"revision" minimum:"1" doc:"The revision that you have seen. Another one is refused (R54)."`
	Note     string             `json:"note" minLength:"1" maxLength:"5000" doc:"What is to be changed, for the author."`
	Accounts []domain.AccountID `json:"accounts,omitempty" maxItems:"100" doc:"Only on these accounts. Left out: wherever you may."`
}

// Decide refuses what ApprovePost refuses, but for what is late, and with R55 a
// note that says nothing.
func (c DeclinePost) Decide(s post.Scene, by domain.Actor) ([]domain.Change, error) {
	voice, err := voiceOf(s, c.Revision, c.Accounts, by)
	if err != nil {
		return nil, err
	}
	if !domain.IsText(c.Note, maxNote) {
		return nil, domain.Wrong(domain.R55, "note", "malformed_note", "A note has 1 to 5000 characters and no control characters.")
	}
	declined := post.Declinement{
		By: by.User, Revision: c.Revision, Gate: voice.gate, Accounts: voice.accounts,
		Note: personal.Workspace(s.ID).Says(c.Note), Author: s.Post.Author,
	}
	return append(s.On(declined), s.Release(voice.accounts)...), nil
}
