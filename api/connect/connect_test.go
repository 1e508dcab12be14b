package connect_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/internal/networks/sandbox/network/browser"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/networks/sandbox/network/networktest"
)

var (
	atNetwork = browser.Person{Name: "olivia", Password: networktest.OliviaPassword}
	carlThere = browser.Person{Name: "carl", Password: networktest.CarlPassword}
)

// connect issues ConnectAccount for the sandbox's page.
func connect(p *apitest.Person, ws, authorization string, more ...string) apitest.Answer {
	return p.Command(ws, "ConnectAccount", map[string]any{
		"authorization": authorization, "remote": networktest.Page,
	}, more...)
}

func TestConnecting(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	ws := olivia.CreateWorkspace("Acme")
	authorized := olivia.Authorize(ws, "olivia", networktest.OliviaPassword)
	require.Equal(t, "sandbox", authorized.Network)
	require.Len(t, authorized.Accounts, 1)
	require.Equal(t, "Acme News", authorized.Accounts[0].Name)
	require.True(t, authorized.Accounts[0].MayPost)
	require.Empty(t, authorized.Accounts[0].Account)

	done := connect(olivia, ws, authorized.Authorization).Done()
	var added struct{ Account, Name, Remote string }
	done.Data(t, "workspace.account_added.v1", &added)
	require.Equal(t, "Acme News", added.Name)
	require.Equal(t, networktest.Page, added.Remote)

	var held int
	require.NoError(t, w.Admin.QueryRow(t.Context(), "select count(*) from vault.connections").Scan(&held))
	require.Equal(t, 1, held, "the connection is in the vault")
	require.NoError(t, w.Admin.QueryRow(t.Context(), "select count(*) from vault.grants").Scan(&held))
	require.Zero(t, held, "the authorization is used up")
	connect(olivia, ws, authorized.Authorization).Problem(http.StatusNotFound, "authorization_not_found")

	// again, by remote id: a reauthentication of the same account
	again := olivia.Authorize(ws, "olivia", networktest.OliviaPassword)
	require.Equal(t, added.Account, again.Accounts[0].Account)
	done = connect(olivia, ws, again.Authorization).Done()
	require.Len(t, done.Events, 1)
	var connected struct{ Replaces string }
	done.Data(t, "account.connected.v1", &connected)
	require.NotEmpty(t, connected.Replaces)
}

// R37: the network is asked, and its reason comes back in plain words.
func TestNotAnAdminThere(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "member")
	authorized := carl.Authorize(team.Workspace, "carl", networktest.CarlPassword)
	require.Len(t, authorized.Accounts, 1)
	require.False(t, authorized.Accounts[0].MayPost)
	require.Equal(t, team.Account, authorized.Accounts[0].Account)

	refused := connect(carl, team.Workspace, authorized.Authorization).Problem(http.StatusForbidden, "no_access")
	require.Equal(t, "R37", refused.Rule)
	require.Contains(t, refused.Detail, "not an admin")
	var held int
	require.NoError(t, team.Admin.QueryRow(t.Context(), "select count(*) from vault.connections").Scan(&held))
	require.Equal(t, 1, held, "nothing of Carl's is kept")

	// the authorization is still his to use once he is an admin
	require.NoError(t, team.Sandbox.Control.MakeAdmin(t.Context(), networktest.Page, "carl"))
	done := connect(carl, team.Workspace, authorized.Authorization).Done()
	var connected struct{ Holder string }
	done.Data(t, "account.connected.v1", &connected)
	require.Equal(t, carl.ID, connected.Holder)
}

// R35: who publishes through the Owner's connection connects nothing, and the
// network is not even asked.
func TestOwnerMode(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	require.NoError(t, team.Sandbox.Control.MakeAdmin(t.Context(), networktest.Page, "carl"))
	carl := team.Join(t, "carl", "owner")
	authorized := carl.Authorize(team.Workspace, "carl", networktest.CarlPassword)
	require.NoError(t, team.Sandbox.Control.Arm(t.Context(), control.Fault{Call: control.Read, Kind: control.FailBefore}))
	refused := connect(carl, team.Workspace, authorized.Authorization).Problem(http.StatusForbidden, "owner_reauthenticates")
	require.Equal(t, "R35", refused.Rule)
}

func TestNetworkAway(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	ws := olivia.CreateWorkspace("Acme")
	authorized := olivia.Authorize(ws, "olivia", networktest.OliviaPassword)
	for _, kind := range []control.Kind{control.FailBefore, control.RateLimited, control.FailAfter} {
		require.NoError(t, w.Sandbox.Control.Arm(t.Context(), control.Fault{Call: control.Read, Kind: kind, Times: 1}))
		answer := connect(olivia, ws, authorized.Authorization)
		answer.Problem(http.StatusServiceUnavailable, "network_unavailable")
		require.NotEmpty(t, answer.Header.Get("Retry-After"))
	}
	connect(olivia, ws, authorized.Authorization).Done()
}

// A lost answer is asked for again with its key, after the authorization was used up.
func TestConnectingTwiceWithOneKey(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	ws := olivia.CreateWorkspace("Acme")
	authorized := olivia.Authorize(ws, "olivia", networktest.OliviaPassword)
	first := connect(olivia, ws, authorized.Authorization, "Idempotency-Key", "one").Done()
	again := connect(olivia, ws, authorized.Authorization, "Idempotency-Key", "one")
	require.Equal(t, first, again.Done())
	require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
}

// A process that died between the event and the removal of the grant leaves
// both; neither a second event nor a second connection comes of it.
func TestGrantLeftBehind(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	ws := olivia.CreateWorkspace("Acme")
	authorized := olivia.Authorize(ws, "olivia", networktest.OliviaPassword)
	_, err := w.Admin.Exec(t.Context(), "create table kept as select * from vault.grants")
	require.NoError(t, err)
	connect(olivia, ws, authorized.Authorization).Done()
	_, err = w.Admin.Exec(t.Context(), "insert into vault.grants select * from kept")
	require.NoError(t, err)
	connect(olivia, ws, authorized.Authorization).Problem(http.StatusConflict, "authorization_used")
	connect(olivia, ws, authorized.Authorization).Problem(http.StatusNotFound, "authorization_not_found")
}

func TestCallback(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	olivia := team.Olivia
	carl := team.Join(t, "carl", "member")

	t.Run("denied", func(t *testing.T) {
		t.Parallel()
		answer := olivia.With(t).Get(olivia.With(t).Leave(team.Workspace, atNetwork.Deny))
		answer.Problem(http.StatusForbidden, "authorization_denied")
	})
	t.Run("used twice", func(t *testing.T) {
		t.Parallel()
		back := olivia.With(t).Leave(team.Workspace, atNetwork.Allow)
		olivia.With(t).Get(back).Is(http.StatusOK)
		olivia.With(t).Get(back).Problem(http.StatusNotFound, "authorization_not_found")
	})
	t.Run("another person's session", func(t *testing.T) {
		t.Parallel()
		back := olivia.With(t).Leave(team.Workspace, atNetwork.Allow)
		carl.With(t).Get(back).Problem(http.StatusNotFound, "authorization_not_found")
		team.Nobody(t).Get(back).Problem(http.StatusUnauthorized, "not_signed_in")
		olivia.With(t).Get(back).Is(http.StatusOK)
	})
	t.Run("wrong code", func(t *testing.T) {
		t.Parallel()
		back, err := url.Parse(olivia.With(t).Leave(team.Workspace, atNetwork.Allow))
		require.NoError(t, err)
		query := back.Query()
		query.Set("code", "canary-code")
		back.RawQuery = query.Encode()
		answer := olivia.With(t).Get(back.String())
		answer.Problem(http.StatusConflict, "authorization_failed")
		require.NotContains(t, string(answer.Body), "canary-code")
		require.NotContains(t, string(answer.Body), query.Get("state"))
	})
	t.Run("another server's address", func(t *testing.T) {
		t.Parallel()
		back, err := url.Parse(olivia.With(t).Leave(team.Workspace, atNetwork.Allow))
		require.NoError(t, err)
		back.Path += "/0123456789abcdef"
		olivia.With(t).Get(back.String()).Problem(http.StatusConflict, "authorization_failed")
	})
	t.Run("no state", func(t *testing.T) {
		t.Parallel()
		olivia.With(t).Get("/v1/authorizations/callback/sandbox?code=x&session_state=y").Problem(http.StatusNotFound, "authorization_not_found")
	})
	t.Run("another person's grant", func(t *testing.T) {
		t.Parallel()
		authorized := olivia.With(t).Authorize(team.Workspace, "olivia", networktest.OliviaPassword)
		connect(carl.With(t), team.Workspace, authorized.Authorization).Problem(http.StatusNotFound, "authorization_not_found")
	})
	t.Run("unknown network", func(t *testing.T) {
		t.Parallel()
		answer := olivia.With(t).Post("/v1/workspaces/"+team.Workspace+"/authorizations", map[string]any{"network": "myspace"})
		require.Equal(t, "network", answer.Problem(http.StatusUnprocessableEntity, "unknown_network").Errors[0].Location)
	})
	t.Run("an account that is not held", func(t *testing.T) {
		t.Parallel()
		authorized := carl.With(t).Authorize(team.Workspace, carlThere.Name, carlThere.Password)
		carl.With(t).Command(team.Workspace, "ConnectAccount", map[string]any{
			"authorization": authorized.Authorization, "remote": networktest.Page, "account": "acc_" + strings.Repeat("1", 32),
		}).Problem(http.StatusNotFound, "not_found")
	})
}
