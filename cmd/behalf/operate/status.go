package operate

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jedib0t/go-pretty/v6/table"

	"behalf/api/client"
	"behalf/internal/config"
)

// Status asks a running Behalf how it is.
type Status struct{ asking }

// What makes the exit code tell programs that a person is needed.
var (
	errWaits = errors.New("a view waits for an operator: see \"behalf project parked\"")
	errHeld  = errors.New("nothing is published until an operator ends the quarantine: see \"behalf quarantine show\"")
)

// Run prints how far the views are, what they have put aside, what waits to be
// done and whether publishing is held. It fails when a person is needed.
func (c Status) Run(ctx context.Context, settings *config.Config, console Console) error {
	behalf, err := c.client(settings, console)
	if err != nil {
		return err
	}
	views, err := behalf.OperatorViews(ctx)
	if err != nil {
		return c.refused(err)
	}
	parked, err := behalf.OperatorParked(ctx)
	if err != nil {
		return c.refused(err)
	}
	queues, err := behalf.OperatorQueues(ctx)
	if err != nil {
		return c.refused(err)
	}
	quarantine, err := behalf.OperatorQuarantine(ctx)
	if err != nil {
		return c.refused(err)
	}
	waits := tellViews(console.Out, views.Views)
	tellParked(console.Out, parked.Parked)
	tellWaiting(console.Out, queues.Waiting)
	tellQueues(console.Out, queues.Jobs)
	switch {
	case quarantine.Held:
		return errHeld
	case waits:
		return errWaits
	}
	return nil
}

func tellViews(out io.Writer, views []client.OperatorView) (waits bool) {
	lines := tableOf(table.Row{"view", "version", "events behind", "put aside", ""})
	for _, view := range views {
		note := ""
		switch {
		case view.Stopped:
			note = "stands still"
		case !view.Current:
			note = "has to be rebuilt"
		}
		waits = waits || note != "" || view.Parked > 0
		lines.AppendRow(table.Row{view.View, view.Version, view.Behind, view.Parked, note})
	}
	fmt.Fprintln(out, lines.Render())
	return waits
}

func tellParked(out io.Writer, parked []client.OperatorParked) {
	if len(parked) == 0 {
		return
	}
	lines := tableOf(table.Row{"put aside by", "position", "type", "why", "since", "tries"})
	for _, one := range parked {
		lines.AppendRow(table.Row{one.View, one.Position, one.Type, one.Class, moment(one.ParkedAt), one.Attempts})
	}
	fmt.Fprintln(out, lines.Render())
}

func tellWaiting(out io.Writer, waiting []client.OperatorWaiting) {
	lines := tableOf(table.Row{"waits", "all", "due", "since"})
	for _, one := range waiting {
		lines.AppendRow(table.Row{one.Work, one.All, one.Due, moment(one.Oldest)})
	}
	show(out, lines, "Nothing waits to be done.")
}
