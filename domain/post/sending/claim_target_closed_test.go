package sending_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/scenario/posts"
	"behalf/domain/workspace"
)

// R13: nothing is published from a closed workspace, or from one that is to be
// deleted; what was scheduled is missed at its time, and says why.
func TestClaimTargetInAClosedWorkspace(t *testing.T) {
	t.Parallel()
	for code, happened := range map[string]domain.Event{
		"workspace_closed":        workspace.Closed{},
		"workspace_to_be_deleted": workspace.DeletionScheduled{Until: posts.Later},
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			missed := post.TargetMissed{Account: scenario.News, Author: scenario.Carl, Code: code, Detail: "The workspace was closed before its time."}
			posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.OwnerMode), posts.Connected(scenario.Olivia, posts.Olivias), posts.DueNow(), acme.In(happened)).
				When(posts.System, posts.Claim).
				Then(missed)
		})
	}
}

// R68: what is paused is not missed before its grace is over.
func TestClaimTargetWhilePaused(t *testing.T) {
	t.Parallel()
	paused := acme.In(workspace.PublishingPaused{})
	posts.Given(t, acme.Founded(), posts.CarlJoined(workspace.OwnerMode), posts.Connected(scenario.Olivia, posts.Olivias), posts.DueNow(), paused).
		When(posts.System, posts.Claim).
		Refused(domain.R68, "publishing_paused")
}
