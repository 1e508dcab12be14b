package membership_test

import (
	"testing"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/membership"
)

// R66: who was erased leaves, once, as anybody would (R61, R11); but not as the
// Owner (R12), and nobody leaves what is closed (R13).
func TestEndMembership(t *testing.T) {
	t.Parallel()
	end := membership.EndMembership{Member: scenario.Carl, Pending: team.Posts}
	left := workspace.MemberLeft{Member: scenario.Carl, Posts: team.Posts}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(scenario.System(), end).Then(left)
	team.Given(t, append(team.Complete(workspace.OwnerMode), left)...).When(scenario.System(), end).Nothing()
	team.Given(t, append(team.Complete(workspace.OwnerMode), workspace.OwnershipOffered{To: scenario.Carl})...).When(scenario.System(), end).
		Then(workspace.MemberLeft{Member: scenario.Carl, Posts: team.Posts, OfferLapsed: true})

	team.Given(t, team.Complete(workspace.OwnerMode)...).When(scenario.System(), membership.EndMembership{Member: scenario.Olivia}).Nothing()
	team.Given(t, append(team.Complete(workspace.OwnerMode), workspace.Closed{})...).When(scenario.System(), end).Refused(domain.R13, "workspace_closed")
	team.Given(t, append(team.Complete(workspace.OwnerMode), workspace.DeletionScheduled{Until: scenario.Now})...).When(scenario.System(), end).Refused(domain.R13, "workspace_to_be_deleted")
	team.IsBehalfs(t, team.Complete(workspace.OwnerMode), end)
}
