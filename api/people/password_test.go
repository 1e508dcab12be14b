package people_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain/user"
)

// keysOf are the names in an answer, as a JSON list.
func keysOf(t *testing.T, answer apitest.Answer) string {
	t.Helper()
	var body map[string]any
	answer.Read(&body)
	written, err := json.Marshal(slices.Sorted(maps.Keys(body)))
	require.NoError(t, err)
	return string(written)
}

func askReset(w *apitest.World, t *testing.T, email string) string {
	t.Helper()
	w.Nobody(t).Post("/v1/password-resets", map[string]any{"email": email}).Is(http.StatusAccepted)
	return w.LinkTo(t, email, user.ToResetPassword)
}

func reset(w *apitest.World, t *testing.T, token, password string) apitest.Answer {
	t.Helper()
	return w.Nobody(t).Post("/v1/password-resets/complete", map[string]any{"token": token, "password": password})
}

// The mailed link sets a new password once, and ends all sessions.
func TestResettingThePassword(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	elsewhere := carl.SignIn()
	var program struct{ Token string }
	carl.Post("/v1/tokens", map[string]any{"name": "program"}).Is(http.StatusCreated).Read(&program)

	first := askReset(w, t, carl.Email)
	second := askReset(w, t, carl.Email)
	reset(w, t, first, "canary-new-password").Problem(http.StatusConflict, "link_superseded")
	reset(w, t, second, "short").Is(http.StatusUnprocessableEntity)
	reset(w, t, second[:40]+"AAAA"+second[44:], "canary-new-password").Problem(http.StatusNotFound, "not_found")
	carl.Get("/v1/me").Is(http.StatusOK)

	answer := reset(w, t, second, "canary-new-password").Is(http.StatusNoContent)
	require.Empty(t, answer.Header.Get("Set-Cookie"), "a link signs nobody in")
	carl.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	elsewhere.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	signIn(w, t, carl.Email, apitest.Password).Problem(http.StatusUnauthorized, "wrong_credentials")
	signIn(w, t, carl.Email, "canary-new-password").Is(http.StatusCreated)
	programs := w.Nobody(t)
	programs.Token = program.Token
	programs.Get("/v1/me").Is(http.StatusOK)

	reset(w, t, second, "yet another password").Problem(http.StatusConflict, "link_used")
	token := askReset(w, t, carl.Email)
	w.Nobody(t).Post("/v1/password-resets/complete", map[string]any{"token": token, "password": "the last password", "end_tokens": true}).
		Is(http.StatusNoContent)
	programs.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	for _, secret := range []string{second, "canary-new-password"} {
		require.NotContains(t, w.Logs.String(), secret)
	}
}

func TestResettingTooLate(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	token := askReset(w, t, carl.Email)
	w.Clock.Move(time.Hour + time.Second)
	reset(w, t, token, "another password").Problem(http.StatusConflict, "link_expired")
	signIn(w, t, carl.Email, apitest.Password).Is(http.StatusCreated)
}

// Of many who follow one link at once, one sets the password, and its is the
// one that counts.
func TestResettingAtOnce(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	token := askReset(w, t, carl.Email)
	var winner atomic.Value
	var resetting sync.WaitGroup
	var refused atomic.Int32
	for _, password := range []string{"password-number-1", "password-number-2", "password-number-3", "password-number-4"} {
		resetting.Go(func() {
			if answer := reset(w, t, token, password); answer.Status == http.StatusNoContent {
				winner.Store(password)
			} else {
				answer.Problem(http.StatusConflict, "link_used")
				refused.Add(1)
			}
		})
	}
	resetting.Wait()
	require.EqualValues(t, 3, refused.Load())
	signIn(w, t, carl.Email, winner.Load().(string)).Is(http.StatusCreated)
}

// Who gets the mail has the address: resetting verifies it. Whoever registered
// it before them is out.
func TestResettingVerifies(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	register(w, t, "dora@example.com", "mallory's password").Is(http.StatusAccepted)
	reset(w, t, askReset(w, t, "dora@example.com"), "dora's own password").Is(http.StatusNoContent)
	signIn(w, t, "dora@example.com", "mallory's password").Problem(http.StatusUnauthorized, "wrong_credentials")
	signIn(w, t, "dora@example.com", "dora's own password").Is(http.StatusCreated)
}

// Links are good for one thing: none opens what another one does.
func TestLinksForSomethingElse(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	register(w, t, "carl@example.com", apitest.Password).Is(http.StatusAccepted)
	verify, resetting := w.LinkTo(t, "carl@example.com", user.ToVerify), askReset(w, t, "carl@example.com")
	reset(w, t, verify, "another password").Problem(http.StatusNotFound, "not_found")
	complete(w, t, resetting, apitest.Password).Problem(http.StatusNotFound, "not_found")
	complete(w, t, verify, apitest.Password).Is(http.StatusOK)
}

// Changing the password takes the one before, and leaves this session alone.
func TestChangingThePassword(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	elsewhere := carl.SignIn()
	change := func(p *apitest.Person, current, password string) apitest.Answer {
		return p.Post("/v1/me/password", map[string]any{"current": current, "password": password})
	}
	var made struct{ Token string }
	carl.Post("/v1/tokens", map[string]any{"name": "program"}).Is(http.StatusCreated).Read(&made)
	program := *carl
	program.Token = made.Token
	change(&program, apitest.Password, "another password").Problem(http.StatusForbidden, "session_required")
	change(w.Nobody(t), apitest.Password, "another password").Problem(http.StatusUnauthorized, "not_signed_in")
	change(carl, "not my password", "another password").Problem(http.StatusUnauthorized, "wrong_credentials")
	change(carl, apitest.Password, "short").Is(http.StatusUnprocessableEntity)
	link := askReset(w, t, carl.Email)
	change(carl, apitest.Password, "another password").Is(http.StatusNoContent)

	carl.Get("/v1/me").Is(http.StatusOK)
	elsewhere.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	program.Get("/v1/me").Is(http.StatusOK)
	signIn(w, t, carl.Email, apitest.Password).Problem(http.StatusUnauthorized, "wrong_credentials")
	signIn(w, t, carl.Email, "another password").Is(http.StatusCreated)
	reset(w, t, link, "yet another password").Problem(http.StatusConflict, "link_used")
	require.Contains(t, strings.Join(happened(w, t, carl.Email), " "), "user.password_changed.v1")
}
