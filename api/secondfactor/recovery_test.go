package secondfactor_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/eventstore"
)

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	phone := enrol(t, w, olivia)
	codes := phone.codes
	full := finish(t, signIn(t, w, olivia), "recovery_code", codes[0])
	waiting := signIn(t, w, olivia)
	waiting.Post(proof, map[string]any{"recovery_code": codes[0]}).Problem(http.StatusForbidden, "wrong_code") // once
	finish(t, waiting, "recovery_code", strings.ToUpper(strings.ReplaceAll(codes[1], "-", " ")))               // however it is typed

	var overview struct {
		Left int `json:"recovery_codes"`
	}
	full.Get(twoFactor).Is(http.StatusOK).Read(&overview)
	require.Equal(t, 8, overview.Left)
	types, said := history(t, w, olivia)
	require.Equal(t, "user.recovery_code_used.v1", types[len(types)-1])
	require.Contains(t, said, `{"left":9}{"left":8}`)

	var renewed struct {
		Codes []string `json:"recovery_codes"`
	}
	full.Post(renewal, map[string]any{}).Is(http.StatusOK).Read(&renewed)
	require.Len(t, renewed.Codes, 10)
	waiting = signIn(t, w, olivia)
	waiting.Post(proof, map[string]any{"recovery_code": codes[2]}).Problem(http.StatusForbidden, "wrong_code")
	finish(t, waiting, "recovery_code", renewed.Codes[0])

	// another person's code is nobody's
	mallory := w.SignUp(t, "mallory")
	enrol(t, w, mallory)
	signIn(t, w, mallory).Post(proof, map[string]any{"recovery_code": renewed.Codes[1]}).Problem(http.StatusForbidden, "wrong_code")
}

// Who lost their phone gets in by a recovery code and replaces it, although a
// workspace requires two-factor authentication all the time (R63).
func TestRecovery(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	lost := enrol(t, w, olivia)
	recovered := finish(t, signIn(t, w, olivia), "recovery_code", lost.codes[3])
	phone := enrol(t, w, recovered)
	require.Empty(t, phone.codes, "only the first factor brings recovery codes")
	recovered.Send(http.MethodDelete, twoFactor+"/factors/"+lost.ID, nil).Is(http.StatusNoContent)
	require.True(t, enabled(recovered))
	waiting := signIn(t, w, olivia)
	waiting.Post(proof, map[string]any{"code": lost.code(t, 0)}).Problem(http.StatusForbidden, "wrong_code")
	finish(t, waiting, "code", phone.code(t, 0))

	// without any, signing in is one step again, and there is nothing to recover
	recovered.Send(http.MethodDelete, twoFactor+"/factors/"+phone.ID, nil).Is(http.StatusNoContent)
	require.False(t, enabled(recovered))
	signInFully(t, w, olivia).Get("/v1/me").Is(http.StatusOK)
	recovered.Post(renewal, map[string]any{}).Problem(http.StatusConflict, "two_factor_off")
	var left int
	require.NoError(t, w.Admin.QueryRow(t.Context(), "select count(*) from signin.recovery_codes").Scan(&left))
	require.Zero(t, left)
	types, _ := history(t, w, olivia)
	require.Equal(t, []string{"user.factor_removed.v1", "user.two_factor_disabled.v1"}, types[len(types)-2:])
}

// What is dangerous takes a proof that is not older than ten minutes, and by
// the second factor where there is one.
func TestFreshProof(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	program := token(t, olivia)
	w.Clock.Move(10 * time.Minute)
	stale := func(p *apitest.Person) {
		p.Post("/v1/tokens", map[string]any{"name": "x"}).Problem(http.StatusForbidden, "fresh_proof_needed")
		p.Post(authenticators, map[string]any{}).Problem(http.StatusForbidden, "fresh_proof_needed")
		p.Post(renewal, map[string]any{}).Problem(http.StatusForbidden, "fresh_proof_needed")
		p.Send(http.MethodDelete, twoFactor+"/factors/fac_"+strings.Repeat("1", 32), nil).Problem(http.StatusForbidden, "fresh_proof_needed")
	}
	stale(olivia)
	var asked struct{ By []string }
	olivia.Post(challenge, map[string]any{}).Is(http.StatusOK).Read(&asked)
	require.Equal(t, []string{"password"}, asked.By)
	olivia.Post(proof, map[string]any{"password": "not my password"}).Problem(http.StatusUnauthorized, "wrong_credentials")
	stale(olivia)
	answer := olivia.Post(proof, map[string]any{"password": apitest.Password}).Is(http.StatusOK)
	require.NotContains(t, string(answer.Body), "bhs_", "the session keeps its token")
	token(t, olivia)

	phone := enrol(t, w, olivia)
	w.Clock.Move(10 * time.Minute)
	stale(olivia)
	olivia.Post(proof, map[string]any{"password": apitest.Password}).Problem(http.StatusForbidden, "second_factor_needed")
	olivia.Post(proof, map[string]any{"code": phone.code(t, 0)}).Is(http.StatusOK)
	token(t, olivia)

	// a program proves nothing
	program.Post(proof, map[string]any{"password": apitest.Password}).Problem(http.StatusForbidden, "session_required")
	program.Post(challenge, map[string]any{}).Problem(http.StatusForbidden, "session_required")
	program.Post(authenticators, map[string]any{}).Problem(http.StatusForbidden, "session_required")
}

// Nothing of a person's factors is left when they were erased (R66).
func TestErased(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	enrol(t, w, olivia)
	olivia.Send(http.MethodDelete, "/v1/me", []byte(`{"password":"`+apitest.Password+`"}`), "Content-Type", "application/json").Is(http.StatusNoContent)
	for _, table := range []string{"factors", "recovery_codes", "code_trials", "challenges"} {
		var left int
		require.NoError(t, w.Admin.QueryRow(t.Context(), "select count(*) from signin."+table).Scan(&left))
		require.Zero(t, left, table)
	}
}

// Nobody but the API's role gets near these tables.
func TestOnlyTheAPI(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	for _, table := range []string{"factors", "recovery_codes", "code_trials", "challenges", "identities", "departures"} {
		var engine, api bool
		require.NoError(t, w.Admin.QueryRow(t.Context(), `
			select has_table_privilege($1, 'signin.' || $3, 'select'), has_table_privilege($2, 'signin.' || $3, 'select')`,
			eventstore.RoleEngine, eventstore.RoleAPI, table).Scan(&engine, &api))
		require.False(t, engine, table)
		require.True(t, api, table)
	}
}
