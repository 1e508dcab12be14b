package post

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

// toNews is a post to News alone.
func toNews() Content {
	return Content{Text: "Hello", Targets: []Destination{{Account: scenario.News}}}
}

func newsWritten(author domain.Actor) Written {
	return Written{Workspace: scenario.Acme, Author: author.User, Text: "Hello", Targets: toNews().Targets}
}

func TestPublishPost(t *testing.T) {
	t.Parallel()
	for _, mode := range []workspace.CredentialMode{workspace.OwnerMode, workspace.MemberMode} {
		given(t, acme.Founded(), carlJoined(mode)).
			When(client, PublishPost{Post: thePost, Content: toNews()}).
			ThenOn(onPost(newsWritten(client), scheduledAt(now))...)
	}
	given(t, acme.Founded()).
		When(owner, PublishPost{Post: thePost, Content: toNews()}).
		ThenOn(onPost(newsWritten(owner), scheduledAt(now))...)
}

func TestPublishPostGivesTheIDThatIsLeftOut(t *testing.T) {
	t.Parallel()
	id := domain.PostID(scenario.Fresh(1))
	given(t, acme.Founded()).
		When(owner, PublishPost{Content: toNews()}).
		ThenOn(domain.On(Stream(id), newsWritten(owner), scheduledAt(now))...)
}

// R42: whose connection is used, and whether it can be, is found out when publishing.
func TestPublishPostAsksForNoConnection(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded(), carlJoined(workspace.MemberMode), connected(scenario.Olivia, olivias), broken(scenario.Olivia, olivias)).
		When(client, PublishPost{Post: thePost, Content: toNews()}).
		Then(newsWritten(client), scheduledAt(now))
}

func TestPublishPostTwice(t *testing.T) {
	t.Parallel()
	given(t, acme.Founded(), carlJoined(workspace.OwnerMode), onPost(newsWritten(client))).
		When(client, PublishPost{Post: thePost, Content: toNews()}).
		Refused(0, "post_exists")
}

// Another workspace's post does not exist for this one (R32).
func TestPublishPostUnderAnIDThatIsTaken(t *testing.T) {
	t.Parallel()
	elsewhere := newsWritten(stranger)
	elsewhere.Workspace = domain.WorkspaceID{15: 2}
	given(t, acme.Founded(), onPost(elsewhere)).
		When(owner, PublishPost{Post: thePost, Content: toNews()}).
		Refused(domain.R32, "not_found")
}
