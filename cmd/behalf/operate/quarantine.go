package operate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"behalf/api/client"
	"behalf/internal/config"
)

// Quarantine is about publishing after a database was restored (R69).
type Quarantine struct {
	Show  showQuarantine  `cmd:"" default:"withargs" help:"Whether publishing is held, and what the networks have still to be asked about (default)."`
	Begin beginQuarantine `cmd:"" help:"Hold publishing, after a restore that Behalf has not noticed by itself."`
	End   endQuarantine   `cmd:"" help:"Let publishing go on."`
}

type showQuarantine struct{ asking }

// Run prints how it stands. It fails while publishing is held.
func (c showQuarantine) Run(ctx context.Context, settings *config.Config, console Console) error {
	behalf, err := c.client(settings, console)
	if err != nil {
		return err
	}
	now, err := behalf.OperatorQuarantine(ctx)
	if err != nil {
		return c.refused(err)
	}
	tellQuarantine(console.Out, now)
	if now.Held {
		return errors.New("nothing is published until an operator ends the quarantine: behalf quarantine end")
	}
	return nil
}

func tellQuarantine(out io.Writer, now client.OperatorQuarantineStatus) {
	if now.Held {
		fmt.Fprintf(out, "Publishing is held. The networks have still to be asked about %d targets.\n", now.Left)
	} else {
		fmt.Fprintln(out, "Publishing is not held.")
	}
	if len(now.Waiting) > 0 {
		lines := tableOf(table.Row{"could not be asked", "targets"})
		for _, one := range now.Waiting {
			lines.AppendRow(table.Row{one.Code, one.Targets})
		}
		fmt.Fprintln(out, lines.Render())
	}
	if len(now.History) == 0 {
		return
	}
	lines := tableOf(table.Row{"begun", "by", "reason", "missing since", "published", "not sent", "unknown", "given up by", "ended", "by"})
	for _, one := range now.History {
		lines.AppendRow(table.Row{
			moment(one.BegunAt), cmp.Or(one.BegunBy, "Behalf"), one.Reason, moment(one.Since),
			one.Published, one.Absent, one.Unknown, one.GivenUpBy, moment(one.EndedAt), one.EndedBy,
		})
	}
	fmt.Fprintln(out, lines.Render())
}

type beginQuarantine struct {
	asking
	sure
	Note  string    `help:"Why, for those who come after."`
	Since time.Time `placeholder:"TIME" help:"Of when the backup is, such as 2026-11-29T03:00:00Z, or 2026-11-29 for the start of that day (UTC). Default: a day ago."`
}

// Run holds publishing.
func (c beginQuarantine) Run(ctx context.Context, settings *config.Config, console Console) error {
	behalf, err := c.client(settings, console)
	if err != nil {
		return err
	}
	if err := c.confirm(console, "Nothing will be published by "+c.Server+".", "begin"); err != nil {
		return err
	}
	now, err := behalf.OperatorBeginQuarantine(ctx, client.BeginQuarantine{Note: c.Note, Since: c.Since})
	if err != nil {
		return c.refused(err)
	}
	tellQuarantine(console.Out, now)
	return nil
}

type endQuarantine struct {
	asking
	sure
	GiveUp bool          `help:"Ask no more networks: what is left becomes unknown, and a person decides (R59)."`
	Wait   time.Duration `default:"1m" help:"With --give-up: how long to wait for the workers to record that."`
}

// again is how often it is looked whether nothing is left.
const again = 500 * time.Millisecond

// Run ends the quarantine.
func (c endQuarantine) Run(ctx context.Context, settings *config.Config, console Console) error {
	behalf, err := c.client(settings, console)
	if err != nil {
		return err
	}
	if err := c.confirm(console, "What is due will be published by "+c.Server+".", "end"); err != nil {
		return err
	}
	if c.GiveUp {
		if err := c.giveUp(ctx, behalf); err != nil {
			return err
		}
	}
	now, err := behalf.OperatorEndQuarantine(ctx)
	if err != nil {
		return c.refused(err)
	}
	tellQuarantine(console.Out, now)
	return nil
}

func (c endQuarantine) giveUp(ctx context.Context, behalf *client.Client) error {
	now, err := behalf.OperatorForfeitQuarantine(ctx)
	for deadline := time.Now().Add(c.Wait); err == nil && now.Left > 0 && time.Now().Before(deadline); {
		if err := wait(ctx, again); err != nil {
			return err
		}
		now, err = behalf.OperatorQuarantine(ctx)
	}
	if err != nil {
		return c.refused(err)
	}
	return nil
}
