package ending_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
)

// R59: who can decide is reminded once, and as long as it is unknown.
func TestReportUnresolved(t *testing.T) {
	t.Parallel()
	report := ending.ReportUnresolved{Post: posts.ThePost, Account: scenario.News}
	reminded := post.TargetUnresolved{Account: scenario.News, Author: scenario.Carl, Owner: scenario.Olivia}
	unknown := append(posts.Claimed(), posts.OnPost(posts.Ends()[post.Unknown])...)
	posts.Given(t, acme.Founded(), unknown).When(posts.System, report).Then(reminded)
	posts.Given(t, acme.Founded(), unknown, posts.OnPost(reminded)).When(posts.System, report).Nothing()
	posts.Given(t, acme.Founded(), unknown, posts.OnPost(reminded, posts.Ends()[post.Unknown])).When(posts.System, report).Then(reminded)
	posts.Given(t, acme.Founded(), posts.Claimed(), posts.OnPost(posts.Ends()[post.Published])).When(posts.System, report).Nothing()
	posts.Given(t, acme.Founded(), unknown).When(posts.Owner, report).Refused(domain.R32, "not_found")
}
