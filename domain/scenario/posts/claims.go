package posts

import (
	"time"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/scenario"
)

// Claim begins an attempt at News.
var Claim = sending.ClaimTarget{Post: ThePost, Account: scenario.News, Life: 30 * time.Second}

// Claims is the claim that a first decision makes.
func Claims() post.TargetClaimed {
	made := CarlsClaim()
	made.Attempt, made.Begun = scenario.Fresh(1), Now
	return made
}

// DueNow is Carl's post, which nobody has attempted yet.
func DueNow() []domain.Change { return OnPost(WrittenBy(Client), ScheduledAt(Now)) }

// Resume lets News go on.
var Resume = sending.ResumeTarget{Post: ThePost, Account: scenario.News}
