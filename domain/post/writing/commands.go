// Package writing is about what a post says, where it goes, who sees it as a
// draft, and whose it is.
package writing

import (
	"behalf/domain"
	"behalf/domain/post"
)

// Commands lists the commands about what a post says, and for whom.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		post.InScene[CreateDraft]("CreateDraft", "Write a post that is not to go out yet.",
			domain.R17, domain.R27, domain.R31, domain.R36, domain.R40, domain.R60),
		post.InScene[EditPost]("EditPost", "Change what a post says and where it goes; approvals have to be given again.",
			domain.R17, domain.R27, domain.R28, domain.R36, domain.R40, domain.R54, domain.R57, domain.R59, domain.R60),
		duplicatePost(),
		post.ByMember[SharePost]("SharePost", "Show a draft to all who have its accounts.", domain.R31),
		post.ByMember[KeepPrivate]("KeepPrivate", "Hide a draft from everybody but its author.", domain.R31),
		passToOwner(),
	}
}

// Subject is the post.
func (c SharePost) Subject() domain.PostID { return c.Post }

// Subject is the post.
func (c KeepPrivate) Subject() domain.PostID { return c.Post }

// Subjects names the post.
func (c CreateDraft) Subjects() (domain.PostID, []domain.AccountID) { return c.Post, nil }

// Subjects names the post, and the accounts that it is to go to.
func (c EditPost) Subjects() (domain.PostID, []domain.AccountID) { return c.Post, c.Accounts() }

// Subjects names the post.
func (c PassToOwner) Subjects() (domain.PostID, []domain.AccountID) { return c.Post, nil }
