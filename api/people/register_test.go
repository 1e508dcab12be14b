package people_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain/user"
)

func register(w *apitest.World, t *testing.T, email, password string) apitest.Answer {
	t.Helper()
	return w.Nobody(t).Post("/v1/users", map[string]any{"email": email, "name": "Somebody", "password": password})
}

func signIn(w *apitest.World, t *testing.T, email, password string) apitest.Answer {
	t.Helper()
	return w.Nobody(t).Post("/v1/sessions", map[string]any{"email": email, "password": password})
}

func complete(w *apitest.World, t *testing.T, token, password string) apitest.Answer {
	t.Helper()
	return w.Nobody(t).Post("/v1/verifications/complete", map[string]any{"token": token, "password": password, "delivery": "token"})
}

// happened lists the types of a person's events.
func happened(w *apitest.World, t *testing.T, email string) (types []string) {
	t.Helper()
	stream := user.Stream(w.PersonAt(t, email)).String()
	require.NoError(t, w.Admin.QueryRow(t.Context(), `
		select array_agg(type::text order by version)
		from log.events
		where stream = $1`, stream).Scan(&types))
	return types
}

// What is asked for an address answers the same, whoever has it.
func TestAddressesAreAlikeToStrangers(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	w.SignUp(t, "olivia")
	register(w, t, "carl@example.com", apitest.Password).Is(http.StatusAccepted) // not verified
	paula := w.SignUp(t, "paula")
	paula.Command(paula.CreateWorkspace("Acme"), "InviteClient", map[string]any{
		"email": "ivan@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Is(http.StatusOK) // only invited
	addresses := []string{"olivia@example.com", "OLIVIA@Example.com", "carl@example.com", "ivan@example.com", "nobody@example.com"}
	same := func(what string, ask func(email string) apitest.Answer) {
		t.Helper()
		answers := map[string]bool{}
		for _, email := range addresses {
			answer := ask(email)
			text := string(answer.Body) + http.StatusText(answer.Status)
			answers[strings.ReplaceAll(text, answer.Header.Get("X-Request-Id"), "")] = true
			require.Less(t, answer.Status, 500)
			require.Empty(t, answer.Header.Get("Set-Cookie"))
		}
		require.Len(t, answers, 1, "%s: %v", what, answers)
	}
	post := func(path string) func(string) apitest.Answer {
		return func(email string) apitest.Answer { return w.Nobody(t).Post(path, map[string]any{"email": email}) }
	}
	same("verification", post("/v1/verifications"))
	same("reset", post("/v1/password-resets"))
	same("wrong password", func(email string) apitest.Answer { return signIn(w, t, email, "not the password") })
	same("registering", func(email string) apitest.Answer { return register(w, t, email, "another password") })
	same("signing in after registering", func(email string) apitest.Answer { return signIn(w, t, email, "another password") })
	require.NotContains(t, w.Logs.String(), "@example.com")
}

// One person, whatever the spelling; registering again leaves name and
// password as they are, and has the address told.
func TestRegisteringTwice(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	register(w, t, "OLIVIA@example.com", "another password").Is(http.StatusAccepted)
	signIn(w, t, "olivia@example.com", "another password").Problem(http.StatusUnauthorized, "wrong_credentials")
	signIn(w, t, "Olivia@Example.com", apitest.Password).Is(http.StatusCreated)
	var me struct{ Name string }
	olivia.Get("/v1/me").Is(http.StatusOK).Read(&me)
	require.Equal(t, "Olivia", me.Name)
	require.Equal(t, []string{"user.registered.v1", "user.address_verified.v1", "user.registration_repeated.v1"}, happened(w, t, olivia.Email))
}

// Until the address is verified nobody signs in, the right password or not;
// registering again, or asking, has a newer link mailed.
func TestVerifying(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	const email = "carl@example.com"
	register(w, t, email, apitest.Password).Is(http.StatusAccepted)
	signIn(w, t, email, apitest.Password).Problem(http.StatusUnauthorized, "wrong_credentials")
	first := w.LinkTo(t, email, user.ToVerify)
	register(w, t, email, "another password").Is(http.StatusAccepted)
	second := w.LinkTo(t, email, user.ToVerify)
	w.Nobody(t).Post("/v1/verifications", map[string]any{"email": email}).Is(http.StatusAccepted)
	third := w.LinkTo(t, email, user.ToVerify)
	complete(w, t, first, apitest.Password).Problem(http.StatusConflict, "link_superseded")
	complete(w, t, second, apitest.Password).Problem(http.StatusConflict, "link_superseded")
	complete(w, t, third, "another password").Problem(http.StatusUnauthorized, "wrong_credentials")
	complete(w, t, third[:len(third)-4]+"AAAA", apitest.Password).Problem(http.StatusNotFound, "not_found")
	complete(w, t, "nonsense", apitest.Password).Problem(http.StatusNotFound, "not_found")
	signIn(w, t, email, apitest.Password).Problem(http.StatusUnauthorized, "wrong_credentials")

	var session struct{ Token, Email string }
	complete(w, t, third, apitest.Password).Is(http.StatusOK).Read(&session)
	require.Equal(t, email, session.Email)
	carl := w.Nobody(t)
	carl.Token = session.Token
	carl.Get("/v1/me").Is(http.StatusOK)
	complete(w, t, third, apitest.Password).Problem(http.StatusConflict, "link_used")
	w.Nobody(t).Post("/v1/verifications", map[string]any{"email": email}).Is(http.StatusAccepted)
	complete(w, t, third, apitest.Password).Problem(http.StatusConflict, "link_used")
	require.NotContains(t, w.Logs.String(), third)
}

func TestVerifyingTooLate(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	register(w, t, "carl@example.com", apitest.Password).Is(http.StatusAccepted)
	link := w.LinkTo(t, "carl@example.com", user.ToVerify)
	w.Nobody(t).Get("/v1/links/" + link).Is(http.StatusOK)
	w.Clock.Move(user.ToVerify.Life() + time.Second)
	complete(w, t, link, apitest.Password).Problem(http.StatusConflict, "link_expired")
	w.Nobody(t).Get("/v1/links/"+link).Problem(http.StatusConflict, "link_expired")
	w.Nobody(t).Post("/v1/verifications", map[string]any{"email": "carl@example.com"}).Is(http.StatusAccepted)
	complete(w, t, w.LinkTo(t, "carl@example.com", user.ToVerify), apitest.Password).Is(http.StatusOK)
}

// A link says what it is for, and nothing about whose it is.
func TestLanding(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	register(w, t, "carl@example.com", apitest.Password).Is(http.StatusAccepted)
	link := w.LinkTo(t, "carl@example.com", user.ToVerify)
	answer := w.Nobody(t).Get("/v1/links/" + link).Is(http.StatusOK)
	require.JSONEq(t, `["expires_at","purpose"]`, keysOf(t, answer))
	require.NotContains(t, string(answer.Body), "arl")
	complete(w, t, link, apitest.Password).Is(http.StatusOK)
	w.Nobody(t).Get("/v1/links/"+link).Problem(http.StatusConflict, "link_used")
	for _, forged := range []string{"nonsense", link + "A", strings.Repeat("A", 82)} {
		w.Nobody(t).Get("/v1/links/"+forged).Problem(http.StatusNotFound, "not_found")
	}
	require.NotContains(t, w.Logs.String(), link)
}

// The link of an invitation was mailed to the address and nowhere else: who
// registers with it has shown that the address is theirs.
func TestRegisteringWithAnInvitation(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	token := team.Invite(t, "carl@example.com", "owner")
	with := func(email, token string) apitest.Answer {
		return team.Nobody(t).Post("/v1/users", map[string]any{"email": email, "name": "Carl", "password": apitest.Password, "invitation": token})
	}
	with("mallory@example.com", token).Problem(http.StatusForbidden, "other_address")
	with("carl@example.com", "nonsense").Problem(http.StatusNotFound, "not_found")
	with("carl@example.com", token).Is(http.StatusAccepted)
	signIn(team.World, t, "carl@example.com", apitest.Password).Is(http.StatusCreated)
	require.Equal(t, []string{"user.registered.v1", "user.address_verified.v1"}, happened(team.World, t, "carl@example.com"))

	// who had registered the address before its owner was invited stays outside
	register(team.World, t, "dora@example.com", "mallory's password").Is(http.StatusAccepted)
	with("dora@example.com", team.Invite(t, "dora@example.com", "owner")).Is(http.StatusAccepted)
	signIn(team.World, t, "dora@example.com", "mallory's password").Problem(http.StatusUnauthorized, "wrong_credentials")
	signIn(team.World, t, "dora@example.com", apitest.Password).Problem(http.StatusUnauthorized, "wrong_credentials")
}

// The password's row was written and the event was not: the next attempt
// completes, with its own password, and until then nobody signs in.
func TestBrokenOffRegistration(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
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
	signIn(w, t, "carl@example.com", apitest.Password).Problem(http.StatusUnauthorized, "wrong_credentials")
	w.Nobody(t).Post("/v1/password-resets", map[string]any{"email": "carl@example.com"}).Is(http.StatusAccepted)
	register(w, t, "carl@example.com", "my own password").Is(http.StatusAccepted)
	link := w.LinkTo(t, "carl@example.com", user.ToVerify)
	complete(w, t, link, apitest.Password).Problem(http.StatusUnauthorized, "wrong_credentials")
	complete(w, t, link, "my own password").Is(http.StatusOK)
}

// Many register one address at once: one account, whose password is that of
// the one who was first.
func TestRegisteringAtOnce(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	passwords := []string{"password-number-1", "password-number-2", "password-number-3", "password-number-4"}
	var registering sync.WaitGroup
	for _, password := range passwords {
		registering.Go(func() { register(w, t, "carl@example.com", password).Is(http.StatusAccepted) })
	}
	registering.Wait()
	require.Equal(t, "user.registered.v1", happened(w, t, "carl@example.com")[0])
	require.Len(t, happened(w, t, "carl@example.com"), len(passwords))
	link, opened := w.LinkTo(t, "carl@example.com", user.ToVerify), 0
	for _, password := range passwords {
		if complete(w, t, link, password).Status == http.StatusOK {
			opened++
		}
	}
	require.Equal(t, 1, opened)
}
