package operate

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"behalf/api/client"
	"behalf/internal/config"
	"behalf/workers/jobs"
)

// Queues shows what is in Redis, and changes it.
type Queues struct {
	List   listQueues  `cmd:"" default:"withargs" help:"How many jobs there are, and how long they wait (default)."`
	Jobs   listJobs    `cmd:"" help:"List the jobs of a queue in one state: ids and times."`
	Pause  pauseQueue  `cmd:"" help:"Have the workers leave a queue alone."`
	Resume resumeQueue `cmd:"" help:"Have the workers go on with a queue."`
	Retry  retryJobs   `cmd:"" help:"Try jobs again at once."`
	Drop   dropJobs    `cmd:"" help:"Take jobs out of a queue. What was to be done stands in Postgres, and the next sweep may bring it again."`
}

type listQueues struct {
	asking
	Over time.Duration `placeholder:"TIME" help:"Ask twice, so long apart, and print the rates between."`
}

// Run prints the queues.
func (c listQueues) Run(ctx context.Context, settings *config.Config, console Console) error {
	behalf, err := c.client(settings, console)
	if err != nil {
		return err
	}
	queues, err := behalf.OperatorQueues(ctx)
	if err != nil {
		return c.refused(err)
	}
	if c.Over > 0 {
		before := queues.Jobs
		if err := wait(ctx, c.Over); err != nil {
			return err
		}
		if queues, err = behalf.OperatorQueues(ctx); err != nil {
			return c.refused(err)
		}
		tellQueues(console.Out, queues.Jobs)
		tellRates(console.Out, before, queues.Jobs, c.Over)
		return nil
	}
	tellQueues(console.Out, queues.Jobs)
	fmt.Fprintln(console.Out, "Only jobs are counted: a post that is due at once needs none.")
	return nil
}

func tellQueues(out io.Writer, jobs []client.OperatorJobs) {
	if len(jobs) == 0 {
		fmt.Fprintln(out, "How many jobs are in Redis is not known.")
		return
	}
	lines := tableOf(table.Row{"jobs in Redis", "", "ready", "oldest", "at work", "later", "tried again", "given up", "jobs done today", "failures today"})
	for _, one := range jobs {
		paused := ""
		if one.Paused {
			paused = "paused"
		}
		oldest := time.Duration(one.OldestSeconds * float64(time.Second)).Round(time.Millisecond)
		lines.AppendRow(table.Row{
			one.Queue, paused, one.Pending, oldest, one.Active, one.Scheduled, one.Retry, one.Dead, one.DoneToday, one.FailedToday,
		})
	}
	fmt.Fprintln(out, lines.Render())
}

func tellRates(out io.Writer, before, after []client.OperatorJobs, over time.Duration) {
	lines := tableOf(table.Row{"in " + over.String(), "done a second", "failed a second"})
	for _, now := range after {
		i := slices.IndexFunc(before, func(one client.OperatorJobs) bool { return one.Queue == now.Queue })
		if i < 0 {
			continue
		}
		a := func(later, earlier int64) string { return fmt.Sprintf("%.2f", float64(later-earlier)/over.Seconds()) }
		lines.AppendRow(table.Row{now.Queue, a(now.Done, before[i].Done), a(now.Failed, before[i].Failed)})
	}
	fmt.Fprintln(out, lines.Render())
}

// named is a queue that an operator names.
type named struct {
	asking
	Queue string `arg:"" enum:"mail,publish" help:"mail or publish."`
}

type listJobs struct {
	named
	State string `enum:"pending,active,scheduled,retry,archived" default:"archived" help:"pending, active, scheduled, retry or archived (default): given up."`
}

// Run prints the first hundred jobs.
func (c listJobs) Run(ctx context.Context, settings *config.Config, console Console) error {
	behalf, err := c.client(settings, console)
	if err != nil {
		return err
	}
	list, err := behalf.OperatorJobs(ctx, c.Queue, client.OperatorJobsIn{State: c.State})
	if err != nil {
		return c.refused(err)
	}
	lines := tableOf(table.Row{"id", "type", "failed", "failed at", "next", "about"})
	for _, job := range list.Jobs {
		lines.AppendRow(table.Row{
			job.ID, job.Type, fmt.Sprintf("%d of %d", job.Failed, job.Most), moment(job.FailedAt), moment(job.Next), about(job.About),
		})
	}
	show(console.Out, lines, fmt.Sprintf("No job of the queue %s is %s.", c.Queue, c.State))
	return nil
}

type pauseQueue struct {
	named
	sure
}

// Run pauses the queue.
func (c pauseQueue) Run(ctx context.Context, settings *config.Config, console Console) error {
	what := "The workers will take no more jobs out of it."
	if c.Queue == jobs.PublishQueue {
		what += " Posts still go out (behalf quarantine begin holds them all)."
	}
	return c.turn(ctx, settings, console, c.sure, what, (*client.Client).OperatorPauseQueue)
}

type resumeQueue struct {
	named
	sure
}

// Run ends the pause.
func (c resumeQueue) Run(ctx context.Context, settings *config.Config, console Console) error {
	return c.turn(ctx, settings, console, c.sure, "What waits in it will be done now.", (*client.Client).OperatorResumeQueue)
}

func (n named) turn(
	ctx context.Context, settings *config.Config, console Console, s sure, what string,
	turn func(*client.Client, context.Context, string) (client.OperatorJobs, error),
) error {
	behalf, err := n.client(settings, console)
	if err != nil {
		return err
	}
	if err := s.confirm(console, what, n.Queue); err != nil {
		return err
	}
	now, err := turn(behalf, ctx, n.Queue)
	if err != nil {
		return n.refused(err)
	}
	tellQueues(console.Out, []client.OperatorJobs{now})
	return nil
}

// chosen are jobs that an operator names.
type chosen struct {
	named
	sure
	Job string `placeholder:"ID" help:"One job. Default: all in that state."`
}

func (c chosen) what(state string) string {
	if c.Job != "" {
		return "One job of the queue " + c.Queue + ", " + state + "."
	}
	return "All jobs of the queue " + c.Queue + " that are " + state + "."
}

type retryJobs struct {
	chosen
	State string `enum:"scheduled,retry,archived" default:"archived" help:"scheduled, retry or archived (default): given up."`
}

// Run has the jobs tried again.
func (c retryJobs) Run(ctx context.Context, settings *config.Config, console Console) error {
	behalf, err := c.client(settings, console)
	if err != nil {
		return err
	}
	if err := c.confirm(console, c.what(c.State)+" They are tried again.", c.Queue); err != nil {
		return err
	}
	changed, err := behalf.OperatorRetryJobs(ctx, c.Queue, client.RetryJobs{State: c.State, Job: c.Job})
	if err != nil {
		return c.refused(err)
	}
	fmt.Fprintf(console.Out, "%d jobs are tried again.\n", changed.Jobs)
	return nil
}

type dropJobs struct {
	chosen
	State string `enum:"pending,scheduled,retry,archived" default:"archived" help:"pending, scheduled, retry or archived (default): given up."`
}

// Run drops the jobs.
func (c dropJobs) Run(ctx context.Context, settings *config.Config, console Console) error {
	behalf, err := c.client(settings, console)
	if err != nil {
		return err
	}
	if err := c.confirm(console, c.what(c.State)+" They are dropped.", c.Queue); err != nil {
		return err
	}
	changed, err := behalf.OperatorDropJobs(ctx, c.Queue, client.DropJobs{State: c.State, Job: c.Job})
	if err != nil {
		return c.refused(err)
	}
	fmt.Fprintf(console.Out, "%d jobs were dropped.\n", changed.Jobs)
	return nil
}

// about writes what a job is about in one line.
func about(written json.RawMessage) string {
	var ids map[string]string
	if json.Unmarshal(written, &ids) != nil {
		return ""
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(ids)) {
		parts = append(parts, name+"="+ids[name])
	}
	return strings.Join(parts, " ")
}
