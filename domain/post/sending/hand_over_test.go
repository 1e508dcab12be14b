package sending_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/sending"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

// A network that takes no posts from programs: the person whose connection a
// program would use posts by hand.
func TestHandOver(t *testing.T) {
	t.Parallel()
	hand := sending.HandOver{Post: posts.ThePost, Account: scenario.News}
	due := posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Now))
	for mode, holder := range map[workspace.CredentialMode]domain.UserID{workspace.OwnerMode: scenario.Olivia, workspace.MemberMode: scenario.Carl} {
		posts.Given(t, acme.Founded(), posts.CarlJoined(mode), due).When(posts.System, hand).
			Then(post.TargetHandedOver{Account: scenario.News, To: holder, Mode: mode, Deadline: posts.Now.Add(sending.ConfirmWithin)})
	}
	posts.Given(t, acme.Founded(), due).When(posts.Owner, hand).Refused(domain.R32, "not_found")
	posts.Given(t, acme.Founded(), posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later))).When(posts.System, hand).Refused(domain.R57, "not_due")

	over := post.TargetHandedOver{Account: scenario.News, To: scenario.Edith, Deadline: posts.Later}
	confirm := ending.ConfirmPosted{Post: posts.ThePost, Account: scenario.News, URL: posts.Address}
	handed := append(due, posts.OnPost(over)...)
	for _, by := range []domain.Actor{posts.Editor, posts.Owner} {
		posts.Given(t, acme.Founded(), posts.EdithHere, handed).When(by, confirm).ThenOn(posts.OnPost(post.TargetConfirmed{Account: scenario.News, By: by.User, URL: posts.Address})...)
	}
	posts.Given(t, acme.Founded(), posts.EdithHere, due).When(posts.Editor, confirm).Refused(domain.R28, "not_your_post")
	posts.Given(t, acme.Founded(), due).When(posts.Owner, confirm).Refused(domain.R59, "not_handed_over")

	late := scenario.At(posts.System, posts.Later.Add(1))
	missed := post.TargetMissed{Account: scenario.News, Author: scenario.Carl, Code: "not_confirmed", Detail: "Nobody confirmed in time that it was posted by hand."}
	posts.Given(t, acme.Founded(), handed).When(late, sending.MissTarget{Post: posts.ThePost, Account: scenario.News}).Then(missed)
	posts.Given(t, acme.Founded(), handed).When(scenario.At(posts.System, posts.Later), sending.MissTarget{Post: posts.ThePost, Account: scenario.News}).Nothing()
	posts.Given(t, acme.Founded(), handed, posts.OnPost(missed)).When(posts.Owner, confirm).ThenOn(posts.OnPost(post.TargetConfirmed{Account: scenario.News, By: scenario.Olivia, URL: posts.Address})...)
}
