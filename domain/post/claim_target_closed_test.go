package post

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/acme"
	"behalf/domain/workspace"
)

// R13: nothing is published from a closed workspace, or from one that is to be
// deleted; what was scheduled is missed at its time, and says why.
func TestClaimTargetInAClosedWorkspace(t *testing.T) {
	t.Parallel()
	for code, happened := range map[string]domain.Event{
		"workspace_closed":        workspace.Closed{},
		"workspace_to_be_deleted": workspace.DeletionScheduled{Until: later},
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			missed := TargetMissed{Account: scenario.News, Code: code, Detail: "The workspace was closed before its time."}
			given(t, acme.Founded(), carlJoined(workspace.OwnerMode), connected(scenario.Olivia, olivias), dueNow(), acme.In(happened)).
				When(system, claim).
				Then(missed)
		})
	}
}

// R68: what is paused is not missed before its grace is over.
func TestClaimTargetWhilePaused(t *testing.T) {
	t.Parallel()
	paused := acme.In(workspace.PublishingPaused{})
	given(t, acme.Founded(), carlJoined(workspace.OwnerMode), connected(scenario.Olivia, olivias), dueNow(), paused).
		When(system, claim).
		Refused(domain.R68, "publishing_paused")
}
