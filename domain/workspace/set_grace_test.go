package workspace_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
)

// R56: the grace is set per workspace, by the Owner; it begins as 15 minutes.
func TestSetGrace(t *testing.T) {
	t.Parallel()
	longer := workspace.GraceSet{FromMinutes: 15, ToMinutes: 30}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, workspace.SetGrace{Minutes: 30}).Then(longer)
	team.Given(t, append(team.Complete(workspace.OwnerMode), longer)...).When(team.Owner, workspace.SetGrace{Minutes: 15}).Then(workspace.GraceSet{FromMinutes: 30, ToMinutes: 15})
	team.Given(t, append(team.Complete(workspace.OwnerMode), longer)...).When(team.Owner, workspace.SetGrace{Minutes: 30}).Nothing()
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, workspace.SetGrace{Minutes: 15}).Nothing()
	team.IsTheOwners(t, domain.R2, team.Complete(workspace.OwnerMode), workspace.SetGrace{Minutes: 30})

	require.Equal(t, 15*time.Minute, team.Fold(team.Founded).EffectiveGrace())
	require.Equal(t, 30*time.Minute, team.Fold(team.Founded, longer).EffectiveGrace())
	require.Equal(t, 30, team.Fold(team.Founded, longer).GraceMinutes())
}

func TestSetGraceWithinItsBounds(t *testing.T) {
	t.Parallel()
	for minutes, allowed := range map[int]bool{-1: false, 0: false, 1: true, 1440: true, 1441: false, 1 << 62: false} {
		if allowed {
			team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, workspace.SetGrace{Minutes: minutes}).Then(workspace.GraceSet{FromMinutes: 15, ToMinutes: minutes})
		} else {
			team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, workspace.SetGrace{Minutes: minutes}).Refused(domain.R56, "grace_out_of_range")
		}
	}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, workspace.SetGrace{}).Refused(domain.R2, "owner_only")
}

// Whatever is set one after the other, the grace is the last that was allowed,
// and every change says from what.
func TestGraceIsTheLastThatWasSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, want := team.Fold(team.Founded), 15
		for _, minutes := range rapid.SliceOf(rapid.OneOf(rapid.IntRange(-1, 3), rapid.IntRange(1439, 1442), rapid.Int())).Draw(t, "minutes") {
			events, err := workspace.SetGrace{Minutes: minutes}.Decide(w, team.Owner)
			switch {
			case minutes < 1 || minutes > 1440:
				require.ErrorIs(t, err, domain.R56)
				require.Empty(t, events)
			case minutes == want:
				require.NoError(t, err)
				require.Empty(t, events)
			default:
				require.NoError(t, err)
				require.Equal(t, []domain.Event{workspace.GraceSet{FromMinutes: want, ToMinutes: minutes}}, events)
				w.Evolve(events[0])
				want = minutes
			}
			require.Equal(t, time.Duration(want)*time.Minute, w.EffectiveGrace())
		}
	})
}
