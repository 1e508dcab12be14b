package secondfactor_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/apitest"
)

var site = virtualwebauthn.RelyingParty{Name: "Behalf", ID: "behalf.example", Origin: "https://behalf.example"}

// key is a passkey in a browser at a site.
type key struct {
	url    string // of Behalf
	device virtualwebauthn.Authenticator
	held   virtualwebauthn.Credential
}

type options struct {
	By        []string
	PublicKey json.RawMessage `json:"public_key"`
}

// named runs a second API on the same Behalf, that is reached by a name.
func named(t testing.TB, w *apitest.World) string {
	t.Helper()
	server := httptest.NewServer(w.Handler(t, func(d *api.Deps) { d.PublicURL = site.Origin }))
	t.Cleanup(server.Close)
	return server.URL
}

func newKey(url string) *key {
	return &key{url: url, device: virtualwebauthn.NewAuthenticator(), held: virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
}

// made is the browser's answer to being asked to make it.
func (k *key) made(t testing.TB, at virtualwebauthn.RelyingParty, p *apitest.Person) map[string]any {
	t.Helper()
	var asked options
	p.Post(k.url+twoFactor+"/passkeys/challenge", map[string]any{}).Is(http.StatusOK).Read(&asked)
	parsed, err := virtualwebauthn.ParseAttestationOptions(string(asked.PublicKey))
	require.NoError(t, err)
	k.device.Options.UserHandle = []byte(parsed.UserID)
	return map[string]any{"response": json.RawMessage(virtualwebauthn.CreateAttestationResponse(at, k.device, k.held, *parsed))}
}

// add registers it.
func (k *key) add(t testing.TB, p *apitest.Person) apitest.Answer {
	t.Helper()
	return p.Post(k.url+twoFactor+"/passkeys", k.made(t, site, p))
}

// signed is the browser's answer to what it is asked to sign.
func (k *key) signed(t testing.TB, at virtualwebauthn.RelyingParty, p *apitest.Person) map[string]any {
	t.Helper()
	var asked options
	p.Post(k.url+challenge, map[string]any{}).Is(http.StatusOK).Read(&asked)
	require.Contains(t, asked.By, "passkey")
	parsed, err := virtualwebauthn.ParseAssertionOptions(string(asked.PublicKey))
	require.NoError(t, err)
	return map[string]any{"passkey": json.RawMessage(virtualwebauthn.CreateAssertionResponse(at, k.device, k.held, *parsed)), "delivery": "token"}
}

func TestPasskey(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	k := newKey(named(t, w))
	var added struct {
		ID    string
		Codes []string `json:"recovery_codes"`
	}
	k.add(t, olivia).Is(http.StatusCreated).Read(&added)
	require.Len(t, added.Codes, 10)
	k.add(t, olivia).Problem(http.StatusConflict, "too_many") // the same again

	waiting := signIn(t, w, olivia)
	k.held.Counter = 1
	answer := k.signed(t, site, waiting)
	var session struct{ Token string }
	waiting.Post(k.url+proof, answer).Is(http.StatusOK).Read(&session)
	olivia.Token = session.Token
	olivia.Get("/v1/me").Is(http.StatusOK)

	// an answer counts once, in the session that was asked, for five minutes, from our site
	waiting = signIn(t, w, olivia)
	waiting.Post(k.url+proof, answer).Problem(http.StatusConflict, "challenge_expired")
	another := signIn(t, w, olivia)
	k.held.Counter = 2
	answer = k.signed(t, site, waiting)
	another.Post(k.url+proof, answer).Problem(http.StatusConflict, "challenge_expired")
	w.Clock.Move(5 * time.Minute)
	waiting.Post(k.url+proof, answer).Problem(http.StatusConflict, "challenge_expired")
	phishing := virtualwebauthn.RelyingParty{Name: "Behalf", ID: "behalf.example", Origin: "https://behalf.example.evil"}
	waiting.Post(k.url+proof, k.signed(t, phishing, waiting)).Problem(http.StatusForbidden, "wrong_passkey")
	stranger := newKey(k.url)
	waiting.Post(k.url+proof, stranger.signed(t, site, waiting)).Problem(http.StatusForbidden, "wrong_passkey")
	waiting.Post(k.url+proof, map[string]any{"passkey": map[string]any{"id": 1}}).Problem(http.StatusConflict, "challenge_expired")
	waiting.Post(k.url+challenge, map[string]any{}).Is(http.StatusOK)
	waiting.Post(k.url+proof, map[string]any{"passkey": map[string]any{"id": 1}}).Problem(http.StatusForbidden, "wrong_passkey")
	waiting.Post(k.url+proof, k.signed(t, site, waiting)).Is(http.StatusOK)
}

// A passkey that counts backwards was copied, or is broken: it is refused, the
// history tells, and the one that counts on goes on.
func TestCopiedPasskey(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	k := newKey(named(t, w))
	k.add(t, olivia).Is(http.StatusCreated)
	k.held.Counter = 5
	waiting := signIn(t, w, olivia)
	waiting.Post(k.url+proof, k.signed(t, site, waiting)).Is(http.StatusOK)
	for _, counter := range []uint32{5, 3} {
		k.held.Counter = counter
		waiting = signIn(t, w, olivia)
		waiting.Post(k.url+proof, k.signed(t, site, waiting)).Problem(http.StatusForbidden, "passkey_copied")
		types, _ := history(t, w, olivia)
		require.Equal(t, "user.passkey_refused.v1", types[len(types)-1])
	}
	k.held.Counter = 6
	waiting.Post(k.url+proof, k.signed(t, site, waiting)).Is(http.StatusOK)
}

func TestPasskeysThatAreNotTaken(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	url := named(t, w)
	add := url + twoFactor + "/passkeys"
	phishing := virtualwebauthn.RelyingParty{Name: "Behalf", ID: "behalf.example", Origin: "https://behalf.example.evil"}
	elsewhere := virtualwebauthn.RelyingParty{Name: "Behalf", ID: "evil.example", Origin: "https://behalf.example"}
	for _, at := range []virtualwebauthn.RelyingParty{phishing, elsewhere} {
		olivia.Post(add, newKey(url).made(t, at, olivia)).Problem(http.StatusForbidden, "wrong_passkey")
	}
	mallory := w.SignUp(t, "mallory")
	k := newKey(url)
	mallory.Post(url+twoFactor+"/passkeys/challenge", map[string]any{}).Is(http.StatusOK)
	mallory.Post(add, k.made(t, site, olivia)).Problem(http.StatusForbidden, "wrong_passkey") // another session's challenge
	require.False(t, enabled(olivia))
	require.False(t, enabled(mallory))

	// browsers know no passkeys for a number
	olivia.Post(twoFactor+"/passkeys/challenge", map[string]any{}).Problem(http.StatusConflict, "passkeys_unavailable")
}
