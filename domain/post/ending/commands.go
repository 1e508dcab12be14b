// Package ending settles what became of targets that nobody knew of, and takes
// posts away again.
package ending

import (
	"behalf/domain"
	"behalf/domain/post"
)

// Commands lists the commands about what became of a target.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		post.InScene[ConfirmPosted]("ConfirmPosted", "Say where people see a post that somebody has posted by hand.",
			domain.R17, domain.R28, domain.R59),
		post.InScene[ResolveUnknown]("ResolveUnknown", "Say whether the network shows a post of which nobody could find out.",
			domain.R17, domain.R28, domain.R54, domain.R57, domain.R59, domain.R60),
		post.ForBehalf[ReportUnresolved]("ReportUnresolved", "Remind those who can say what became of a post of which that is unknown.", domain.R59),
		post.InScene[DeletePost]("DeletePost", "Delete a post; one that was published, at the network where it lets posts be deleted.",
			domain.R17, domain.R27, domain.R28, domain.R29, domain.R30, domain.R59),
		post.BySystem[RecordDeleted]("RecordDeleted", "Note that the network has removed a post.", domain.R29, domain.R43),
		post.BySystem[FailDeletion]("FailDeletion", "Note that the network goes on showing a post that was to be removed.", domain.R29, domain.R43),
	}
}

// Subject is the post.
func (c RecordDeleted) Subject() domain.PostID { return c.Post }

// Subject is the post.
func (c FailDeletion) Subject() domain.PostID { return c.Post }

// Subject is the post.
func (c ReportUnresolved) Subject() domain.PostID { return c.Post }

// Subjects names the post.
func (c DeletePost) Subjects() (domain.PostID, []domain.AccountID) { return c.Post, nil }

// Subjects names the post, and the account whose target it is.
func (c ResolveUnknown) Subjects() (domain.PostID, []domain.AccountID) {
	return c.Post, []domain.AccountID{c.Account}
}

// Subjects names the post, and the account whose target it is.
func (c ConfirmPosted) Subjects() (domain.PostID, []domain.AccountID) {
	return c.Post, []domain.AccountID{c.Account}
}
