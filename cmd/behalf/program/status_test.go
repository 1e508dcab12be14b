package program_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/apitest"
	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/program"
	"behalf/cmd/behalf/sitetest"
	"behalf/domain"
	"behalf/internal/testkit"
	"behalf/projections"
	"behalf/workers/jobs"
)

// An operator asks a running Behalf over its API how it is; the exit code says
// whether somebody has to look.
func TestStatus(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	ada := w.SignUp(t, "ada")
	var id domain.UserID
	require.NoError(t, id.UnmarshalText([]byte(ada.ID)))
	serve := func(inspector *jobs.Inspector) *httptest.Server {
		server := httptest.NewServer(w.Handler(t, func(d *api.Deps) {
			d.Operators, d.Jobs = []domain.UserID{id}, inspector
		}))
		t.Cleanup(server.Close)
		return server
	}
	server := serve(nil)
	var begun struct{ ID, Secret string }
	ada.Post(server.URL+"/v1/me/two-factor/authenticators", map[string]any{}).Is(http.StatusCreated).Read(&begun)
	code, err := totp.GenerateCode(begun.Secret, w.Clock.Now())
	require.NoError(t, err)
	ada.Post(server.URL+"/v1/me/two-factor/authenticators/"+begun.ID+"/confirm", map[string]string{"code": code}).Is(http.StatusOK)
	token := func(scope string) string {
		var made struct{ Token string }
		ada.Post(server.URL+"/v1/tokens", map[string]any{"name": "pager", "scopes": []string{scope}}).Is(http.StatusCreated).Read(&made)
		return made.Token
	}
	status := func(token string) (code int, out, problems string) {
		var told, wrong sitetest.Buffer
		code = program.Run(t.Context(), []string{"status", "--server=" + server.URL},
			process.Environment{Lookup: sitetest.Among(map[string]string{"BEHALF_TOKEN": token}), Out: &told, Err: &wrong})
		return code, told.String(), wrong.String()
	}

	pager := token("operate")
	ended, out, problems := status(pager)
	require.Zero(t, ended, problems)
	require.Contains(t, out, "members")
	require.Contains(t, out, "not known")

	queue, err := jobs.NewQueue(testkit.Redis(t), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, queue.Close()) })
	require.NoError(t, queue.Enqueue(t.Context(), jobs.Publish(jobs.Target{Due: time.Now().Add(time.Hour)})))
	server = serve(jobs.NewInspector(queue.Redis()))
	_, err = w.Admin.Exec(t.Context(), `
		insert into views.parked (name, position, stream, type, class)
		values ($1, 1, 'workspace-x', 'workspace.created.v1', 'refused')`, projections.Members.Group())
	require.NoError(t, err)
	ended, out, problems = status(pager)
	require.Equal(t, 1, ended)
	require.Contains(t, out, "workspace.created.v1")
	require.Contains(t, out, "publish")
	require.Contains(t, problems, "behalf project parked")

	reading := token("read")
	ended, _, problems = status(reading)
	require.Equal(t, 1, ended)
	require.Contains(t, problems, "insufficient_scope")
	require.NotContains(t, problems, reading)
	ended, _, problems = status("")
	require.Equal(t, 2, ended)
	require.Contains(t, problems, "BEHALF_TOKEN")
}
