package planning_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post/planning"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

func TestPublishPost(t *testing.T) {
	t.Parallel()
	for _, mode := range []workspace.CredentialMode{workspace.OwnerMode, workspace.MemberMode} {
		posts.Given(t, acme.Founded(), posts.CarlJoined(mode)).
			When(posts.Client, planning.PublishPost{Post: posts.ThePost, Content: posts.ToNews()}).
			ThenOn(append(posts.OnPost(posts.NewsWritten(posts.Client), posts.ScheduledAt(posts.Now)), posts.Slots(posts.Now, scenario.News)...)...)
	}
	posts.Given(t, acme.Founded()).
		When(posts.Owner, planning.PublishPost{Post: posts.ThePost, Content: posts.ToNews()}).
		ThenOn(append(posts.OnPost(posts.NewsWritten(posts.Owner), posts.ScheduledAt(posts.Now)), posts.Slots(posts.Now, scenario.News)...)...)
}

func TestPublishPostGivesTheIDThatIsLeftOut(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded()).
		When(posts.Owner, planning.PublishPost{Content: posts.ToNews()}).
		ThenFirst(posts.NewsWritten(posts.Owner), posts.ScheduledAt(posts.Now))
}

// What names no post and says nothing lacks something, and names nothing that is not there.
func TestPlanningNothing(t *testing.T) {
	t.Parallel()
	for _, nothing := range []any{planning.PublishPost{}, planning.SchedulePost{At: posts.Later}} {
		posts.Given(t, acme.Founded()).When(posts.Owner, nothing).Refused(domain.R60, "malformed_targets")
		posts.Given(t, acme.Founded()).When(posts.Stranger, nothing).Refused(domain.R32, "not_found")
	}
	posts.Given(t, acme.Founded()).When(posts.Owner, planning.PublishPost{Post: posts.ThePost}).Refused(domain.R32, "not_found")
}

// R42: whose connection is used, and whether it can be, is found out when publishing.
func TestPublishPostAsksForNoConnection(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.MemberMode), posts.Connected(scenario.Olivia, posts.Olivias), posts.Broken(scenario.Olivia, posts.Olivias)).
		When(posts.Client, planning.PublishPost{Post: posts.ThePost, Content: posts.ToNews()}).
		ThenFirst(posts.NewsWritten(posts.Client), posts.ScheduledAt(posts.Now))
}

func TestPublishPostTwice(t *testing.T) {
	t.Parallel()
	posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.OwnerMode), posts.OnPost(posts.NewsWritten(posts.Client))).
		When(posts.Client, planning.PublishPost{Post: posts.ThePost, Content: posts.ToNews()}).
		Refused(0, "post_exists")
}

// Another workspace's post does not exist for this one (R32).
func TestPublishPostUnderAnIDThatIsTaken(t *testing.T) {
	t.Parallel()
	elsewhere := posts.NewsWritten(posts.Stranger)
	elsewhere.Workspace = domain.WorkspaceID{15: 2}
	posts.Given(t, acme.Founded(), posts.OnPost(elsewhere)).
		When(posts.Owner, planning.PublishPost{Post: posts.ThePost, Content: posts.ToNews()}).
		Refused(domain.R32, "not_found")
}
