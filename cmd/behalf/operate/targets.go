package operate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"behalf/api/client"
	"behalf/internal/config"
)

// Targets lists the targets that somebody should look at. The exit code says
// whether there are any.
type Targets struct {
	asking
	Late    bool  `xor:"which" required:"" help:"Due for ten seconds, and not sent."`
	PutOff  bool  `xor:"which" required:"" help:"Due, but publishing is paused there (R68), or the network has said when to come again."`
	Stuck   bool  `xor:"which" required:"" help:"Ten minutes past a deadline after which a sweep should have done something."`
	Unknown bool  `xor:"which" required:"" help:"Nobody can say whether they went out: their authors or the Owners decide (R59)."`
	Limit   int64 `default:"100" help:"How many are shown (1 to 1000)."`
}

var errTargets = errors.New("there are targets that somebody should look at")

// Run prints them, the longest first.
func (c Targets) Run(ctx context.Context, settings *config.Config, console Console) error {
	behalf, err := c.client(settings, console)
	if err != nil {
		return err
	}
	found, err := behalf.OperatorTargets(ctx, client.OperatorTargetsIn{Which: c.which(), Limit: c.Limit})
	if err != nil {
		return c.refused(err)
	}
	if found.Total == 0 {
		fmt.Fprintf(console.Out, "No target is %s.\n", strings.ReplaceAll(c.which(), "_", " "))
		return nil
	}
	lines := tableOf(table.Row{"workspace", "post", "account", "network", "state", "due", "since", "reason"})
	for _, one := range found.Targets {
		lines.AppendRow(table.Row{
			one.Workspace, one.Post, one.Account, one.Network, one.State, moment(one.Due), moment(one.Since), one.Reason,
		})
	}
	fmt.Fprintln(console.Out, lines.Render())
	if more := found.Total - int64(len(found.Targets)); more > 0 {
		fmt.Fprintf(console.Out, "and %d more\n", more)
	}
	return errTargets
}

func (c Targets) which() string {
	switch {
	case c.Late:
		return "late"
	case c.PutOff:
		return "put_off"
	case c.Stuck:
		return "stuck"
	default:
		return "unknown"
	}
}
