package closing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/closing"
)

var toBeDeleted = workspace.DeletionScheduled{Until: scenario.Now.Add(30 * 24 * time.Hour)}

// R13: 30 days of grace, open or closed; closed until then.
func TestDeleteWorkspace(t *testing.T) {
	t.Parallel()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, closing.DeleteWorkspace{}).Then(toBeDeleted)
	team.Given(t, append(team.Complete(workspace.OwnerMode), workspace.Closed{})...).When(team.Owner, closing.DeleteWorkspace{}).Then(toBeDeleted)
	team.Given(t, append(team.Complete(workspace.OwnerMode), toBeDeleted)...).When(scenario.At(team.Owner, scenario.Now.Add(time.Hour)), closing.DeleteWorkspace{}).Nothing()
	w := team.Fold(append(team.Complete(workspace.OwnerMode), toBeDeleted)...)
	require.ErrorIs(t, w.MustBeOpen(), domain.R13)
}

func TestCancelDeletion(t *testing.T) {
	t.Parallel()
	team.Given(t, append(team.Complete(workspace.OwnerMode), toBeDeleted)...).When(team.Owner, closing.CancelDeletion{}).Then(workspace.DeletionCancelled{})
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, closing.CancelDeletion{}).Nothing()
	w := team.Fold(append(team.Complete(workspace.OwnerMode), toBeDeleted, workspace.DeletionCancelled{})...)
	require.NoError(t, w.MustBeOpen())
	w = team.Fold(append(team.Complete(workspace.OwnerMode), workspace.Closed{}, toBeDeleted, workspace.DeletionCancelled{})...)
	require.ErrorIs(t, w.MustBeOpen(), &domain.Refusal{Code: "workspace_closed"}, "what was closed stays closed")
}

func TestDeletingIsTheOwners(t *testing.T) {
	t.Parallel()
	for _, command := range []any{closing.DeleteWorkspace{}, closing.CancelDeletion{}} {
		for _, by := range []domain.Actor{team.Admin, team.Editor, team.Client} {
			team.Given(t, append(team.Complete(workspace.OwnerMode), toBeDeleted)...).When(by, command).Refused(domain.R13, "owner_only")
		}
		for _, by := range []domain.Actor{team.Stranger, scenario.System(), {}} {
			team.Given(t, append(team.Complete(workspace.OwnerMode), toBeDeleted)...).When(by, command).Refused(domain.R32, "not_found")
		}
		team.Given(t, append(team.Complete(workspace.OwnerMode), workspace.TwoFactorRequired{Member: scenario.Olivia})...).When(team.Owner, command).Refused(domain.R63, "two_factor_required")
		team.Given(t, append(team.Complete(workspace.OwnerMode), toBeDeleted, workspace.Deleted{})...).When(team.Owner, command).Refused(domain.R32, "not_found")
	}
}

// R13: at its moment, not before, and once; then nobody sees it any more.
func TestFinishDeletion(t *testing.T) {
	t.Parallel()
	at := func(moment time.Time) domain.Actor { return scenario.At(scenario.System(), moment) }
	history := append(team.Complete(workspace.OwnerMode), toBeDeleted)
	team.Given(t, history...).When(at(toBeDeleted.Until.Add(-time.Nanosecond)), closing.FinishDeletion{}).Nothing()
	team.Given(t, history...).When(at(toBeDeleted.Until), closing.FinishDeletion{}).Then(workspace.Deleted{})
	team.Given(t, append(history, workspace.Deleted{})...).When(at(toBeDeleted.Until), closing.FinishDeletion{}).Nothing()
	team.Given(t, append(history, workspace.DeletionCancelled{})...).When(at(toBeDeleted.Until), closing.FinishDeletion{}).Nothing()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(at(toBeDeleted.Until), closing.FinishDeletion{}).Nothing()
	team.IsBehalfs(t, history, closing.FinishDeletion{})

	w := team.Fold(append(history, workspace.Deleted{})...)
	_, err := w.AdmitReader(team.Owner)
	require.ErrorIs(t, err, domain.R32)
}
