package membership_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
	"behalf/domain/scenario/team"
	"behalf/domain/workspace"
	"behalf/domain/workspace/membership"
)

// R63: by the Owner of anybody, by an Admin of Editors and Clients.
func TestRequireTwoFactor(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		by    domain.Actor
		of    domain.UserID
		allow bool
	}{
		{team.Owner, scenario.Olivia, true}, {team.Owner, scenario.Adam, true}, {team.Owner, scenario.Edith, true}, {team.Owner, scenario.Carl, true},
		{team.Admin, scenario.Olivia, false}, {team.Admin, scenario.Adam, false}, {team.Admin, scenario.Edith, true}, {team.Admin, scenario.Carl, true},
	} {
		ask, lift := membership.RequireTwoFactor{Whom: team.Of(tc.of)}, membership.LiftTwoFactorRequirement{Whom: team.Of(tc.of)}
		required, lifted := workspace.TwoFactorRequired{Member: tc.of}, workspace.TwoFactorRequirementLifted{Member: tc.of}
		by := tc.by
		by.TwoFactor = true
		if !tc.allow {
			team.Given(t, team.Complete(workspace.OwnerMode)...).When(by, ask).Refused(domain.R63, "owner_only")
			team.Given(t, append(team.Complete(workspace.OwnerMode), required)...).When(by, lift).Refused(domain.R63, "owner_only")
			continue
		}
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(by, ask).Then(required)
		team.Given(t, append(team.Complete(workspace.OwnerMode), required)...).When(by, ask).Nothing()
		team.Given(t, append(team.Complete(workspace.OwnerMode), required)...).When(by, lift).Then(lifted)
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(by, lift).Nothing()
	}
}

func TestRequiredTwoFactorTakesEffect(t *testing.T) {
	t.Parallel()
	w := team.Fold(append(team.Complete(workspace.OwnerMode), workspace.TwoFactorRequired{Member: scenario.Edith})...)
	_, err := w.Admit(team.Editor)
	require.ErrorIs(t, err, domain.R63)
	_, err = w.AdmitReader(team.Editor)
	require.ErrorIs(t, err, domain.R63, "not even reading")
	w.Evolve(workspace.TwoFactorRequirementLifted{Member: scenario.Edith})
	_, err = w.Admit(team.Editor)
	require.NoError(t, err)
}

func TestRequireTwoFactorByOthers(t *testing.T) {
	t.Parallel()
	for _, command := range []any{membership.RequireTwoFactor{Whom: team.Of(scenario.Carl)}, membership.LiftTwoFactorRequirement{Whom: team.Of(scenario.Carl)}} {
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Editor, command).Refused(domain.R63, "owner_and_admins_require")
		team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Client, command).Refused(domain.R63, "owner_and_admins_require")
		team.IsForMembers(t, team.Complete(workspace.OwnerMode), command)
	}
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Owner, membership.RequireTwoFactor{Whom: team.Of(scenario.Mallory)}).Refused(domain.R63, "unknown_member")
	team.Given(t, team.Complete(workspace.OwnerMode)...).When(team.Admin, membership.RequireTwoFactor{Whom: team.Of(scenario.Mallory)}).Refused(domain.R63, "owner_only")
}

func TestRequireTwoFactorOfAnInvitation(t *testing.T) {
	t.Parallel()
	for _, by := range []domain.Actor{team.Owner, team.Admin} {
		team.Given(t, append(team.Complete(workspace.OwnerMode), team.DoraInvited)...).
			When(by, membership.RequireTwoFactor{Whom: team.Offered(team.DoraInvited.Invitation)}).
			Then(team.Amended(func(a *workspace.InvitationAmended) { a.RequireTwoFactor = true }))
	}
}
