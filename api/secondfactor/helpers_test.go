package secondfactor_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
)

const (
	twoFactor      = "/v1/me/two-factor"
	authenticators = twoFactor + "/authenticators"
	renewal        = twoFactor + "/recovery-codes"
	proof          = "/v1/sessions/current/proof"
	challenge      = "/v1/sessions/current/challenge"
)

// step is how long one code of an authenticator app is shown.
const step = 30 * time.Second

// app is an authenticator app.
type app struct {
	ID, Secret, URI string
	QRCode          string `json:"qr_code"`

	codes []string // for recovery
	clock *apitest.Clock
}

// code is what the app shows, steps from now.
func (a app) code(t testing.TB, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(a.Secret, a.clock.Now().Add(time.Duration(steps)*step))
	require.NoError(t, err)
	return code
}

// enrol adds an authenticator app, and moves the clock on to its next code.
func enrol(t testing.TB, w *apitest.World, p *apitest.Person) app {
	t.Helper()
	added := app{clock: w.Clock}
	p.Post(authenticators, map[string]any{"name": "Phone"}).Is(http.StatusCreated).Read(&added)
	var confirmed struct {
		Codes []string `json:"recovery_codes"`
	}
	p.Post(authenticators+"/"+added.ID+"/confirm", map[string]string{"code": added.code(t, 0)}).Is(http.StatusOK).Read(&confirmed)
	added.codes = confirmed.Codes
	w.Clock.Move(step)
	return added
}

// signIn takes the first step, and answers somebody whose session waits.
func signIn(t testing.TB, w *apitest.World, p *apitest.Person) *apitest.Person {
	t.Helper()
	var session struct {
		Token   string
		Waiting bool
	}
	w.Nobody(t).Post("/v1/sessions", map[string]any{"email": p.Email, "password": apitest.Password, "delivery": "token"}).
		Is(http.StatusCreated).Read(&session)
	require.True(t, session.Waiting)
	waiting := *p
	waiting.Token = session.Token
	return &waiting
}

// finish takes the second step, and answers them with their full session.
func finish(t testing.TB, waiting *apitest.Person, by string, value any) *apitest.Person {
	t.Helper()
	var session struct{ Token string }
	waiting.Post(proof, map[string]any{by: value, "delivery": "token"}).Is(http.StatusOK).Read(&session)
	require.NotEmpty(t, session.Token)
	full := *waiting
	full.Token = session.Token
	return &full
}

// token makes an API token, and answers the program that has it.
func token(t testing.TB, p *apitest.Person) *apitest.Person {
	t.Helper()
	var added struct{ Token string }
	p.Post("/v1/tokens", map[string]any{"name": "program"}).Is(http.StatusCreated).Read(&added)
	program := *p
	program.Token = added.Token
	return &program
}

// history lists the types of what happened to a person, and all that is said there.
func history(t testing.TB, w *apitest.World, p *apitest.Person) (types []string, data string) {
	t.Helper()
	rows, err := w.Admin.Query(t.Context(), `
		select type, convert_from(data, 'UTF8')
		from log.events
		where stream = 'user-' || $1
		order by version`, p.ID[len("usr_"):])
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var kind, said string
		require.NoError(t, rows.Scan(&kind, &said))
		types, data = append(types, kind), data+said
	}
	require.NoError(t, rows.Err())
	return types, data
}
