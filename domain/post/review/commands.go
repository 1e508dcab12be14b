// Package review is for those who read a post before it goes out: they approve
// it, decline it, or say something about it.
package review

import (
	"behalf/domain"
	"behalf/domain/post"
)

// Commands lists the commands of those who read a post before it goes out.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		post.InScene[ApprovePost]("ApprovePost", "Approve a post that waits for it.",
			domain.R50, domain.R51, domain.R52, domain.R53, domain.R54, domain.R56),
		post.InScene[DeclinePost]("DeclinePost", "Decline a post that waits for an approval; it returns to its author with your note.",
			domain.R50, domain.R51, domain.R53, domain.R54, domain.R55),
		post.ForBehalf[RemindApproval]("RemindApproval", "Remind those who may approve a post before its time is missed.", domain.R56),
		post.ByMember[CommentOnPost]("CommentOnPost", "Say something about a post.", domain.R31),
		post.ByMember[DeleteComment]("DeleteComment", "Take back what you have said about a post.", domain.R28, domain.R31),
	}
}

// Subject is the post.
func (c CommentOnPost) Subject() domain.PostID { return c.Post }

// Subject is the post.
func (c DeleteComment) Subject() domain.PostID { return c.Post }

// Subject is the post.
func (c RemindApproval) Subject() domain.PostID { return c.Post }

// Subjects names the post.
func (c ApprovePost) Subjects() (domain.PostID, []domain.AccountID) { return c.Post, nil }

// Subjects names the post.
func (c DeclinePost) Subjects() (domain.PostID, []domain.AccountID) { return c.Post, nil }
