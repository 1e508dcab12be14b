package workspace

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

var toBeDeleted = DeletionScheduled{Until: scenario.Now.Add(30 * 24 * time.Hour)}

// R13: 30 days of grace, open or closed; closed until then.
func TestDeleteWorkspace(t *testing.T) {
	t.Parallel()
	given(t, team(OwnerMode)...).When(owner, DeleteWorkspace{}).Then(toBeDeleted)
	given(t, append(team(OwnerMode), Closed{})...).When(owner, DeleteWorkspace{}).Then(toBeDeleted)
	given(t, append(team(OwnerMode), toBeDeleted)...).When(scenario.At(owner, scenario.Now.Add(time.Hour)), DeleteWorkspace{}).Nothing()
	w := fold(append(team(OwnerMode), toBeDeleted)...)
	require.ErrorIs(t, w.MustBeOpen(), domain.R13)
}

func TestCancelDeletion(t *testing.T) {
	t.Parallel()
	given(t, append(team(OwnerMode), toBeDeleted)...).When(owner, CancelDeletion{}).Then(DeletionCancelled{})
	given(t, team(OwnerMode)...).When(owner, CancelDeletion{}).Nothing()
	w := fold(append(team(OwnerMode), toBeDeleted, DeletionCancelled{})...)
	require.NoError(t, w.MustBeOpen())
	w = fold(append(team(OwnerMode), Closed{}, toBeDeleted, DeletionCancelled{})...)
	require.ErrorIs(t, w.MustBeOpen(), &domain.Refusal{Code: "workspace_closed"}, "what was closed stays closed")
}

func TestDeletingIsTheOwners(t *testing.T) {
	t.Parallel()
	for _, command := range []any{DeleteWorkspace{}, CancelDeletion{}} {
		for _, by := range []domain.Actor{admin, editor, client} {
			given(t, append(team(OwnerMode), toBeDeleted)...).When(by, command).Refused(domain.R13, "owner_only")
		}
		for _, by := range []domain.Actor{stranger, scenario.System(), {}} {
			given(t, append(team(OwnerMode), toBeDeleted)...).When(by, command).Refused(domain.R32, "not_found")
		}
		given(t, append(team(OwnerMode), TwoFactorRequired{Member: scenario.Olivia})...).When(owner, command).Refused(domain.R63, "two_factor_required")
		given(t, append(team(OwnerMode), toBeDeleted, Deleted{})...).When(owner, command).Refused(domain.R32, "not_found")
	}
}

// R13: at its moment, not before, and once; then nobody sees it any more.
func TestFinishDeletion(t *testing.T) {
	t.Parallel()
	at := func(moment time.Time) domain.Actor { return scenario.At(scenario.System(), moment) }
	history := append(team(OwnerMode), toBeDeleted)
	given(t, history...).When(at(toBeDeleted.Until.Add(-time.Nanosecond)), FinishDeletion{}).Nothing()
	given(t, history...).When(at(toBeDeleted.Until), FinishDeletion{}).Then(Deleted{})
	given(t, append(history, Deleted{})...).When(at(toBeDeleted.Until), FinishDeletion{}).Nothing()
	given(t, append(history, DeletionCancelled{})...).When(at(toBeDeleted.Until), FinishDeletion{}).Nothing()
	given(t, team(OwnerMode)...).When(at(toBeDeleted.Until), FinishDeletion{}).Nothing()
	isBehalfs(t, history, FinishDeletion{})

	w := fold(append(history, Deleted{})...)
	_, err := w.AdmitReader(owner)
	require.ErrorIs(t, err, domain.R32)
}
