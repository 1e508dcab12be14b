package domain

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRulesReadBackAsWritten(t *testing.T) {
	t.Parallel()
	written := []Rule{R1, R42, R69}

	data, err := json.Marshal(written)
	require.NoError(t, err)
	require.JSONEq(t, `["R1","R42","R69"]`, string(data))

	var read []Rule
	require.NoError(t, json.Unmarshal(data, &read))
	require.Equal(t, written, read)
}

func TestRuleRefusesOtherText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "R", "42", "r42", "R042", "R-1", "R+1", "RR1", "R1 ", "R99999999999999999999"} {
		rule := R19
		require.Error(t, rule.UnmarshalText([]byte(text)), "%q", text)
		require.Equal(t, R19, rule, "a failed read of %q changes nothing", text)
	}
}

func TestRefusalSaysWhichRule(t *testing.T) {
	t.Parallel()
	wrapped := fmt.Errorf("accept: %w", Clash(R23, "link_used", "This invitation was accepted already."))

	require.ErrorIs(t, wrapped, R23)
	require.NotErrorIs(t, wrapped, R24)
	require.ErrorIs(t, wrapped, &Refusal{Code: "link_used"})
	require.NotErrorIs(t, wrapped, &Refusal{Code: "link_expired"})
	require.NotErrorIs(t, wrapped, errors.New("link_used"))
	require.EqualError(t, errors.Unwrap(wrapped), "link_used: This invitation was accepted already. (R23)")
}

func TestRefusalWithoutRule(t *testing.T) {
	t.Parallel()
	err := Wrong(0, "name", "malformed_name", "A name has 1 to 100 characters.")

	require.EqualError(t, err, "malformed_name: A name has 1 to 100 characters.")
	require.NotErrorIs(t, err, R1)
}

func TestKindsOfRefusal(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err   error
		kind  RefusalKind
		rule  Rule
		field string
	}{
		{Hidden(), NotFound, R32, ""},
		{Forbid(R5, "owner_only", "…"), Forbidden, R5, ""},
		{Clash(R46, "other_remote_account", "…"), Conflict, R46, ""},
		{Wrong(R19, "assignments[0].credential_mode", "mode_required", "…"), Invalid, R19, "assignments[0].credential_mode"},
	} {
		var refusal *Refusal
		require.ErrorAs(t, tc.err, &refusal)
		require.Equal(t, tc.kind, refusal.Kind)
		require.Equal(t, tc.rule, refusal.Rule)
		require.Equal(t, tc.field, refusal.Field)
	}
}
