package sending_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
)

// What would be refused is said once, for one revision and one reason; what is
// not to be sent any more, or was changed, is not spoken of.
func TestReportTrouble(t *testing.T) {
	t.Parallel()
	report := sending.ReportTrouble{Post: posts.ThePost, Account: scenario.News, Revision: 1, Code: "too_long", Detail: "Too long.", To: scenario.Carl}
	found := post.TargetTroubled{Account: scenario.News, Revision: 1, Code: "too_long", Detail: "Too long.", To: scenario.Carl}
	due := append(acme.Founded(), posts.OnPost(posts.WrittenBy(posts.Client), posts.ScheduledAt(posts.Later))...)
	posts.Given(t, due).When(posts.System, report).Then(found)
	posts.Given(t, due, posts.OnPost(found)).When(posts.System, report).Nothing()
	posts.Given(t, due, posts.OnPost(found, post.Rescheduled{Accounts: []domain.AccountID{scenario.News}, At: posts.Later.Add(1)})).When(posts.System, report).Nothing()

	other := report
	other.Code, other.To, other.Rights = "not_admin", scenario.Olivia, true
	posts.Given(t, due, posts.OnPost(found)).When(posts.System, other).
		Then(post.TargetTroubled{Account: scenario.News, Revision: 1, Code: "not_admin", Detail: "Too long.", To: scenario.Olivia, Rights: true})

	posts.Given(t, due, posts.OnPost(posts.CarlsClaim())).When(posts.System, report).Nothing()
	report.Revision = 2
	posts.Given(t, due).When(posts.System, report).Nothing()
	posts.Given(t, due).When(posts.Owner, report).Refused(domain.R32, "not_found")
}
