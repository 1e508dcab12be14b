// Package planning has posts go out: now, at a moment, or once they are approved.
package planning

import (
	"behalf/domain"
	"behalf/domain/post"
)

// Commands lists the commands about when a post goes out.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		post.InScene[PublishPost]("PublishPost", "Publish a post now: a new one, or a draft.",
			domain.R17, domain.R27, domain.R28, domain.R36, domain.R40, domain.R50, domain.R51, domain.R54, domain.R57, domain.R60),
		post.InScene[SchedulePost]("SchedulePost", "Publish a post at a moment: a new one, or a draft.",
			domain.R17, domain.R27, domain.R28, domain.R36, domain.R40, domain.R50, domain.R51, domain.R54, domain.R57, domain.R60),
		post.InScene[SubmitPost]("SubmitPost", "Hand a draft in for approval, or again what was declined; it goes out once it is approved.",
			domain.R17, domain.R27, domain.R28, domain.R50, domain.R51, domain.R54, domain.R55, domain.R57, domain.R60),
		post.InScene[ReschedulePost]("ReschedulePost", "Publish a scheduled post at another moment.",
			domain.R17, domain.R27, domain.R28, domain.R54, domain.R57, domain.R59),
		post.InScene[UnschedulePost]("UnschedulePost", "Make a draft of a scheduled post again.",
			domain.R17, domain.R27, domain.R28, domain.R57, domain.R59),
		post.InScene[PublishTargetNow]("PublishTargetNow", "Publish now what waited for a reauthentication, was missed or failed.",
			domain.R17, domain.R28, domain.R47, domain.R50, domain.R51, domain.R54, domain.R56, domain.R57, domain.R59, domain.R60),
	}
}

// Subjects names the post, and the accounts that it is to go to.
func (c PublishPost) Subjects() (domain.PostID, []domain.AccountID) { return c.Post, c.Accounts() }

// Subjects names the post, and the accounts that it is to go to.
func (c SchedulePost) Subjects() (domain.PostID, []domain.AccountID) { return c.Post, c.Accounts() }

// Subjects names the post.
func (c SubmitPost) Subjects() (domain.PostID, []domain.AccountID) { return c.Post, nil }

// Subjects names the post.
func (c ReschedulePost) Subjects() (domain.PostID, []domain.AccountID) { return c.Post, nil }

// Subjects names the post.
func (c UnschedulePost) Subjects() (domain.PostID, []domain.AccountID) { return c.Post, nil }

// Subjects names the post, and the account whose target it is.
func (c PublishTargetNow) Subjects() (domain.PostID, []domain.AccountID) {
	return c.Post, []domain.AccountID{c.Account}
}
