package people_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/apitest"
	"behalf/api/limit"
	"behalf/internal/redisurl"
	"behalf/internal/testkit"
)

// limited is the same Behalf with policies, counted by a clock that stands
// still unless the test moves it.
func limited(t *testing.T, w *apitest.World, policies limit.Policies) *apitest.World {
	t.Helper()
	began := time.Now()
	still := func() time.Time { return began.Add(time.Until(w.Clock.Now()).Round(10 * time.Second)) }
	return w.Elsewhere(t, func(d *api.Deps) {
		d.Policies, d.Limits = &policies, limit.New(limit.Options{Now: still})
	})
}

// Whoever tries passwords is slowed down and told how long to wait, whether the
// address exists or not; the person comes in as soon as they try again in time.
func TestSigningInIsSlowedDown(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	w.SignUp(t, "olivia")
	l := limited(t, w, limit.Policies{SignInAddress: limit.Policy{Name: "sign-in", Quota: 3, Window: 3 * time.Minute}})
	for _, email := range []string{"olivia@example.com", "nobody@example.com"} {
		for left := 2; left >= 0; left-- {
			answer := signIn(l, t, email, "wrong password")
			answer.Problem(http.StatusUnauthorized, "wrong_credentials")
			require.Equal(t, `"sign-in";q=3;w=180`, answer.Header.Get("RateLimit-Policy"))
			require.Contains(t, answer.Header.Get("RateLimit"), `"sign-in";r=`+string(rune('0'+left))+`;t=`)
		}
		answer := signIn(l, t, strings.ToUpper(email), apitest.Password)
		answer.Problem(http.StatusTooManyRequests, "rate_limited")
		require.Equal(t, "60", answer.Header.Get("Retry-After"))
		require.Contains(t, answer.Header.Get("RateLimit"), `"sign-in";r=0;t=60`)
	}
	w.Clock.Move(time.Minute)
	signIn(l, t, "olivia@example.com", apitest.Password).Is(http.StatusCreated)
	for range 3 { // the right password forgot the wrong ones
		signIn(l, t, "olivia@example.com", "wrong password").Problem(http.StatusUnauthorized, "wrong_credentials")
	}
}

// Strangers who try everywhere slow down only those who have never signed in
// as that person: they cannot keep the person out.
func TestStrangersKeepNobodyOut(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	l := limited(t, w, limit.Policies{SignInAnyhow: limit.Policy{Name: "sign-in-address", Quota: 2, Window: time.Hour}})
	as := func(agent, password string) apitest.Answer {
		return l.Nobody(t).Send(http.MethodPost, "/v1/sessions", []byte(`{"email":"`+olivia.Email+`","password":"`+password+`"}`),
			"Content-Type", "application/json", "User-Agent", agent)
	}
	as("guesser", "wrong password").Problem(http.StatusUnauthorized, "wrong_credentials")
	as("guesser", "wrong password").Problem(http.StatusUnauthorized, "wrong_credentials")
	as("guesser", "wrong password").Problem(http.StatusTooManyRequests, "rate_limited")
	as("Go-http-client", apitest.Password).Is(http.StatusCreated)
}

// What is left of the trials for an address, and of the mails to it, tells
// nobody whether it is known or was used from there before.
func TestWhatIsLeftTellsNothingOfAnAddress(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	l := limited(t, w, limit.Standard())
	told := func(email string) []string {
		trial := signIn(l, t, email, "wrong password")
		trial.Problem(http.StatusUnauthorized, "wrong_credentials")
		reset := l.Nobody(t).Post("/v1/password-resets", map[string]any{"email": email}).Is(http.StatusAccepted)
		return slices.Concat(trial.Header.Values("RateLimit-Policy"), reset.Header.Values("RateLimit-Policy"))
	}
	require.Equal(t, []string{
		`"client";q=3000;w=60, "sign-in-client";q=60;w=600`, `"client";q=3000;w=60, "mail-client";q=30;w=3600`,
	}, told(olivia.Email))
	require.Equal(t, told(olivia.Email), told("nobody@example.com"))
}

// A stolen session does not find out the password.
func TestOwnPasswordIsBounded(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	l := limited(t, w, limit.Policies{Password: limit.Policy{Name: "password", Quota: 2, Window: 2 * time.Minute}})
	there := l.Nobody(t)
	there.Token = carl.Token
	try := func(password string) apitest.Answer {
		return there.Post("/v1/me/address", map[string]any{"email": "new@example.com", "password": password})
	}
	try("wrong password").Problem(http.StatusUnauthorized, "wrong_credentials")
	try("wrong password").Problem(http.StatusUnauthorized, "wrong_credentials")
	try(apitest.Password).Problem(http.StatusTooManyRequests, "rate_limited")
	erase(there, apitest.Password).Problem(http.StatusTooManyRequests, "rate_limited")
	w.Clock.Move(time.Minute)
	try(apitest.Password).Is(http.StatusAccepted)
}

// Nobody has an address flooded with mails, whoever has it; and the limit
// tells nothing about it.
func TestMailsToAnAddressAreBounded(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	w.SignUp(t, "olivia")
	l := limited(t, w, limit.Policies{MailAddress: limit.Policy{Name: "mail-address", Quota: 3, Window: time.Hour}})
	for _, email := range []string{"olivia@example.com", "nobody@example.com"} {
		l.Nobody(t).Post("/v1/password-resets", map[string]any{"email": email}).Is(http.StatusAccepted)
		l.Nobody(t).Post("/v1/verifications", map[string]any{"email": email}).Is(http.StatusAccepted)
		register(l, t, email, apitest.Password).Is(http.StatusAccepted)
		l.Nobody(t).Post("/v1/password-resets", map[string]any{"email": email}).Problem(http.StatusTooManyRequests, "rate_limited")
		register(l, t, email, apitest.Password).Problem(http.StatusTooManyRequests, "rate_limited")
	}
}

// What strangers ask for leaves a person their own: from where they have signed
// in before, links are still mailed to them.
func TestStrangersUseUpNobodysMails(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	l := limited(t, w, limit.Policies{MailAddress: limit.Policy{Name: "mail-address", Quota: 2, Window: time.Hour}})
	ask := func(client string) apitest.Answer {
		body, err := json.Marshal(map[string]string{"email": olivia.Email})
		require.NoError(t, err)
		return l.Nobody(t).Send(http.MethodPost, "/v1/password-resets", body, "Content-Type", "application/json", "User-Agent", client)
	}
	const stranger, own = "curl/8.5.0", "Go-http-client/1.1" // what she has registered and signed in with
	for range 2 {
		ask(stranger).Is(http.StatusAccepted)
	}
	ask(stranger).Problem(http.StatusTooManyRequests, "rate_limited")
	for range 2 {
		ask(own).Is(http.StatusAccepted)
	}
	ask(own).Problem(http.StatusTooManyRequests, "rate_limited")
}

// Requests are bounded by the network address for everybody and by the account
// for who is signed in; a token that runs wild does not shut out its person.
func TestRequestsAreBounded(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	carl := w.SignUp(t, "carl")
	var made struct{ Token string }
	carl.Post("/v1/tokens", map[string]any{"name": "program"}).Is(http.StatusCreated).Read(&made)
	l := limited(t, w, limit.Policies{
		Client:  limit.Policy{Name: "client", Quota: 6, Window: time.Minute},
		Account: limit.Policy{Name: "account", Quota: 2, Window: time.Minute},
	})
	program, person := l.Nobody(t), l.Nobody(t)
	program.Token, person.Token = made.Token, carl.Token
	program.Get("/v1/me").Is(http.StatusOK)
	answer := program.Get("/v1/me").Is(http.StatusOK)
	require.Equal(t, `"client";q=6;w=60, "account";q=2;w=60`, answer.Header.Get("RateLimit-Policy"))
	require.Equal(t, `"client";r=4;t=20, "account";r=0;t=60`, answer.Header.Get("RateLimit"))
	program.Get("/v1/me").Problem(http.StatusTooManyRequests, "rate_limited")
	person.Get("/v1/me").Is(http.StatusOK)
	person.Get("/v1/me").Is(http.StatusOK)
	person.Get("/v1/me").Problem(http.StatusTooManyRequests, "rate_limited")
	l.Nobody(t).Get("/v1/me").Problem(http.StatusTooManyRequests, "rate_limited")
	w.Clock.Move(10 * time.Second)
	l.Nobody(t).Get("/v1/me").Problem(http.StatusUnauthorized, "not_signed_in")
	w.Nobody(t).Get("/healthz").Is(http.StatusOK)
}

// Two processes share what is counted in Redis; when Redis is away each goes on
// by itself, and nothing fails.
func TestProcessesShareLimits(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	w.SignUp(t, "olivia")
	address := testkit.Redis(t)
	process := func(address string) *apitest.World {
		options, err := redisurl.Parse(address)
		require.NoError(t, err)
		options.MaxRetries = -1
		client := redis.NewClient(options)
		t.Cleanup(func() { _ = client.Close() })
		return w.Elsewhere(t, func(d *api.Deps) {
			d.Limits = limit.New(limit.Options{Redis: client, Logger: d.Logger})
			d.Policies = &limit.Policies{SignInAddress: limit.Policy{Name: "sign-in", Quota: 2, Window: time.Hour, Shared: true}}
		})
	}
	one, other := process(address), process(address)
	signIn(one, t, "olivia@example.com", "wrong password").Problem(http.StatusUnauthorized, "wrong_credentials")
	signIn(other, t, "olivia@example.com", "wrong password").Problem(http.StatusUnauthorized, "wrong_credentials")
	signIn(one, t, "olivia@example.com", "wrong password").Problem(http.StatusTooManyRequests, "rate_limited")
	signIn(other, t, "olivia@example.com", "wrong password").Problem(http.StatusTooManyRequests, "rate_limited")
	alone := process("redis://127.0.0.1:1/0")
	signIn(alone, t, "olivia@example.com", "wrong password").Problem(http.StatusUnauthorized, "wrong_credentials")
	signIn(alone, t, "olivia@example.com", "wrong password").Problem(http.StatusUnauthorized, "wrong_credentials")
	signIn(alone, t, "olivia@example.com", apitest.Password).Problem(http.StatusTooManyRequests, "rate_limited")
}

// Known and unknown addresses are answered at the same pace.
func TestAnswersComeAtOnePace(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	w.SignUp(t, "olivia")
	const pace = 300 * time.Millisecond
	handler := w.Handler(t, func(d *api.Deps) { d.Policies = &limit.Policies{Pace: pace} })
	for _, request := range []struct{ path, more string }{
		{"/v1/password-resets", ""}, {"/v1/verifications", ""},
		{"/v1/users", `,"name":"Somebody","password":"another password"`}, {"/v1/sessions", `,"password":"another password"`},
	} {
		for _, email := range []string{"olivia@example.com", "nobody@example.com"} {
			asked := httptest.NewRequestWithContext(t.Context(), http.MethodPost, request.path, strings.NewReader(`{"email":"`+email+`"`+request.more+`}`))
			asked.Header.Set("Content-Type", "application/json")
			began := time.Now()
			handler.ServeHTTP(httptest.NewRecorder(), asked)
			require.GreaterOrEqual(t, time.Since(began), pace, "%s %s", request.path, email)
		}
	}
}
