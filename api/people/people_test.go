package people_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/api/signin"
)

func TestSigningUpInAndOut(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	var me struct{ User, Email, Name string }
	olivia.Get("/v1/me").Is(http.StatusOK).Read(&me)
	require.Equal(t, olivia.ID, me.User)
	require.Equal(t, "olivia@example.com", me.Email)
	require.Equal(t, "Olivia", me.Name)

	olivia.Send(http.MethodDelete, "/v1/sessions/current", nil).Is(http.StatusNoContent)
	olivia.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	w.Clock.Move(signin.SessionLife - time.Hour)
	olivia.Get("/v1/me").Is(http.StatusOK)
	w.Clock.Move(2 * time.Hour)
	olivia.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
}

// One person, whatever the spelling; the second registration is refused and
// leaves the password as it is.
func TestRegisteringTwice(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	w.SignUp(t, "olivia")
	w.Nobody(t).Post("/v1/users", map[string]any{"email": "OLIVIA@example.com", "name": "Mallory", "password": "another password"}).
		Problem(http.StatusConflict, "already_registered")
	w.Nobody(t).Post("/v1/sessions", map[string]any{"email": "olivia@example.com", "password": "another password"}).
		Problem(http.StatusUnauthorized, "wrong_credentials")
	w.Nobody(t).Post("/v1/sessions", map[string]any{"email": "Olivia@Example.com", "password": apitest.Password}).Is(http.StatusCreated)
}

// The password's row was written and the event was not: the next attempt
// completes, with its own password, and until then nobody signs in.
func TestBrokenOffRegistration(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	w.SignUp(t, "olivia")
	// carl is made a person by an invitation, then given a password without an event
	paula := w.SignUp(t, "paula")
	ws := paula.CreateWorkspace("Acme")
	paula.Command(ws, "InviteClient", map[string]any{"email": "carl@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false}}).Is(http.StatusOK)
	_, err := w.Admin.Exec(t.Context(), `
		insert into signin.passwords (person, phc)
		select invited.person, passwords.phc
		from signin.people as invited, signin.passwords
		where invited.person not in (select person from signin.passwords)
		limit 1`)
	require.NoError(t, err)

	w.Nobody(t).Post("/v1/sessions", map[string]any{"email": "carl@example.com", "password": apitest.Password}).
		Problem(http.StatusUnauthorized, "wrong_credentials")
	w.Nobody(t).Post("/v1/users", map[string]any{"email": "carl@example.com", "name": "Carl", "password": "my own password"}).Is(http.StatusCreated)
	w.Nobody(t).Post("/v1/sessions", map[string]any{"email": "carl@example.com", "password": apitest.Password}).
		Problem(http.StatusUnauthorized, "wrong_credentials")
	w.Nobody(t).Post("/v1/sessions", map[string]any{"email": "carl@example.com", "password": "my own password"}).Is(http.StatusCreated)
}

func TestWrongPasswordAndUnknownAddressAnswerTheSame(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	w.SignUp(t, "olivia")
	answers := map[string]bool{}
	for _, email := range []string{"olivia@example.com", "nobody@example.com", "not an address"} {
		answer := w.Nobody(t).Post("/v1/sessions", map[string]any{"email": email, "password": "canary-wrong-password"})
		refused := answer.Problem(http.StatusUnauthorized, "wrong_credentials")
		answers[strings.Replace(string(answer.Body), refused.RequestID, "", 1)] = true
		require.NotContains(t, string(answer.Body), "canary")
	}
	require.Len(t, answers, 1)
	require.NotContains(t, w.Logs.String(), "canary")
}

func TestMalformedRegistrations(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	for name, broken := range map[string]struct{ email, name, password, location string }{
		"address":        {"not-an-address", "Carl", apitest.Password, "email"},
		"long address":   {strings.Repeat("a", 300) + "@example.com", "Carl", apitest.Password, "email"},
		"no name":        {"carl@example.com", " ", apitest.Password, "name"},
		"long name":      {"carl@example.com", strings.Repeat("a", 101), apitest.Password, "name"},
		"short password": {"carl@example.com", "Carl", "canary-09", "password"},
		"long password":  {"carl@example.com", "Carl", "canary-" + strings.Repeat("a", 200), "password"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := w.Nobody(t).Post("/v1/users", map[string]any{"email": broken.email, "name": broken.name, "password": broken.password}).
				Is(http.StatusUnprocessableEntity)
			var problem apitest.Problem
			answer.Read(&problem)
			require.Equal(t, broken.location, problem.Errors[0].Location)
			require.NotContains(t, string(answer.Body), broken.password)
			require.NotContains(t, w.Logs.String(), "canary")
		})
	}
	var stored int
	require.NoError(t, w.Admin.QueryRow(t.Context(), "select count(*) from signin.people").Scan(&stored))
	require.Zero(t, stored, "nothing is stored of what was refused")
}

// Names of tokens are one line; a person has 100 tokens at most.
func TestTokensRefused(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	for _, name := range []string{" ", "two\nlines", "escape\x1b[31m"} {
		olivia.Post("/v1/tokens", map[string]any{"name": name}).Problem(http.StatusUnprocessableEntity, "malformed_name")
	}
	for range 100 {
		olivia.Post("/v1/tokens", map[string]any{"name": "one of many"}).Is(http.StatusCreated)
	}
	olivia.Post("/v1/tokens", map[string]any{"name": "one too many"}).Problem(http.StatusConflict, "too_many")
	w.SignUp(t, "carl").Post("/v1/tokens", map[string]any{"name": "another person's"}).Is(http.StatusCreated)
}

func TestTokens(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	var added struct{ ID, Token, Hint string }
	olivia.Post("/v1/tokens", map[string]any{"name": "demo", "expires_in_days": 1}).Is(http.StatusCreated).Read(&added)
	require.True(t, strings.HasPrefix(added.Token, "bhf_"))
	require.True(t, strings.HasPrefix(added.Token, added.Hint))

	program := *olivia
	program.Token = added.Token
	program.Get("/v1/me").Is(http.StatusOK)
	program.Post("/v1/tokens", map[string]any{"name": "another"}).Problem(http.StatusForbidden, "session_required")
	program.Send(http.MethodDelete, "/v1/tokens/"+added.ID, nil).Problem(http.StatusForbidden, "session_required")

	listed := program.Get("/v1/tokens").Is(http.StatusOK)
	require.Contains(t, string(listed.Body), added.ID)
	require.NotContains(t, string(listed.Body), added.Token, "shown once")

	carl := w.SignUp(t, "carl")
	carl.Send(http.MethodDelete, "/v1/tokens/"+added.ID, nil).Problem(http.StatusNotFound, "not_found")
	carl.Send(http.MethodDelete, "/v1/tokens/nonsense", nil).Problem(http.StatusNotFound, "not_found")

	w.Clock.Move(25 * time.Hour)
	program.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	olivia.Send(http.MethodDelete, "/v1/tokens/"+added.ID, nil).Is(http.StatusNoContent)
	require.NotContains(t, w.Logs.String(), added.Token)
}
