package views_test

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/program"
	"behalf/cmd/behalf/sitetest"
	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/projections"
	"behalf/projections/viewtest"
)

// views is a migrated database with a history, and the processes of Behalf
// that a test starts on it.
type views struct {
	*testing.T
	ctx       context.Context
	variables map[string]string
	super     *pgxpool.Pool
	logs      sitetest.Buffer
}

func openViews(t *testing.T, events int) *views {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), sitetest.TestTime)
	t.Cleanup(cancel)
	v := &views{T: t, ctx: ctx, variables: sitetest.Variables(t)}
	var err error
	v.super, err = pgxpool.New(ctx, v.variables["DATABASE_URL"])
	require.NoError(t, err)
	t.Cleanup(v.super.Close)
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(v.logs.String())
		}
	})
	code, said := v.run("migrate")
	require.Zero(t, code, said)
	require.NoError(t, viewtest.Load(ctx, v.super, events))
	return v
}

// run runs a subcommand to its end.
func (v *views) run(arguments ...string) (code int, said string) {
	var out sitetest.Buffer
	code = program.Run(v.ctx, append(arguments, "--data="+v.TempDir()), process.Environment{Lookup: sitetest.Among(v.variables), Out: &out, Err: &out})
	return code, out.String()
}

// until waits until a statement answers true.
func (v *views) until(statement string, parameters ...any) {
	v.Helper()
	require.Eventually(v, func() bool {
		var yes bool
		return v.super.QueryRow(v.ctx, statement, parameters...).Scan(&yes) == nil && yes
	}, sitetest.TestTime, 10*time.Millisecond, statement)
}

// reach waits until the members view has handled a position.
func (v *views) reach(position int64) {
	v.Helper()
	v.until("select position >= $1 from log.checkpoints where name = '"+projections.Members.Group()+"'", position)
}

// founds appends a new workspace, and answers its position.
func (v *views) founds(name string) int64 {
	v.Helper()
	config := eventstore.UnderRole(v.super.Config(), eventstore.RoleEngine)
	pool, err := pgxpool.NewWithConfig(v.ctx, config)
	require.NoError(v, err)
	defer pool.Close()
	registry, err := codec.NewRegistry(catalog.Aggregates()...)
	require.NoError(v, err)
	id := domain.WorkspaceID(eventstore.Fresh())
	outcomes, err := eventstore.New(pool, registry, eventstore.Options{}).Append(v.ctx, eventstore.Request{
		Workspace: id, Expected: map[domain.Stream]int{workspace.Stream(id): 0},
		Changes: domain.On(workspace.Stream(id), workspace.Created{Name: name, Owner: domain.UserID(eventstore.Fresh())}),
	})
	require.NoError(v, err)
	require.NoError(v, outcomes[0].Err)
	return outcomes[0].Events[0].Position
}

// holding holds a lock until release is called.
func (v *views) holding(statement string) (release func()) {
	v.Helper()
	tx, err := v.super.BeginTx(v.ctx, pgx.TxOptions{})
	require.NoError(v, err)
	_, err = tx.Exec(v.ctx, statement)
	require.NoError(v, err)
	release = func() { _ = tx.Rollback(context.WithoutCancel(v.ctx)) }
	v.Cleanup(release)
	return release
}

const membersHandled = 2_000

// Of two processes, one has handled events and not committed them when it is
// killed. The other one takes over, and every event counts once.
func TestStandbyOfAKilledProjectionTakesOver(t *testing.T) {
	t.Parallel()
	v := openViews(t, membersHandled)
	release := v.holding("lock table views_members_1.assignments in share mode")
	processes := map[string]*sitetest.Process{"one": v.start("one", "project"), "two": v.start("two", "project")}
	var active string
	require.Eventually(t, func() bool {
		return v.super.QueryRow(v.ctx, `
			select application_name
			from pg_stat_activity
			where datname = current_database()
			and wait_event_type = 'Lock'
			and query like '%assignments%'
			and application_name in ('one', 'two')
			limit 1`).Scan(&active) == nil
	}, sitetest.TestTime, time.Millisecond)
	var reached int64
	require.NoError(t, v.super.QueryRow(v.ctx, "select position from log.checkpoints where name = '"+projections.Members.Group()+"'").Scan(&reached))
	processes[active].End(syscall.SIGKILL)
	killed := time.Now()
	release()
	v.reach(reached + 1)
	t.Logf("another process was at work %s after the first one was killed", time.Since(killed).Round(time.Millisecond))
	v.reach(membersHandled)
	v.reach(v.founds("Late")) // the high-water mark, too, is somebody else's now
	v.sameAsTheLog()
}

// sameAsTheLog rebuilds the members view and has the numbers of rows compared.
func (v *views) sameAsTheLog() {
	v.Helper()
	code, said := v.run("project", "rebuild", "members")
	require.Zero(v, code, said)
	require.Contains(v, said, " before)")
	v.until("select count(*) = 1 from views.workspaces where name = 'Late'")
}

// A rebuild is killed before it switches; the next one goes on, and the
// processes that follow the log never stop.
func TestKilledRebuildIsContinuedBesideRunningProcesses(t *testing.T) {
	t.Parallel()
	const events = 15_000
	v := openViews(t, events)
	v.start("one", "project")
	v.start("two", "project")
	v.reach(events)

	release := v.holding("select from log.checkpoints where name = '" + projections.Members.Group() + "' for update")
	rebuild := v.start("rebuild", "project", "rebuild", "members")
	v.until(`
		select exists (
			select
			from pg_stat_activity
			where application_name = 'rebuild'
			and datname = current_database()
			and wait_event_type = 'Lock')`)
	code, said := v.run("project", "rebuild", "members")
	require.Equal(t, 1, code)
	require.Contains(t, said, "somebody else is rebuilding this view")
	rebuild.End(syscall.SIGKILL)
	release()
	v.until("select not exists (select from pg_stat_activity where application_name = 'rebuild')")

	v.reach(v.founds("Late"))
	code, said = v.run("project", "rebuild", "members")
	require.Zero(t, code, said)
	require.Contains(t, said, "from where an interrupted rebuild was")
	require.Contains(t, said, " before)")
	v.reach(v.founds("Later"))
	v.until("select count(*) = 2 from views.workspaces where name in ('Late', 'Later')")
	v.until("select count(*) = 1 from pg_namespace where nspname like 'views\\_members\\_%'")
}

func TestOperatorsSeeRetryAndSkipWhatIsParked(t *testing.T) {
	t.Parallel()
	v := openViews(t, 10)
	_, err := v.super.Exec(v.ctx, "alter table views_members_1.workspaces add constraint spoiled check (name not like 'Bad%')")
	require.NoError(t, err)
	v.start("one", "project")
	first, second := v.founds("Bad one"), v.founds("Bad two")
	v.reach(max(first, second))

	steps := []struct {
		arguments []string
		code      int
		says      string
	}{
		{[]string{"list", "people"}, 0, "people has parked nothing"},
		{[]string{"list", "members"}, 0, "23514"},
		{[]string{"retry", "members"}, 0, "0 events handled, 2 still parked"},
		{[]string{"skip", "members"}, 1, "nothing was skipped"},
		{[]string{"skip", "members", "99999", "--yes"}, 1, "no stream's first parked event"},
		{[]string{"skip", "members", "--yes"}, 0, "0 events handled, 0 still parked"},
		{[]string{"list", "members"}, 0, "members has parked nothing"},
		{[]string{"list", "nothing"}, 2, "there is no view"},
	}
	for _, step := range steps {
		code, said := v.run(append([]string{"project", "parked"}, step.arguments...)...)
		require.Equal(t, step.code, code, said)
		require.Contains(t, said, step.says, step.arguments)
	}
	var skipped []int64
	require.NoError(t, v.super.QueryRow(v.ctx, "select array_agg(position) from views.skipped where skipped_by <> ''").Scan(&skipped))
	slices.Sort(skipped)
	require.Equal(t, []int64{first, second}, skipped)
	require.NotContains(t, v.logs.String(), "panic")
}

// start starts a subcommand as a process that Postgres knows by a name.
func (v *views) start(name string, arguments ...string) *sitetest.Process {
	v.Helper()
	address, err := url.Parse(v.variables["DATABASE_URL"])
	require.NoError(v, err)
	query := address.Query()
	query.Set("application_name", name)
	address.RawQuery = query.Encode()
	variables := maps.Clone(v.variables)
	variables["DATABASE_URL"] = address.String()
	return sitetest.Launch(v.T, &v.logs, variables, append(arguments, "--data="+v.TempDir(), "--log-format=json")...)
}
