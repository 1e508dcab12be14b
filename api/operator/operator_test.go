package operator_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/apitest"
	"behalf/domain"
	"behalf/eventstore"
	"behalf/internal/redisurl"
	"behalf/internal/testkit"
	"behalf/projections"
	"behalf/workers/jobs"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// installation is a Behalf that olivia operates.
func installation(t *testing.T) (*apitest.Team, string, *jobs.Queue) {
	t.Helper()
	team, address := apitest.StartTeam(t), testkit.Redis(t)
	options, err := redisurl.Parse(address)
	require.NoError(t, err)
	client := redis.NewClient(options)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	queue, err := jobs.NewQueue(address, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, queue.Close()) })
	var olivia domain.UserID
	require.NoError(t, olivia.UnmarshalText([]byte(team.Olivia.ID)))
	server := httptest.NewServer(team.Handler(t, func(d *api.Deps) {
		d.Operators = []domain.UserID{olivia}
		d.Jobs = jobs.NewInspector(client)
	}))
	t.Cleanup(server.Close)
	return team, server.URL, queue
}

func enrol(t *testing.T, team *apitest.Team, p *apitest.Person, at string) {
	t.Helper()
	path := at + "/v1/me/two-factor/authenticators"
	var begun struct{ ID, Secret string }
	p.Post(path, map[string]any{}).Is(http.StatusCreated).Read(&begun)
	code, err := totp.GenerateCode(begun.Secret, team.Clock.Now())
	require.NoError(t, err)
	p.Post(path+"/"+begun.ID+"/confirm", map[string]string{"code": code}).Is(http.StatusOK)
}

var addresses = []string{
	"/v1/operator/views", "/v1/operator/parked", "/v1/operator/queues", "/v1/operator/quarantine",
	"/v1/operator/targets?which=late", "/v1/operator/queues/mail/jobs",
}

// deeds are what operators do, each with a body that is well formed.
var deeds = map[string]any{
	"/v1/operator/queues/mail/pause":  nil,
	"/v1/operator/queues/mail/resume": nil,
	"/v1/operator/queues/mail/retry":  map[string]string{"state": "archived"},
	"/v1/operator/queues/mail/drop":   map[string]string{"state": "archived"},
	"/v1/operator/quarantine":         map[string]string{},
	"/v1/operator/quarantine/give-up": nil,
	"/v1/operator/quarantine/end":     nil,
}

// do posts a body, or none.
func do(p *apitest.Person, address string, body any) apitest.Answer {
	if body == nil {
		return p.Send(http.MethodPost, address, nil)
	}
	return p.Post(address, body)
}

// Operators are who the configuration names, with a second factor; a program
// needs the scope as well, which only they can give it.
func TestOperatorsOnly(t *testing.T) {
	t.Parallel()
	team, at, _ := installation(t)
	carl := team.Join(t, "carl", "owner")
	operating := map[string]any{"name": "pager", "scopes": []string{"operate"}}
	for _, address := range addresses {
		team.Nobody(t).Get(at+address).Problem(http.StatusUnauthorized, "not_signed_in")
		carl.Get(at+address).Problem(http.StatusForbidden, "operators_only")
		team.Olivia.Get(at+address).Problem(http.StatusForbidden, "operator_two_factor")
		team.Olivia.Get(address).Problem(http.StatusForbidden, "operators_only") // where the configuration names nobody
	}
	for address, body := range deeds {
		do(team.Nobody(t), at+address, body).Problem(http.StatusUnauthorized, "not_signed_in")
		do(carl, at+address, body).Problem(http.StatusForbidden, "operators_only")
		do(team.Olivia, at+address, body).Problem(http.StatusForbidden, "operator_two_factor")
	}
	team.Olivia.Post(at+"/v1/tokens", operating).Problem(http.StatusForbidden, "operator_two_factor")
	enrol(t, team, team.Olivia, at)
	enrol(t, team, carl, at)
	carl.Post(at+"/v1/tokens", operating).Problem(http.StatusForbidden, "operators_only")

	program := func(scopes ...string) *apitest.Person {
		var made struct{ Token string }
		team.Olivia.Post(at+"/v1/tokens", map[string]any{"name": "program", "scopes": scopes}).Is(http.StatusCreated).Read(&made)
		other := team.Olivia.With(t)
		other.Token = made.Token
		return other
	}
	reader, pager := program("read", "workspaces", "accounts", "posts", "audit"), program("operate")
	for _, address := range addresses {
		team.Olivia.Get(at + address).Is(http.StatusOK)
		pager.Get(at + address).Is(http.StatusOK)
		pager.Get(address).Problem(http.StatusForbidden, "operators_only") // its person is no operator there
		reader.Get(at+address).Problem(http.StatusForbidden, "insufficient_scope")
	}
	for address, body := range deeds {
		do(reader, at+address, body).Problem(http.StatusForbidden, "insufficient_scope")
		do(pager, address, body).Problem(http.StatusForbidden, "operators_only")
	}
	pager.Get(at+"/v1/workspaces/"+team.Workspace).Problem(http.StatusForbidden, "insufficient_scope")
	other := carl.CreateWorkspace("Carl's")
	team.Olivia.Get(at+"/v1/workspaces/"+other).Problem(http.StatusNotFound, "not_found")
}

// What waits is counted over all workspaces, and told as numbers.
func TestWhatOperatorsSee(t *testing.T) {
	t.Parallel()
	team, at, queue := installation(t)
	enrol(t, team, team.Olivia, at)
	due := team.Clock.Now().Add(time.Hour).UTC().Truncate(time.Second)
	done := team.Olivia.Command(team.Workspace, "SchedulePost", map[string]any{
		"text": "canary of Acme", "at": due, "targets": []map[string]string{{"account": team.Account}},
	}).Done()
	team.Olivia.Get(apitest.At("/v1/workspaces/"+team.Workspace+"/posts", done.Position)).Is(http.StatusOK)
	_, err := team.Admin.Exec(t.Context(), `
		insert into workers.mails (mail_id, kind, not_before)
		values (gen_random_uuid(), 'invitation', now() - interval '1 hour')`)
	require.NoError(t, err)
	_, err = team.Admin.Exec(t.Context(), `
		insert into views.parked (name, position, stream, type, class)
		values ($1, 1, 'workspace-x', 'workspace.created.v1', 'refused')`, projections.Members.Group())
	require.NoError(t, err)

	require.NoError(t, queue.Enqueue(t.Context(), jobs.Publish(jobs.Target{Post: eventstore.Fresh(), Due: time.Now()})))
	require.NoError(t, queue.Enqueue(t.Context(), jobs.Publish(jobs.Target{Post: eventstore.Fresh(), Due: time.Now().Add(time.Hour)})))

	var queues struct {
		Waiting []struct {
			Work     string
			All, Due int
			Oldest   time.Time
		}
		Jobs []struct {
			Queue              string
			Pending, Scheduled int
			Paused             bool
		}
	}
	team.Olivia.Get(at + addresses[2]).Is(http.StatusOK).Read(&queues)
	require.Len(t, queues.Waiting, 2)
	require.Equal(t, "mails", queues.Waiting[0].Work)
	require.Equal(t, 1, queues.Waiting[0].Due)
	require.WithinDuration(t, time.Now().Add(-time.Hour), queues.Waiting[0].Oldest, time.Minute)
	require.Equal(t, "publish", queues.Waiting[1].Work)
	require.Equal(t, 1, queues.Waiting[1].All)
	require.Zero(t, queues.Waiting[1].Due, "in an hour")
	require.Equal(t, jobs.PublishQueue, queues.Jobs[1].Queue)
	require.Equal(t, 2, queues.Jobs[1].Pending+queues.Jobs[1].Scheduled)

	var views struct {
		Views []struct {
			View    string
			Current bool
			Parked  int
		}
	}
	team.Olivia.Get(at + addresses[0]).Is(http.StatusOK).Read(&views)
	require.Equal(t, "members", views.Views[0].View)
	require.True(t, views.Views[0].Current)
	require.Equal(t, 1, views.Views[0].Parked)

	var parked struct {
		Parked []struct {
			View, Type, Class string
			Position          int64
		}
	}
	answer := team.Olivia.Get(at + addresses[1]).Is(http.StatusOK).Read(&parked)
	require.Equal(t, "members", parked.Parked[0].View)
	require.Equal(t, "workspace.created.v1", parked.Parked[0].Type)
	require.NotContains(t, string(answer.Body), "workspace-x", "not whose it is")
}
