package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R68: the whole workspace, by the Owner.
func TestPausePublishing(t *testing.T) {
	t.Parallel()
	given(t, team(OwnerMode)...).When(owner, PausePublishing{}).Then(PublishingPaused{})
	given(t, append(team(OwnerMode), PublishingPaused{})...).When(owner, PausePublishing{}).Nothing()
	given(t, append(team(OwnerMode), PublishingPaused{})...).When(owner, ResumePublishing{}).Then(PublishingResumed{})
	given(t, team(OwnerMode)...).When(owner, ResumePublishing{}).Nothing()
	isTheOwners(t, domain.R68, team(OwnerMode), PausePublishing{})
	isTheOwners(t, domain.R68, team(OwnerMode), ResumePublishing{})
}

// R68: one account, by the Owner and by Admins who have it.
func TestPausePublishingToOneAccount(t *testing.T) {
	t.Parallel()
	pause, resume := PausePublishing{Account: scenario.News}, ResumePublishing{Account: scenario.News}
	paused, resumed := PublishingPaused{Account: scenario.News}, PublishingResumed{Account: scenario.News}
	for _, by := range []domain.Actor{owner, admin} {
		given(t, team(OwnerMode)...).When(by, pause).Then(paused)
		given(t, append(team(OwnerMode), paused)...).When(by, pause).Nothing()
		given(t, append(team(OwnerMode), paused)...).When(by, resume).Then(resumed)
		given(t, append(team(OwnerMode), PublishingPaused{})...).When(by, resume).Nothing()
	}
	w := fold(append(team(OwnerMode), PublishingPaused{}, paused, PublishingResumed{})...)
	require.False(t, w.Paused)
	require.True(t, w.Accounts[scenario.News].Paused, "resuming the workspace leaves a paused account paused")
	require.False(t, w.Accounts[scenario.Blog].Paused)
}

func TestPausePublishingRefuses(t *testing.T) {
	t.Parallel()
	for _, to := range []func(domain.AccountID) any{
		func(id domain.AccountID) any { return PausePublishing{Account: id} },
		func(id domain.AccountID) any { return ResumePublishing{Account: id} },
	} {
		given(t, team(OwnerMode)...).When(admin, to(scenario.Blog)).Refused(domain.R68, "account_not_yours")
		given(t, team(OwnerMode)...).When(admin, to(scenario.Lost)).Refused(domain.R68, "account_not_yours")
		given(t, team(OwnerMode)...).When(owner, to(scenario.Lost)).Refused(domain.R68, "unknown_account")
		given(t, team(OwnerMode)...).When(editor, to(scenario.News)).Refused(domain.R68, "pausing_not_yours")
		given(t, team(OwnerMode)...).When(client, to(scenario.News)).Refused(domain.R68, "pausing_not_yours")
		isForMembers(t, team(OwnerMode), to(scenario.News))
	}
}
