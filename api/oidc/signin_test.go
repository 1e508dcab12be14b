package oidc_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/api/oidc/oidctest"
)

var olivias = oidctest.Account{Subject: "olivia-at-acme", Email: "Olivia@example.com", Verified: true}

func TestSignIn(t *testing.T) {
	t.Parallel()
	w := start(t)
	olivia := w.SignUp(t, "olivia")
	w.provider.SignIn(olivias)
	browser := w.browser(t)
	authorize := browser.leave(t, signInPath)
	sent, err := url.Parse(authorize)
	require.NoError(t, err)
	require.Equal(t, "S256", sent.Query().Get("code_challenge_method"))
	require.NotEmpty(t, sent.Query().Get("nonce"))

	var in signedIn
	callback := w.provider.Visit(t, authorize)
	browser.back(callback).Is(http.StatusOK).Read(&in)
	require.Equal(t, olivia.ID, in.User)
	require.True(t, in.Linked, "both have verified the address")
	olivia.Token = in.Token
	olivia.Get("/v1/me").Is(http.StatusOK)
	browser.back(callback).Problem(http.StatusNotFound, "departure_not_found") // once

	// from now on the account counts, whatever its address is
	w.provider.SignIn(oidctest.Account{Subject: olivias.Subject, Email: "other@example.com"})
	var again signedIn
	w.browser(t).signIn(t).Is(http.StatusOK).Read(&again)
	require.Equal(t, olivia.ID, again.User)
	require.False(t, again.Linked)
	var linked struct {
		Linked []struct{ ID, Provider string }
	}
	olivia.Get(w.url + "/v1/me/providers").Is(http.StatusOK).Read(&linked)
	require.Len(t, linked.Linked, 1)
	require.Equal(t, "acme", linked.Linked[0].Provider)

	var types []string
	require.NoError(t, w.Admin.QueryRow(t.Context(), `
		select array_agg(type order by position)
		from log.events
		where stream = 'user-' || $1`, olivia.ID[len("usr_"):]).Scan(&types))
	require.Contains(t, types, "user.provider_linked.v1")

	path := w.url + "/v1/me/providers/" + linked.Linked[0].ID
	w.SignUp(t, "mallory").Send(http.MethodDelete, path, nil).Problem(http.StatusNotFound, "not_found")
	olivia.Send(http.MethodDelete, path, nil).Is(http.StatusNoContent)
	w.browser(t).signIn(t).Problem(http.StatusConflict, "link_first") // it was linked by its address alone, which is another one now
	require.NotContains(t, w.Logs.String(), oidctest.Secret)
	require.NotContains(t, w.Logs.String(), in.Token)
}

// A browser gets a cookie; whoever has a second factor proves it as ever.
func TestSecondFactorIsAskedFor(t *testing.T) {
	t.Parallel()
	w := start(t)
	olivia := w.SignUp(t, "olivia")
	w.provider.SignIn(olivias)
	var begun struct{ ID, Secret string }
	olivia.Post("/v1/me/two-factor/authenticators", map[string]any{}).Is(http.StatusCreated).Read(&begun)
	code, err := totp.GenerateCode(begun.Secret, w.Clock.Now())
	require.NoError(t, err)
	olivia.Post("/v1/me/two-factor/authenticators/"+begun.ID+"/confirm", map[string]string{"code": code}).Is(http.StatusOK)
	var in signedIn
	w.browser(t).signIn(t).Is(http.StatusOK).Read(&in)
	require.True(t, in.Waiting)
	olivia.Token = in.Token
	olivia.Get("/v1/me").Problem(http.StatusUnauthorized, "second_factor_needed")
}

// Nobody is linked by an address that the provider, or somebody here, has not verified.
func TestUnverifiedAddresses(t *testing.T) {
	t.Parallel()
	w := start(t)
	olivia := w.SignUp(t, "olivia")
	for _, account := range []oidctest.Account{
		{Subject: "mallory", Email: "olivia@example.com"},                       // the provider does not know
		{Subject: "nobody", Email: "nobody@example.com", Verified: true},        // nobody here
		{Subject: "odd", Email: "olivia@example.com\r\nBcc: x", Verified: true}, // no address at all
		{Subject: "none", Verified: true},
	} {
		w.provider.SignIn(account)
		w.browser(t).signIn(t).Problem(http.StatusConflict, "link_first")
	}
	w.Nobody(t).Post("/v1/users", map[string]any{"email": "victim@example.com", "name": "Mallory", "password": "a-password-of-mallory"})
	w.provider.SignIn(oidctest.Account{Subject: "victim", Email: "victim@example.com", Verified: true})
	w.browser(t).signIn(t).Problem(http.StatusConflict, "link_first") // whoever registered it may be somebody else

	// signing in first, and linking then, works for each of them
	w.provider.SignIn(oidctest.Account{Subject: "mallory", Email: "olivia@example.com"})
	w.as(t, olivia).link(t).Is(http.StatusOK)
	var in signedIn
	w.browser(t).signIn(t).Is(http.StatusOK).Read(&in)
	require.Equal(t, olivia.ID, in.User)

	// one account is one person's
	edith := w.SignUp(t, "edith")
	w.as(t, edith).link(t).Problem(http.StatusConflict, "linked_elsewhere")
}

// A departure is the browser's and, when linking, the person's who began.
func TestDeparturesAreBound(t *testing.T) {
	t.Parallel()
	w := start(t)
	olivia := w.SignUp(t, "olivia")
	mallory := w.SignUp(t, "mallory")
	w.provider.SignIn(olivias)
	browser := w.browser(t)
	callback := w.provider.Visit(t, browser.leave(t, signInPath))
	w.browser(t).back(callback).Problem(http.StatusNotFound, "departure_not_found")
	(&browserOf{w.browser(t)}).cookieOf("behalf-departure=x").back(callback).Problem(http.StatusNotFound, "departure_not_found")
	browser.back(with(t, callback, "state", "x")).Problem(http.StatusNotFound, "departure_not_found")
	browser.back(callback).Is(http.StatusOK)

	// a second tab keeps the first one's departure alive
	first := w.provider.Visit(t, browser.leave(t, signInPath))
	second := w.provider.Visit(t, browser.leave(t, signInPath))
	browser.back(second).Is(http.StatusOK)
	browser.back(first).Is(http.StatusOK)

	late := w.provider.Visit(t, browser.leave(t, signInPath))
	w.Clock.Move(10 * time.Minute)
	browser.back(late).Problem(http.StatusNotFound, "departure_not_found")

	// linking takes a fresh proof, and the person who began
	w.as(t, mallory).Post(w.url+"/v1/me/providers/acme", map[string]any{}).Problem(http.StatusForbidden, "fresh_proof_needed")
	fresh := w.SignUp(t, "fresh")
	linking := w.as(t, fresh)
	callback = w.provider.Visit(t, linking.leave(t, "/v1/me/providers/acme"))
	linking.Token = olivia.Token
	linking.back(callback).Problem(http.StatusNotFound, "departure_not_found")
}

// browserOf lets a test choose the cookie.
type browserOf struct{ *browser }

func (b *browserOf) cookieOf(cookie string) *browser {
	b.cookie = cookie
	return b.browser
}

func TestUnknownProviders(t *testing.T) {
	t.Parallel()
	w := start(t)
	var known struct{ Providers []string }
	w.Nobody(t).Get(w.url + "/v1/sign-in/providers").Is(http.StatusOK).Read(&known)
	require.Equal(t, []string{"acme"}, known.Providers)
	w.Nobody(t).Post(w.url+"/v1/sign-in/evil", map[string]any{}).Problem(http.StatusNotFound, "unknown_provider")
	w.Nobody(t).Get(w.url+"/v1/sign-in/evil/callback").Problem(http.StatusNotFound, "unknown_provider")
	w.Nobody(t).Get(w.url+"/v1/sign-in/acme/callback").Problem(http.StatusNotFound, "departure_not_found")
}

// Nothing of it is left when a person was erased (R66), and whoever has the
// account at the provider afterwards is nobody here.
func TestErased(t *testing.T) {
	t.Parallel()
	w := start(t)
	olivia := w.SignUp(t, "olivia")
	w.provider.SignIn(olivias)
	w.browser(t).signIn(t).Is(http.StatusOK)
	w.as(t, olivia).leave(t, "/v1/me/providers/acme")
	olivia.Send(http.MethodDelete, "/v1/me", []byte(`{"password":"`+apitest.Password+`"}`), "Content-Type", "application/json").Is(http.StatusNoContent)
	var left int
	require.NoError(t, w.Admin.QueryRow(t.Context(), `
		select (select count(*) from signin.identities) + (select count(*) from signin.departures where person is not null)`).Scan(&left))
	require.Zero(t, left)
	w.browser(t).signIn(t).Problem(http.StatusConflict, "link_first")
}
