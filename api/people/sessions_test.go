package people_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

type listed struct {
	Sessions []struct {
		ID, Client string
		Current    bool
		With       []string
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	elsewhere := carl.SignIn()
	var held listed
	answer := carl.Get("/v1/sessions").Is(http.StatusOK).Read(&held)
	require.Len(t, held.Sessions, 2)
	require.NotContains(t, string(answer.Body), carl.Token)
	other := held.Sessions[0]
	if other.Current {
		other = held.Sessions[1]
	}
	require.False(t, other.Current)
	require.Equal(t, "Go-http-client", other.Client)
	require.Equal(t, []string{"password"}, other.With)

	mallory := w.SignUp(t, "mallory")
	for _, id := range []string{other.ID, "nonsense", "ses_00000000000000000000000000000001"} {
		mallory.Send(http.MethodDelete, "/v1/sessions/"+id, nil).Problem(http.StatusNotFound, "not_found")
	}
	elsewhere.Get("/v1/me").Is(http.StatusOK)
	carl.Send(http.MethodDelete, "/v1/sessions/"+other.ID, nil).Is(http.StatusNoContent)
	elsewhere.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	carl.Send(http.MethodDelete, "/v1/sessions/"+other.ID, nil).Problem(http.StatusNotFound, "not_found")

	third, fourth := carl.SignIn(), carl.SignIn()
	carl.Send(http.MethodDelete, "/v1/sessions", nil).Is(http.StatusNoContent)
	third.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	fourth.Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	carl.Get("/v1/me").Is(http.StatusOK)
	mallory.Get("/v1/me").Is(http.StatusOK)
}

// A sign-in from a program or network that the person has not used before is
// told once; the first one of all is not.
func TestNewClients(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	from := func(agent string) {
		t.Helper()
		w.Nobody(t).Send(http.MethodPost, "/v1/sessions", []byte(`{"email":"carl@example.com","password":"`+apitest.Password+`"}`),
			"Content-Type", "application/json", "User-Agent", agent).Is(http.StatusCreated)
	}
	const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"
	carl.SignIn()
	require.Len(t, happened(w, t, carl.Email), 2)
	from(firefox)
	require.Equal(t, "user.new_client_noted.v1", happened(w, t, carl.Email)[2])
	from(firefox)
	from("Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0")
	require.Len(t, happened(w, t, carl.Email), 3, "it is known, an update of it too")
	from("curl/8.0")
	require.Len(t, happened(w, t, carl.Email), 4)
	var data string
	require.NoError(t, w.Admin.QueryRow(t.Context(), `
		select string_agg(convert_from(data, 'UTF8'), '')
		from log.events
		where type = 'user.new_client_noted.v1'`).Scan(&data))
	require.NotContains(t, data, "Firefox", "it is sealed")
}
