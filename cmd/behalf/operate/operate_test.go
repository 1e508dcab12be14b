package operate_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/apitest"
	"behalf/cmd/behalf/operate"
	"behalf/cmd/behalf/process"
	"behalf/domain"
	"behalf/eventstore"
	"behalf/internal/config"
	"behalf/internal/testkit"
	"behalf/workers/jobs"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// desk is an installation that olivia operates, and her command line.
type desk struct {
	*apitest.Team
	t     *testing.T
	token string
	at    string
	queue *jobs.Queue
}

func sit(t *testing.T) *desk {
	t.Helper()
	team := apitest.StartTeam(t)
	var olivia domain.UserID
	require.NoError(t, olivia.UnmarshalText([]byte(team.Olivia.ID)))
	queue, err := jobs.NewQueue(testkit.Redis(t), nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, queue.Close()) })
	server := httptest.NewServer(team.Handler(t, func(d *api.Deps) {
		d.Operators, d.Jobs = []domain.UserID{olivia}, jobs.NewInspector(queue.Redis())
	}))
	t.Cleanup(server.Close)
	var begun struct{ ID, Secret string }
	path := server.URL + "/v1/me/two-factor/authenticators"
	team.Olivia.Post(path, map[string]any{}).Is(http.StatusCreated).Read(&begun)
	code, err := totp.GenerateCode(begun.Secret, team.Clock.Now())
	require.NoError(t, err)
	team.Olivia.Post(path+"/"+begun.ID+"/confirm", map[string]string{"code": code}).Is(http.StatusOK)
	var made struct{ Token string }
	team.Olivia.Post(server.URL+"/v1/tokens", map[string]any{"name": "console", "scopes": []string{"operate"}}).Is(http.StatusCreated).Read(&made)
	return &desk{Team: team, t: t, token: made.Token, at: server.URL, queue: queue}
}

// types runs a command line while a person types something.
func (d *desk) types(typed string, args ...string) (string, error) {
	d.t.Helper()
	var grammar struct {
		config.Config `embed:""`
		Status        operate.Status     `cmd:""`
		Queues        operate.Queues     `cmd:""`
		Targets       operate.Targets    `cmd:""`
		Quarantine    operate.Quarantine `cmd:""`
	}
	var out bytes.Buffer
	var in io.Reader
	if typed != "" {
		in = strings.NewReader(typed + "\n")
	}
	lookup := func(name string) (string, bool) {
		if name == "BEHALF_TOKEN" {
			return d.token, true
		}
		return "", false
	}
	parser, err := kong.New(&grammar, kong.BindTo(d.t.Context(), (*context.Context)(nil)),
		kong.Bind(operate.Console{Lookup: lookup, In: in, Out: &out}))
	require.NoError(d.t, err)
	if d.at != "" {
		args = append(args, "--server="+d.at)
	}
	parsed, err := parser.Parse(args)
	require.NoError(d.t, err)
	err = parsed.Run(&grammar.Config)
	require.NotContains(d.t, out.String(), d.token)
	return out.String(), err
}

func (d *desk) says(typed string, args ...string) string {
	d.t.Helper()
	out, err := d.types(typed, args...)
	require.NoError(d.t, err)
	return out
}

// Nothing is changed unless the queue's name is typed, or --yes stands there.
func TestQueues(t *testing.T) {
	t.Parallel()
	d := sit(t)
	job := jobs.Publish(jobs.Target{Post: eventstore.Fresh(), Due: time.Now().Add(time.Hour)})
	require.NoError(t, d.queue.Enqueue(t.Context(), job))
	require.Equal(t, "No job of the queue mail is archived.\n", d.says("", "queues", "jobs", "mail"))
	listed := d.says("", "queues")
	require.Contains(t, listed, "publish")
	require.Contains(t, listed, "JOBS DONE TODAY")
	require.Contains(t, listed, "a post that is due at once needs none")
	require.Contains(t, d.says("", "queues", "--over=10ms"), "DONE A SECOND")
	require.Contains(t, d.says("", "queues", "jobs", "publish", "--state=scheduled"), "post="+job.Payload.(jobs.Target).Post.String())

	for _, typed := range []string{"", "mail", "yes", "pub"} {
		for _, args := range [][]string{{"pause", "publish"}, {"drop", "publish", "--state=scheduled"}, {"retry", "publish", "--state=scheduled"}} {
			out, err := d.types(typed, append([]string{"queues"}, args...)...)
			require.ErrorContains(t, err, "not confirmed")
			require.Equal(t, typed != "", strings.Contains(out, "Type publish"))
		}
	}
	require.NotContains(t, d.says("", "queues"), "paused")
	paused := d.says("publish", "queues", "pause", "publish")
	require.Contains(t, paused, "paused")
	require.Contains(t, paused, "Posts still go out")
	require.NotContains(t, d.says("", "queues", "resume", "publish", "--yes"), "paused")
	_, err := d.types("", "queues", "drop", "publish", "--yes", "--job=none")
	require.ErrorContains(t, err, "not_found")
	require.Contains(t, d.says("publish", "queues", "retry", "publish", "--state=scheduled"), "1 jobs are tried again")
	require.Contains(t, d.says("", "queues", "drop", "publish", "--state=pending", "--yes"), "1 jobs were dropped")
}

// A "behalf dev" that runs on the data folder is asked wherever it listens,
// unless somebody names another Behalf. What is empty is said in words.
func TestARunningDevIsFound(t *testing.T) {
	t.Parallel()
	d, data := sit(t), t.TempDir()
	forget, err := process.Running{Environment: map[string]string{string(config.PublicURL): d.at}}.Announce(data)
	require.NoError(t, err)
	d.at = ""
	found := d.says("", "status", "--data="+data)
	require.Contains(t, found, "members")
	require.Contains(t, found, "Nothing waits to be done.")
	require.NotContains(t, found, "WAITS")
	_, err = d.types("", "status", "--data="+data, "--public-url=http://127.0.0.1:1")
	require.ErrorContains(t, err, "ask http://127.0.0.1:1: ")
	forget()
	_, err = d.types("", "status", "--data="+data, "--listen=127.0.0.1:1")
	require.ErrorContains(t, err, "ask http://127.0.0.1:1: ")
}

// Who asks at a wrong address is told what is wrong with it, in one line.
func TestWrongServers(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.NotFoundHandler())
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	t.Cleanup(elsewhere.Close)
	for server, said := range map[string]string{
		"127.0.0.1:8080":   "--server takes an address like https://behalf.example.com, not \"127.0.0.1:8080\"",
		"ftp://127.0.0.1":  "--server takes an address like https://behalf.example.com, not \"ftp://127.0.0.1\"",
		"http://":          "--server takes an address like https://behalf.example.com, not \"http://\"",
		elsewhere.URL:      elsewhere.URL + " answers 404, and not as Behalf does: is it one?",
		gone.URL:           "ask " + gone.URL + ": dial tcp " + strings.TrimPrefix(gone.URL, "http://") + ": connect: connection refused",
		gone.URL + "/path": "ask " + gone.URL + "/path: dial tcp " + strings.TrimPrefix(gone.URL, "http://") + ": connect: connection refused",
	} {
		d := &desk{t: t, token: "bhf_test", at: server}
		_, err := d.types("", "status")
		require.EqualError(t, err, said)
	}
}

// The exit code says whether somebody should look.
func TestTargets(t *testing.T) {
	t.Parallel()
	d := sit(t)
	require.Contains(t, d.says("", "targets", "--late"), "No target is late")
	require.Contains(t, d.says("", "targets", "--put-off"), "No target is put off")
	done := d.Olivia.Command(d.Workspace, "SchedulePost", map[string]any{
		"text": "canary", "at": d.Clock.Now().Add(time.Hour).UTC().Truncate(time.Second), "targets": []map[string]string{{"account": d.Account}},
	}).Done()
	d.Olivia.Get(apitest.At("/v1/workspaces/"+d.Workspace+"/posts", done.Position)).Is(http.StatusOK)
	_, err := d.Admin.Exec(t.Context(), "update views.targets set due = now() - interval '1 minute', not_before = now() - interval '1 minute'")
	require.NoError(t, err)
	out, err := d.types("", "targets", "--late")
	require.ErrorContains(t, err, "somebody should look")
	require.Contains(t, out, d.Workspace)
	require.Contains(t, out, d.Account)
	require.Contains(t, out, "No worker")
	require.NotContains(t, out, "canary")
}

// R69: who begins and ends a quarantine confirms it, and is remembered.
func TestQuarantine(t *testing.T) {
	t.Parallel()
	d := sit(t)
	require.Contains(t, d.says("", "quarantine"), "not held")
	_, err := d.types("publish", "quarantine", "begin")
	require.ErrorContains(t, err, "not confirmed")
	require.Contains(t, d.says("begin", "quarantine", "begin", "--note=Sunday", "--since=2026-11-29T03:00:00Z"), "Publishing is held")
	out, err := d.types("", "quarantine", "show")
	require.ErrorContains(t, err, "behalf quarantine end")
	require.Contains(t, out, "2026-11-29T03:00:00Z")
	require.Contains(t, out, "by_hand")
	_, err = d.types("", "status")
	require.ErrorContains(t, err, "behalf quarantine show")
	_, err = d.types("no", "quarantine", "end")
	require.ErrorContains(t, err, "not confirmed")
	out = d.says("end", "quarantine", "end", "--give-up")
	require.Contains(t, out, "Publishing is not held")
	require.Equal(t, 3, strings.Count(out, d.Olivia.ID), "who began it, gave up and ended it")
	_, err = d.types("", "quarantine", "end", "--yes")
	require.ErrorContains(t, err, "no_quarantine")
}
