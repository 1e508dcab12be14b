package chaos_test

import (
	"context"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/sitetest"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/control"
)

// chaos is a site with a gate before its network, on which all classes of
// networks are offered.
type chaos struct {
	*sitetest.Site
	private *private
	gate    *gate
	pages   int
	laid    []*cell       // of all rounds
	busy    time.Duration // how long the last ones took to be laid: what follows takes no longer
}

// openChaos opens a site for rounds.
func openChaos(t *testing.T, time time.Duration) (context.Context, *chaos) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time)
	t.Cleanup(cancel)
	c := &chaos{gate: newGate(), private: openPrivate(ctx, t)}
	var names []string
	for _, class := range sandbox.Classes() {
		names = append(names, sandbox.NameOf(class))
	}
	variables := c.private.variables()
	variables["BEHALF_NETWORKS"] = strings.Join(names, ",")
	c.Site = sitetest.OpenOn(ctx, t, variables, dev.Options{WithoutWorkers: true, Front: c.gate.before})
	return ctx, c
}

// worker starts one whose claims are short.
func (c *chaos) worker(t *testing.T) *sitetest.Process {
	t.Helper()
	return c.Start(t, "work", "--claim=5s", "--sweep=1s", "--concurrency=16")
}

// lay makes a page and an account of its own for every target of a round.
func (c *chaos) lay(ctx context.Context, t *testing.T, classes []sandbox.Class, answers []control.Kind) (cells []*cell) {
	t.Helper()
	began := time.Now()
	defer func() { c.busy = time.Since(began) }()
	for _, class := range classes {
		for _, answer := range answers {
			c.pages++
			one := &cell{class: class, answer: answer, page: fmt.Sprintf("page-%d", c.pages)}
			require.NoError(t, c.Sandbox.AddPage(ctx, control.Page{
				Slug: one.page, Name: one.page, Admins: []string{"olivia"}, Class: control.Class(class),
			}))
			one.account = c.connect(ctx, t, sandbox.NameOf(class), one.page)
			if answer != "" {
				require.NoError(t, c.Sandbox.Arm(ctx, control.Fault{
					Call: control.Publish, Kind: answer, Page: one.page, Times: 1, RetryAfter: 1,
				}))
			}
			cells = append(cells, one)
		}
	}
	c.laid = append(c.laid, cells...)
	return cells
}

// connect has Olivia connect a page as an account of a network.
func (c *chaos) connect(ctx context.Context, t *testing.T, network, page string) string {
	t.Helper()
	done, err := c.Olivia.ConnectTo(ctx, c.Workspace, network, page, c.Stage().Olivia)
	require.NoError(t, err)
	var added struct {
		Account string `json:"account"`
	}
	require.NoError(t, done.Event("workspace.account_added.v1", &added))
	return added.Account
}

// play schedules a post for every cell, stops the worker at the round's step,
// breaks what the round breaks while another worker runs, and waits until that
// one has ended every target.
func (c *chaos) play(ctx context.Context, t *testing.T, r round, cells []*cell) {
	t.Helper()
	first := c.worker(t)
	c.gate.open()
	if r.step == whenSent || r.step == whenAnswered {
		c.gate.shut()
	}
	due := time.Now().Add(6*time.Second + c.busy)
	for _, one := range cells {
		c.schedule(ctx, t, one, due)
	}
	release := c.reach(ctx, t, r.step, due, cells)
	if r.stop == killed {
		first.End(syscall.SIGKILL)
	} else {
		require.NoError(t, first.Process.Signal(syscall.SIGSTOP))
	}
	release()
	c.gate.open()
	second, mend := c.disturbed(ctx, t, r.outage)
	defer second.End(syscall.SIGKILL)
	c.settled(ctx, t, cells)
	if r.stop == frozen {
		require.NoError(t, first.Process.Signal(syscall.SIGCONT))
		first.End(syscall.SIGTERM) // it finishes what it has begun
		c.settled(ctx, t, cells)
	}
	mend()
	second.Lives(t, c.Logs)
	require.NoError(t, c.Sandbox.Clear(ctx))
	c.count(ctx, t, cells)
}

// schedule has Olivia write the cell's post for a moment.
func (c *chaos) schedule(ctx context.Context, t *testing.T, one *cell, due time.Time) {
	t.Helper()
	done, err := c.Olivia.Command(ctx, c.Workspace, "SchedulePost", "", map[string]any{
		"text": one.page + " says so", "at": due, "targets": []map[string]string{{"account": one.account}},
	})
	require.NoError(t, err)
	one.post, err = done.PostID()
	require.NoError(t, err)
}

// reach waits until all targets have come to the step. What it answers gives
// back what it holds.
func (c *chaos) reach(ctx context.Context, t *testing.T, s step, due time.Time, cells []*cell) (release func()) {
	t.Helper()
	release = func() {}
	until := func(what string, reached func() bool) {
		require.Eventually(t, reached, time.Minute, 5*time.Millisecond, "the round does not come to "+what)
	}
	switch s {
	case whenClaimed:
		until("the claims", func() bool { return c.events(ctx, t, cells, "post.target_claimed.v1") == len(cells) })
	case whenReady:
		until("the claims", func() bool { return c.events(ctx, t, cells, "post.target_claimed.v1") == len(cells) })
		time.Sleep(time.Until(due) - 20*time.Millisecond) // the moment itself is what is waited for
	case whenSent:
		until("the requests", func() bool { arrived, _ := c.gate.passed(cells); return arrived == len(cells) })
	case whenAnswered:
		until("the requests", func() bool { arrived, _ := c.gate.passed(cells); return arrived == len(cells) })
		release = c.hinder(ctx, t)
		c.gate.open()
		until("the answers", func() bool { _, handled := c.gate.passed(cells); return handled >= answering(cells) })
		time.Sleep(100 * time.Millisecond) // for the worker to read them, which nothing shows
	case whenStored:
		until("the outcomes", func() bool { return c.events(ctx, t, cells, "post.target_published.v1") >= fine(cells) })
	}
	return release
}

// answering counts the cells whose request is answered at all.
func answering(cells []*cell) (count int) {
	for _, one := range cells {
		if one.answer != control.HangAfter {
			count++
		}
	}
	return count
}

// fine counts the cells with which all is well.
func fine(cells []*cell) (count int) {
	for _, one := range cells {
		if one.answer == "" {
			count++
		}
	}
	return count
}

// hinder keeps everything from being appended. What waits for that when it is
// released dies with the connection that it came over.
func (c *chaos) hinder(ctx context.Context, t *testing.T) (release func()) {
	t.Helper()
	tx, err := c.Database.BeginTx(ctx, pgx.TxOptions{})
	require.NoError(t, err)
	_, err = tx.Exec(ctx, "lock table log.events in exclusive mode")
	require.NoError(t, err)
	return func() {
		_, err := tx.Exec(ctx, `
			select pg_terminate_backend(pid)
			from pg_stat_activity
			where datname = current_database()
			and wait_event_type = 'Lock'`)
		require.NoError(t, err)
		require.NoError(t, tx.Rollback(ctx))
	}
}

// settled waits until every target has ended.
func (c *chaos) settled(ctx context.Context, t *testing.T, cells []*cell) {
	t.Helper()
	waiting, cancel := context.WithTimeout(ctx, 150*time.Second)
	defer cancel()
	var left []*cell
	ended := sitetest.Until(waiting, 100*time.Millisecond, func() bool {
		left = c.unsettled(ctx, t, cells)
		return len(left) == 0
	})
	if !ended {
		t.Fatalf("targets are stuck: %v\n%s", states(left), c.Logs)
	}
}

func (c *chaos) unsettled(ctx context.Context, t *testing.T, cells []*cell) (left []*cell) {
	t.Helper()
	for _, one := range cells {
		switch one.state = c.last(ctx, t, one.post); one.state {
		case "published", "failed", "unknown", "missed", "needs_reauthentication":
		default:
			left = append(left, one)
		}
	}
	return left
}

// last is what happened to a target last, without the words around it.
func (c *chaos) last(ctx context.Context, t *testing.T, post string) (state string) {
	t.Helper()
	err := c.Database.QueryRow(ctx, `
		select type
		from log.events
		where stream = $1
		order by version desc
		limit 1`, streamOf(post)).Scan(&state)
	if err != nil { // Postgres is being restarted
		return ""
	}
	return strings.TrimSuffix(strings.TrimPrefix(state, "post.target_"), ".v1")
}

func streamOf(post string) string { return "post-" + strings.TrimPrefix(post, "post_") }

// events counts the cells that an event has happened to.
func (c *chaos) events(ctx context.Context, t *testing.T, cells []*cell, kind string) (count int) {
	t.Helper()
	streams := make([]string, len(cells))
	for i, one := range cells {
		streams[i] = streamOf(one.post)
	}
	require.NoError(t, c.Database.QueryRow(ctx, `
		select count(distinct stream)
		from log.events
		where stream = any($1)
		and type = $2`, streams, kind).Scan(&count))
	return count
}

// count counts posts at the network.
func (c *chaos) count(ctx context.Context, t *testing.T, cells []*cell) {
	t.Helper()
	log, err := c.Sandbox.Log(ctx)
	require.NoError(t, err)
	for _, one := range cells {
		one.posts = len(log.On(one.page).Posts)
	}
}

func states(cells []*cell) (all []string) {
	for _, one := range cells {
		all = append(all, fmt.Sprintf("%s %s/%s: %s", one.post, sandbox.NameOf(one.class), one.answer, one.state))
	}
	return all
}
