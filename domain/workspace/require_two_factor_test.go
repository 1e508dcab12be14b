package workspace

import (
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/scenario"
)

// R63: by the Owner of anybody, by an Admin of Editors and Clients.
func TestRequireTwoFactor(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		by    domain.Actor
		of    domain.UserID
		allow bool
	}{
		{owner, scenario.Olivia, true}, {owner, scenario.Adam, true}, {owner, scenario.Edith, true}, {owner, scenario.Carl, true},
		{admin, scenario.Olivia, false}, {admin, scenario.Adam, false}, {admin, scenario.Edith, true}, {admin, scenario.Carl, true},
	} {
		ask, lift := RequireTwoFactor{Whom: of(tc.of)}, LiftTwoFactorRequirement{Whom: of(tc.of)}
		required, lifted := TwoFactorRequired{Member: tc.of}, TwoFactorRequirementLifted{Member: tc.of}
		by := tc.by
		by.TwoFactor = true
		if !tc.allow {
			given(t, team(OwnerMode)...).When(by, ask).Refused(domain.R63, "owner_only")
			given(t, append(team(OwnerMode), required)...).When(by, lift).Refused(domain.R63, "owner_only")
			continue
		}
		given(t, team(OwnerMode)...).When(by, ask).Then(required)
		given(t, append(team(OwnerMode), required)...).When(by, ask).Nothing()
		given(t, append(team(OwnerMode), required)...).When(by, lift).Then(lifted)
		given(t, team(OwnerMode)...).When(by, lift).Nothing()
	}
}

func TestRequiredTwoFactorTakesEffect(t *testing.T) {
	t.Parallel()
	w := fold(append(team(OwnerMode), TwoFactorRequired{Member: scenario.Edith})...)
	_, err := w.Admit(editor)
	require.ErrorIs(t, err, domain.R63)
	_, err = w.AdmitReader(editor)
	require.ErrorIs(t, err, domain.R63, "not even reading")
	w.Evolve(TwoFactorRequirementLifted{Member: scenario.Edith})
	_, err = w.Admit(editor)
	require.NoError(t, err)
}

func TestRequireTwoFactorByOthers(t *testing.T) {
	t.Parallel()
	for _, command := range []any{RequireTwoFactor{Whom: of(scenario.Carl)}, LiftTwoFactorRequirement{Whom: of(scenario.Carl)}} {
		given(t, team(OwnerMode)...).When(editor, command).Refused(domain.R63, "owner_and_admins_require")
		given(t, team(OwnerMode)...).When(client, command).Refused(domain.R63, "owner_and_admins_require")
		isForMembers(t, team(OwnerMode), command)
	}
	given(t, team(OwnerMode)...).When(owner, RequireTwoFactor{Whom: of(scenario.Mallory)}).Refused(domain.R63, "unknown_member")
	given(t, team(OwnerMode)...).When(admin, RequireTwoFactor{Whom: of(scenario.Mallory)}).Refused(domain.R63, "owner_only")
}

func TestRequireTwoFactorOfAnInvitation(t *testing.T) {
	t.Parallel()
	for _, by := range []domain.Actor{owner, admin} {
		given(t, append(team(OwnerMode), doraInvited)...).
			When(by, RequireTwoFactor{Whom: offered(doraInvited.Invitation)}).
			Then(amended(func(a *InvitationAmended) { a.RequireTwoFactor = true }))
	}
}
