package posts

import (
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/scenario"
)

// Address is where people see it.
const Address = "https://example.com/posts/1"

// Taken is another post's minute on News.
func Taken(at time.Time) []domain.Change {
	return domain.On(account.Stream(scenario.News), account.SlotReserved{Post: domain.PostID{0: 5, 15: 9}, At: at, Decided: Now})
}

// ToNews is a post to News alone.
func ToNews() post.Content {
	return post.Content{Text: "Hello", Targets: []post.Destination{{Account: scenario.News}}}
}

// NewsWritten is a post to News alone.
func NewsWritten(author domain.Actor) post.Written { return Wrote(author, ToNews()) }

// PublishNow sends News now, and PublishesNow is what comes of it.
var (
	PublishNow   = planning.PublishTargetNow{Post: ThePost, Account: scenario.News}
	PublishesNow = post.TargetScheduled{Account: scenario.News, At: Now}
)
