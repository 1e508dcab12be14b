package pausing_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/pausing"
)

// R68: the whole workspace, by the Owner.
func TestPausePublishing(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, pausing.PausePublishing{}).Then(workspace.PublishingPaused{})
	team.Given(t, append(team.Complete(workspace.OwnerMode), workspace.PublishingPaused{})...).When(team.Owner, pausing.PausePublishing{}).Nothing()
	team.Given(t, append(team.Complete(workspace.OwnerMode), workspace.PublishingPaused{})...).When(team.Owner, pausing.ResumePublishing{}).Then(workspace.PublishingResumed{})
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, pausing.ResumePublishing{}).Nothing()
	team.IsTheOwners(t, domain.R68, team.Complete(workspace.OwnerMode), pausing.PausePublishing{})
	team.IsTheOwners(t, domain.R68, team.Complete(workspace.OwnerMode), pausing.ResumePublishing{})
}

// R68: one account, by the Owner and by Admins who have it.
func TestPausePublishingToOneAccount(t *testing.T) {
	t.Parallel()
	pause, resume := pausing.PausePublishing{Account: scenario.News}, pausing.ResumePublishing{Account: scenario.News}
	paused, resumed := workspace.PublishingPaused{Account: scenario.News}, workspace.PublishingResumed{Account: scenario.News}
	for _, by := range []domain.Actor{team.Owner, team.Admin} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(by, pause).Then(paused)
		team.Given(t, append(team.Complete(workspace.OwnerMode), paused)...).When(by, pause).Nothing()
		team.Given(t, append(team.Complete(workspace.OwnerMode), paused)...).When(by, resume).Then(resumed)
		team.Given(t, append(team.Complete(workspace.OwnerMode), workspace.PublishingPaused{})...).When(by, resume).Nothing()
	}
	w := team.Fold(append(team.Complete(workspace.OwnerMode), workspace.PublishingPaused{}, paused, workspace.PublishingResumed{})...)
	require.False(t, w.Paused)
	require.True(t, w.Accounts[scenario.News].Paused, "resuming the workspace leaves a paused account paused")
	require.False(t, w.Accounts[scenario.Blog].Paused)
}

func TestPausePublishingRefuses(t *testing.T) {
	t.Parallel()
	for _, to := range []func(domain.AccountID) any{
		func(id domain.AccountID) any { return pausing.PausePublishing{Account: id} },
		func(id domain.AccountID) any { return pausing.ResumePublishing{Account: id} },
	} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, to(scenario.Blog)).Refused(domain.R68, "account_not_yours")
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, to(scenario.Lost)).Refused(domain.R68, "account_not_yours")
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, to(scenario.Lost)).Refused(domain.R68, "unknown_account")
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Editor, to(scenario.News)).Refused(domain.R68, "pausing_not_yours")
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Client, to(scenario.News)).Refused(domain.R68, "pausing_not_yours")
		team.IsForMembers(t, team.Complete(workspace.OwnerMode), to(scenario.News))
	}
}
