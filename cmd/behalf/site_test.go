package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/story"
	"behalf/domain"
	"behalf/domain/user"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/testkit"
	"behalf/internal/vault"
)

// site is a world without workers, in which Olivia has connected Acme News.
// Workers are processes of their own: they can be killed and frozen.
type site struct {
	*world
	olivia    *story.Visitor
	workspace string
	account   string
	database  *pgxpool.Pool // as its superuser
	logs      *safeBuffer
	variables map[string]string
}

// testTime bounds one test.
const testTime = 2 * time.Minute

// variablesFor names a database and a Redis of the test's own.
func variablesFor(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{
		"DATABASE_URL": testkit.PostgresURL(t, testkit.Postgres(t)),
		"REDIS_URL":    testkit.Redis(t),
		"BEHALF_KEY":   base64.StdEncoding.EncodeToString([]byte(rand.Text() + "123456")),
	}
}

// openTestWorld opens a world on free ports, which is closed with the test.
func openTestWorld(ctx context.Context, t *testing.T, variables map[string]string, out io.Writer, options worldOptions) *world {
	t.Helper()
	var grammar cli
	parser, err := kong.New(&grammar)
	require.NoError(t, err)
	_, err = parser.Parse([]string{"dev"})
	require.NoError(t, err)
	if level, set := variables["BEHALF_LOG_LEVEL"]; set {
		grammar.LogLevel = level
	}
	grammar.LogFormat = "text"
	const anyPort = "127.0.0.1:0"
	options.data = t.TempDir()
	grammar.Data = options.data
	options.listen, options.sandboxListen, options.mailListen = anyPort, anyPort, anyPort
	env := environment{out: out, err: out, lookup: among(variables)}
	w, err := openWorld(ctx, &grammar.Config, env, options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.close(nil)) })
	return w
}

func openSite(t *testing.T) (context.Context, *site) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), testTime)
	t.Cleanup(cancel)
	s := &site{logs: &safeBuffer{}, variables: variablesFor(t)}
	var err error
	s.database, err = pgxpool.New(ctx, s.variables["DATABASE_URL"])
	require.NoError(t, err)
	t.Cleanup(s.database.Close)
	s.world = openTestWorld(ctx, t, s.variables, s.logs, worldOptions{withoutWorkers: true})
	s.settle(ctx, t)
	return ctx, s
}

// unsent is the mail that verifies an address, while no worker runs that could
// send it.
func (s *site) unsent(ctx context.Context, _, _ string) (story.Mail, error) {
	var stream string
	err := s.database.QueryRow(ctx, "select stream from log.events where type = 'user.registered.v1' order by position desc limit 1").Scan(&stream)
	if err != nil {
		return story.Mail{}, err
	}
	person, err := domain.ParseStream(stream)
	if err != nil {
		return story.Mail{}, err
	}
	key, err := s.masterKey()
	if err != nil {
		return story.Mail{}, err
	}
	link := user.User{Verification: 1}.LinkFor(person.ID, user.ToVerify, time.Now())
	return story.Mail{Text: "/v1/links/" + user.NewLinkToken(vault.DeriveKey(key, invitationLinks), link).Reveal()}, nil
}

// settle has Olivia register, create a workspace and connect the page.
func (s *site) settle(ctx context.Context, t *testing.T) {
	t.Helper()
	stage := s.stage()
	s.olivia = story.NewVisitor(stage.API, nil)
	_, err := s.olivia.SignUp(ctx, stage.Olivia, s.unsent)
	require.NoError(t, err)
	var created struct {
		Workspace string `json:"workspace"`
	}
	require.NoError(t, s.olivia.Post(ctx, "/v1/workspaces", map[string]string{"name": "Acme"}, &created))
	s.workspace = created.Workspace
	done, err := s.olivia.Connect(ctx, s.workspace, network.DemoPage, stage.Olivia)
	require.NoError(t, err)
	var added struct {
		Account string `json:"account"`
	}
	require.NoError(t, done.Event("workspace.account_added.v1", &added))
	s.account = added.Account
}

// process is one of behalf's processes.
type process struct {
	*exec.Cmd
	exited chan struct{}
}

// work starts a worker with a short claim and sweep.
func (s *site) work(t *testing.T) *process {
	t.Helper()
	return s.start(t, "work", "--claim=5s", "--sweep="+sweep.String())
}

// sweep is how often the workers of tests compare what should be queued with what is.
const sweep = time.Second

// start starts a process of behalf beside the world.
func (s *site) start(t *testing.T, name string, flags ...string) *process {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	arguments := append([]string{
		name, "--log-format=json",
		"--public-url=" + s.addresses.api, "--sandbox-url=" + s.addresses.sandbox, "--sandbox-client-id=" + sandboxClient,
	}, flags...)
	w := &process{Cmd: exec.Command(self, arguments...), exited: make(chan struct{})}
	w.Stdout, w.Stderr = s.logs, s.logs
	w.Env = append(os.Environ(), asProgram+"=1", "SMTP_URL="+s.mails.URL(),
		"BEHALF_SANDBOX_CLIENT_SECRET="+s.secrets.SandboxClientSecret)
	for name, value := range s.variables {
		w.Env = append(w.Env, name+"="+value)
	}
	require.NoError(t, w.Start())
	go func() {
		_ = w.Wait()
		close(w.exited)
	}()
	t.Cleanup(func() { w.end(syscall.SIGKILL) })
	return w
}

// end sends a signal that ends the process, and waits until it is gone.
func (w *process) end(signal syscall.Signal) {
	_ = w.Process.Signal(signal)
	<-w.exited
}

// publish has Olivia issue a command that publishes; it answers the post's path.
func (s *site) publish(ctx context.Context, t *testing.T, command string, body map[string]any) string {
	t.Helper()
	body["targets"] = []map[string]string{{"account": s.account}}
	done, err := s.olivia.Command(ctx, s.workspace, command, "", body)
	require.NoError(t, err)
	post, err := done.PostID()
	require.NoError(t, err)
	return fmt.Sprintf("/v1/workspaces/%s/posts/%s?position=%d", s.workspace, post, done.Position)
}

// await waits until the post's target is in a state.
func (s *site) await(ctx context.Context, t *testing.T, post, state string) {
	t.Helper()
	var seen struct {
		Targets []struct {
			State string `json:"state"`
		} `json:"targets"`
	}
	for {
		require.NoError(t, s.olivia.Get(ctx, post, &seen))
		if len(seen.Targets) == 1 && seen.Targets[0].State == state {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the target did not become %s: %+v\n%s", state, seen.Targets, s.logs)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// safeBuffer collects what several processes and goroutines write.
type safeBuffer struct {
	mutex   sync.Mutex
	content []byte
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.content = append(b.content, p...)
	return len(p), nil
}

func (b *safeBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return string(b.content)
}
