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
