package connect_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/networktest"
)

// tokenOf is a token that the network gave Olivia for another client.
func tokenOf(t *testing.T, w *apitest.World) string {
	t.Helper()
	other, err := sandbox.New(sandbox.Config{
		URL: w.Sandbox.URL, ClientID: networktest.ClientID, ClientSecret: networks.NewSecret(networktest.ClientSecret),
	})
	require.NoError(t, err)
	t.Cleanup(other.Close)
	start, err := other.Authorize(t.Context(), networks.AuthRequest{RedirectURI: networktest.RedirectURI})
	require.NoError(t, err)
	back, err := atNetwork.Allow(t.Context(), start.URL)
	require.NoError(t, err)
	credential, err := other.Exchange(t.Context(), networks.Callback{Query: back.Query(), Pending: start.Pending})
	require.NoError(t, err)
	tokens, _ := credential.OAuth2()
	return tokens.AccessToken.Reveal()
}

// begun is a started authorization by form.
type begun struct {
	AuthorizeURL string `json:"authorize_url"`
	State        string
	Form         []struct {
		Name, Label, Help string
		Secret            bool
		MaxLength         int `json:"max_length"`
	}
}

func beginForm(p *apitest.Person, w *apitest.World, ws string) (b begun) {
	p.Post("/v1/workspaces/"+ws+"/authorizations", map[string]any{
		"network": sandbox.TokenName, "host": strings.TrimPrefix(w.Sandbox.URL, "http://"),
	}).Is(http.StatusCreated).Read(&b)
	return b
}

func fill(p *apitest.Person, state string, fields map[string]string) apitest.Answer {
	return p.Post("/v1/authorizations/form", map[string]any{"state": state, "fields": fields})
}

// Networks without a sign-in of their own run through the same steps, with a
// form instead of a redirect.
func TestConnectingByForm(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	ws, token := olivia.CreateWorkspace("Acme"), tokenOf(t, w)
	b := beginForm(olivia, w, ws)
	require.Empty(t, b.AuthorizeURL)
	require.Len(t, b.Form, 1)
	require.True(t, b.Form[0].Secret)

	mallory := w.SignUp(t, "mallory")
	fill(mallory, b.State, map[string]string{"token": token}).Problem(http.StatusNotFound, "authorization_not_found")

	var done apitest.Authorized
	answer := fill(olivia, b.State, map[string]string{"token": token}).Is(http.StatusOK).Read(&done)
	require.NotContains(t, string(answer.Body), token)
	require.Equal(t, sandbox.TokenName, done.Network)
	require.Len(t, done.Accounts, 1)
	connect(olivia, ws, done.Authorization).Done()
	var kind string
	require.NoError(t, w.Admin.QueryRow(t.Context(), "select kind from vault.connections").Scan(&kind))
	require.Equal(t, "bot_token", kind)

	fill(olivia, b.State, map[string]string{"token": token}).Problem(http.StatusNotFound, "authorization_not_found")
	require.NotContains(t, w.Logs.String(), token)
}

// What is wrong is said without repeating it, and the state is used up by it.
func TestFormRefused(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	ws := olivia.CreateWorkspace("Acme")
	const canary = "canary-of-the-form"
	for name, tc := range map[string]struct {
		fields map[string]string
		status int
		code   string
	}{
		"wrong":         {map[string]string{"token": canary}, http.StatusConflict, "authorization_failed"},
		"missing":       {map[string]string{}, http.StatusConflict, "authorization_failed"},
		"too long":      {map[string]string{"token": canary + strings.Repeat("x", 500)}, http.StatusUnprocessableEntity, "field_too_long"},
		"another field": {map[string]string{"token": "x", canary: canary}, http.StatusUnprocessableEntity, "unknown_field"},
	} {
		b := beginForm(olivia, w, ws)
		answer := fill(olivia, b.State, tc.fields)
		answer.Problem(tc.status, tc.code)
		require.NotContains(t, string(answer.Body), canary, name)
		fill(olivia, b.State, tc.fields).Problem(http.StatusNotFound, "authorization_not_found")
	}
	require.NotContains(t, w.Logs.String(), canary)
}

func TestHosts(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	ws := olivia.CreateWorkspace("Acme")
	begin := func(network, host string) apitest.Answer {
		return olivia.Post("/v1/workspaces/"+ws+"/authorizations", map[string]any{"network": network, "host": host})
	}
	begin(sandbox.TokenName, "").Problem(http.StatusUnprocessableEntity, "host_needed")
	begin(sandbox.Name, "example.com").Problem(http.StatusUnprocessableEntity, "host_not_taken")
	require.Equal(t, "host", begin(sandbox.TokenName, "elsewhere.example").Problem(http.StatusUnprocessableEntity, "host_refused").Errors[0].Location)
	begin(sandbox.TokenName, strings.Repeat("a", 254)).Problem(http.StatusUnprocessableEntity, "invalid")
}

// An answer counts only where it belongs: at its network's own address, of the
// issuer that the browser was sent to, and as the kind that was begun.
func TestMixedUp(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	ws := olivia.CreateWorkspace("Acme")
	for name, change := range map[string]func(*url.URL){
		"another network's address": func(u *url.URL) { u.Path = strings.Replace(u.Path, "/sandbox", "/"+sandbox.TokenName, 1) },
		"another issuer": func(u *url.URL) {
			query := u.Query()
			query.Set("iss", "https://attacker.example")
			u.RawQuery = query.Encode()
		},
	} {
		back, err := url.Parse(olivia.Leave(ws, atNetwork.Allow))
		require.NoError(t, err, name)
		change(back)
		olivia.Get(back.String()).Problem(http.StatusConflict, "authorization_failed")
		olivia.Get(back.String()).Problem(http.StatusNotFound, "authorization_not_found")
	}
	b := beginForm(olivia, w, ws)
	olivia.Get("/v1/authorizations/callback/"+sandbox.TokenName+"?code=x&state="+b.State).Problem(http.StatusConflict, "authorization_failed")

	back, err := url.Parse(olivia.Leave(ws, atNetwork.Allow))
	require.NoError(t, err)
	fill(olivia, back.Query().Get("state"), map[string]string{"token": "x"}).Problem(http.StatusConflict, "authorization_failed")

	good, err := url.Parse(olivia.Leave(ws, atNetwork.Allow))
	require.NoError(t, err)
	query := good.Query()
	query.Set("iss", w.Sandbox.URL)
	good.RawQuery = query.Encode()
	olivia.Get(good.String()).Is(http.StatusOK)
}

func TestNetworks(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	var listed struct {
		Networks []struct {
			Name, Title string
			Hosted      bool
			API         struct{ Version string }
			Limits      *struct {
				TextMax int `json:"text_max"`
			}
		}
	}
	olivia.Get("/v1/networks").Is(http.StatusOK).Read(&listed)
	require.Len(t, listed.Networks, 2)
	require.Equal(t, "sandbox", listed.Networks[0].Name)
	require.Equal(t, 500, listed.Networks[0].Limits.TextMax)
	require.NotEmpty(t, listed.Networks[0].API.Version)
	require.True(t, listed.Networks[1].Hosted)
	require.Nil(t, listed.Networks[1].Limits, "that is the host's matter")
	w.Nobody(t).Get("/v1/networks").Problem(http.StatusUnauthorized, "not_signed_in")
}

// Who has nothing to connect has no network asked.
func TestNothingToConnect(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	done := team.Olivia.Command(team.Workspace, "InviteClient", map[string]any{
		"email": "rita@example.com", "access": map[string]bool{"add_accounts": false, "manage_posts": false},
		"assignments": []map[string]string{{"account": team.Account}},
	}).Done()
	rita := team.SignUp(t, "rita")
	rita.Command(team.Workspace, "AcceptInvitation", map[string]any{"token": team.Link(t, done)}).Is(http.StatusOK)
	refused := rita.Post("/v1/workspaces/"+team.Workspace+"/authorizations", map[string]any{"network": "sandbox"}).
		Problem(http.StatusForbidden, "owner_reauthenticates")
	require.Equal(t, "R35", refused.Rule)
}

// A remote account may be in several workspaces: each has a connection of its
// own, and what happens in one is nothing to the other.
func TestOneRemoteAccountInTwoWorkspaces(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	second := team.Olivia.CreateWorkspace("Second")
	team.Olivia.Connect(second, "olivia", networktest.OliviaPassword).Done()
	var workspaces, secrets int
	require.NoError(t, team.Admin.QueryRow(t.Context(),
		"select count(distinct workspace_id), count(distinct sealed) from vault.connections").Scan(&workspaces, &secrets))
	require.Equal(t, []int{2, 2}, []int{workspaces, secrets})

	team.Olivia.Command(second, "DisconnectAccount", map[string]any{"account": team.Account}).Problem(http.StatusNotFound, "not_found")
	team.Olivia.Command(team.Workspace, "DisconnectAccount", map[string]any{"account": team.Account}).Done()
	again := team.Olivia.Command(team.Workspace, "DisconnectAccount", map[string]any{"account": team.Account})
	require.Equal(t, "R44", again.Problem(http.StatusConflict, "not_connected").Rule)
}
