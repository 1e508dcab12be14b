package secondfactor_test

import (
	"bytes"
	"encoding/base64"
	"image/png"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

func TestAuthenticator(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	elsewhere := signInFully(t, w, olivia)
	var begun app
	olivia.Post(authenticators, map[string]any{}).Is(http.StatusCreated).Read(&begun)
	begun.clock = w.Clock

	picture, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(begun.QRCode, "data:image/png;base64,"))
	require.NoError(t, err)
	_, err = png.Decode(bytes.NewReader(picture))
	require.NoError(t, err)
	require.Contains(t, begun.URI, "secret="+begun.Secret)
	require.True(t, strings.HasPrefix(begun.URI, "otpauth://totp/Behalf:olivia@example.com"), begun.URI)

	confirm := authenticators + "/" + begun.ID + "/confirm"
	olivia.Post(confirm, map[string]string{"code": begun.code(t, 5)}).Problem(http.StatusForbidden, "wrong_code")
	require.False(t, enabled(olivia), "not yet")
	var added struct {
		Codes []string `json:"recovery_codes"`
	}
	olivia.Post(confirm, map[string]string{"code": begun.code(t, 0)}).Is(http.StatusOK).Read(&added)
	require.Len(t, added.Codes, 10)
	require.True(t, enabled(olivia))
	elsewhere.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in") // it proved less

	types, said := history(t, w, olivia)
	require.Subset(t, types, []string{"user.authenticator_added.v1", "user.two_factor_enabled.v1"})
	var stored string
	require.NoError(t, w.Admin.QueryRow(t.Context(), `
		select string_agg(f::text, '') || (select string_agg(c::text, '') from signin.recovery_codes as c)
		from signin.factors as f`).Scan(&stored))
	for _, secret := range append(added.Codes, begun.Secret) {
		require.NotContains(t, said, secret)
		require.NotContains(t, stored, secret)
		require.NotContains(t, w.Logs.String(), secret)
	}

	// the app was lost before it was confirmed: another one takes its place, too late is too late
	olivia.Post(authenticators, map[string]any{}).Is(http.StatusCreated).Read(&begun)
	w.Clock.Move(10 * time.Minute)
	refused := olivia.Post(authenticators+"/"+begun.ID+"/confirm", map[string]string{"code": begun.code(t, 0)})
	refused.Problem(http.StatusForbidden, "fresh_proof_needed")
}

func signInFully(t testing.TB, w *apitest.World, p *apitest.Person) *apitest.Person {
	t.Helper()
	var session struct{ Token string }
	w.Nobody(t).Post("/v1/sessions", map[string]any{"email": p.Email, "password": apitest.Password, "delivery": "token"}).
		Is(http.StatusCreated).Read(&session)
	full := *p
	full.Token = session.Token
	return &full
}

func enabled(p *apitest.Person) bool {
	var overview struct{ Enabled bool }
	p.Get(twoFactor).Is(http.StatusOK).Read(&overview)
	return overview.Enabled
}

// Nothing but the two operations that prove the second factor is open to a
// session that waits for it.
func TestSigningInTakesTwoSteps(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	phone := enrol(t, w, olivia)
	waiting := signIn(t, w, olivia)
	waiting.Get("/v1/me").Problem(http.StatusUnauthorized, "second_factor_needed")
	waiting.Post("/v1/tokens", map[string]any{"name": "x"}).Problem(http.StatusUnauthorized, "second_factor_needed")
	waiting.Get(twoFactor).Problem(http.StatusUnauthorized, "second_factor_needed")
	waiting.Post(proof, map[string]any{"password": apitest.Password}).Problem(http.StatusForbidden, "second_factor_needed")
	waiting.Post(proof, map[string]any{}).Problem(http.StatusUnprocessableEntity, "invalid")
	waiting.Post(proof, map[string]any{"code": "000000", "recovery_code": "x"}).Problem(http.StatusUnprocessableEntity, "invalid")
	var asked struct{ By []string }
	waiting.Post(challenge, map[string]any{}).Is(http.StatusOK).Read(&asked)
	require.Equal(t, []string{"code", "recovery_code"}, asked.By)

	full := finish(t, waiting, "code", phone.code(t, 0))
	full.Get("/v1/me").Is(http.StatusOK)
	require.NotEqual(t, waiting.Token, full.Token)
	waiting.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in") // the token that waited is worth nothing

	// a browser gets another cookie; it may take ten minutes
	waiting = signIn(t, w, olivia)
	w.Clock.Move(step)
	answer := waiting.Post(proof, map[string]any{"code": phone.code(t, 0)}).Is(http.StatusOK)
	require.NotContains(t, string(answer.Body), "bhs_")
	require.Contains(t, answer.Header.Get("Set-Cookie"), "HttpOnly")
	late := signIn(t, w, olivia)
	w.Clock.Move(10 * time.Minute)
	late.Post(proof, map[string]any{"code": phone.code(t, 0)}).Problem(http.StatusUnauthorized, "not_signed_in")
}

// A session that was opened at the very moment at which the first factor came
// to count proves it like any other.
func TestSessionsFromInBetween(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	phone := enrol(t, w, olivia)
	late := finish(t, signIn(t, w, olivia), "code", phone.code(t, 0))
	tag, err := w.Admin.Exec(t.Context(), "update signin.sessions set two_factor_at = null, authenticated_with = '{password}'")
	require.NoError(t, err)
	require.EqualValues(t, 2, tag.RowsAffected())
	late.Get("/v1/me").Problem(http.StatusUnauthorized, "second_factor_needed")
	w.Clock.Move(step)
	finish(t, late, "code", phone.code(t, 0)).Get("/v1/me").Is(http.StatusOK)
	late.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
}

// A code is accepted once, whoever sends it at the same moment, and none of an
// earlier moment after it; an app's clock may be off by one step.
func TestCodesAreAcceptedOnce(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	phone := enrol(t, w, olivia)
	w.Clock.Move(2 * step)
	code := phone.code(t, 0)
	var accepted atomic.Int32
	var sending sync.WaitGroup
	for range 4 {
		waiting := signIn(t, w, olivia)
		sending.Go(func() {
			if waiting.Post(proof, map[string]any{"code": code}).Status == http.StatusOK {
				accepted.Add(1)
			}
		})
	}
	sending.Wait()
	require.EqualValues(t, 1, accepted.Load())

	waiting := signIn(t, w, olivia)
	waiting.Post(proof, map[string]any{"code": phone.code(t, -1)}).Problem(http.StatusForbidden, "wrong_code")
	full := finish(t, waiting, "code", phone.code(t, 1))
	w.Clock.Move(10 * step)
	full.Post(proof, map[string]any{"code": phone.code(t, -3)}).Problem(http.StatusForbidden, "wrong_code")
	full.Post(proof, map[string]any{"code": phone.code(t, 3)}).Problem(http.StatusForbidden, "wrong_code")
	full.Post(proof, map[string]any{"code": phone.code(t, -1)}).Is(http.StatusOK)
}

// Guessing is slowed down, also for whoever knows the right code by then.
func TestTrialsAreLimited(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	phone := enrol(t, w, olivia)
	waiting := signIn(t, w, olivia)
	for range 5 {
		waiting.Post(proof, map[string]any{"recovery_code": "aaaa-aaaa-aaaa-aaaa"}).Problem(http.StatusForbidden, "wrong_code")
	}
	refused := waiting.Post(proof, map[string]any{"code": phone.code(t, 0)})
	refused.Problem(http.StatusTooManyRequests, "rate_limited")
	require.Contains(t, []string{"29", "30", "31"}, refused.Header.Get("Retry-After"))
	w.Clock.Move(32 * time.Second)
	waiting.Post(proof, map[string]any{"code": phone.code(t, 7)}).Problem(http.StatusForbidden, "wrong_code")
	waiting.Post(proof, map[string]any{"code": phone.code(t, 0)}).Problem(http.StatusTooManyRequests, "rate_limited") // twice as long
	w.Clock.Move(62 * time.Second)
	full := finish(t, waiting, "code", phone.code(t, 0))
	full.Post(proof, map[string]any{"code": phone.code(t, 7)}).Problem(http.StatusForbidden, "wrong_code") // forgotten with the right one
}

// A secret opens in its own row alone.
func TestFactorsAreBoundToTheirRow(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia, mallory := w.SignUp(t, "olivia"), w.SignUp(t, "mallory")
	enrol(t, w, olivia)
	evil := enrol(t, w, mallory)
	tag, err := w.Admin.Exec(t.Context(), `
		update signin.factors
		set sealed = (select sealed from signin.factors where id = $1)`, uuidOf(evil.ID))
	require.NoError(t, err)
	require.EqualValues(t, 2, tag.RowsAffected())
	signIn(t, w, olivia).Post(proof, map[string]any{"code": evil.code(t, 0)}).Problem(http.StatusInternalServerError, "internal")
	finish(t, signIn(t, w, mallory), "code", evil.code(t, 0))
}

// uuidOf is an id as Postgres writes it.
func uuidOf(id string) string { return id[strings.Index(id, "_")+1:] }
