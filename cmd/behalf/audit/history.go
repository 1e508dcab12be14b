package audit

import (
	"context"
	"encoding"
	"fmt"
	"slices"
	"time"

	"behalf/api/history/past"
	"behalf/cmd/behalf/process"
	"behalf/domain"
	"behalf/internal/config"
)

// logCommand is "behalf audit log".
type logCommand struct {
	workspaceFlag `embed:""`
	Stream        []streamPart     `placeholder:"KIND" help:"Only what belongs to these: workspace (members, roles, invitations, assignments, modes), account (connections), post (what was published, through whose connection), auditlog (who has read the history). May be repeated. Default: all."`
	Member        domain.UserID    `placeholder:"usr_…" help:"Only what is about this user."`
	Account       domain.AccountID `placeholder:"acc_…" help:"Only what is about this social account."`
	Actor         domain.UserID    `placeholder:"usr_…" help:"Only what this user did."`
	Command       string           `placeholder:"NAME" help:"Only what this command did."`
	Since         time.Time        `placeholder:"TIME" help:"From this RFC 3339 instant on, or from the start of this day (UTC)."`
	Until         time.Time        `placeholder:"TIME" help:"Up to this RFC 3339 instant, or to the start of this day (UTC)."`
	After         int64            `placeholder:"POSITION" help:"Only behind this position: the last one of the page before."`
	Limit         int              `placeholder:"N" help:"At most so many. Default: all."`
	Clients       bool             `help:"Say in the text where people came from; json and csv always do."`
	Follow        bool             `short:"f" help:"Go on with what happens, until Ctrl-C."`
	Format        Format           `default:"text" enum:"text,json,csv" placeholder:"FORMAT" help:"text for people; json: one value a line; csv: a table."`
}

// Run prints the history.
func (c logCommand) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	switch {
	case c.After < 0:
		return &config.Error{Setting: "--after", Problem: "a position is not negative"}
	case c.Limit < 0:
		return &config.Error{Setting: "--limit", Problem: "it is not negative"}
	case c.Follow && (c.Limit > 0 || !c.Until.IsZero()):
		return &config.Error{Setting: "--follow", Problem: "what is followed has no end: leave --limit and --until out"}
	}
	return withAuditor(ctx, settings, env, func(_ *process.Parts, auditor Auditor) error {
		return auditor.Log(ctx, env.Out, c.Workspace, LogOptions{
			Filter: past.Filter{
				Member: c.Member, Account: c.Account, Actor: c.Actor, Command: c.Command,
				Since: c.Since, Until: c.Until, After: c.After, Limit: c.Limit,
			},
			Parts: categories(c.Stream), Format: c.Format, Clients: c.Clients, Follow: c.Follow,
		})
	})
}

// streamPart is a kind of streams that an auditor names.
type streamPart domain.Category

var _ encoding.TextUnmarshaler = (*streamPart)(nil) // how kong reads the flag

// UnmarshalText takes what a history consists of.
func (p *streamPart) UnmarshalText(text []byte) error {
	if !slices.Contains(past.Parts(), domain.Category(text)) {
		return fmt.Errorf("there is no %q in a history, only %q", text, past.Parts())
	}
	*p = streamPart(text)
	return nil
}

func categories(named []streamPart) (all []domain.Category) {
	for _, one := range named {
		all = append(all, domain.Category(one))
	}
	return all
}

// showCommand is "behalf audit show".
type showCommand struct {
	workspaceFlag `embed:""`
	formatFlag    `embed:""`
	AsOf          past.Moment `name:"as-of" placeholder:"TIME|POSITION" help:"RFC 3339 instant, day (its start, UTC) or position in the log. Default: now."`
}

// Run prints the membership.
func (c showCommand) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return withAuditor(ctx, settings, env, func(_ *process.Parts, auditor Auditor) error {
		return auditor.Show(ctx, env.Out, c.Workspace, c.AsOf, c.Format)
	})
}

// diffCommand is "behalf audit diff".
type diffCommand struct {
	workspaceFlag `embed:""`
	formatFlag    `embed:""`
	From          past.Moment `required:"" placeholder:"TIME|POSITION" help:"RFC 3339 instant, day (its start, UTC) or position in the log."`
	To            past.Moment `placeholder:"TIME|POSITION" help:"RFC 3339 instant, day (its start, UTC) or position in the log. Default: now."`
}

// Run prints the differences.
func (c diffCommand) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return withAuditor(ctx, settings, env, func(_ *process.Parts, auditor Auditor) error {
		return auditor.Diff(ctx, env.Out, c.Workspace, c.From, c.To, c.Format)
	})
}

// whoCouldCommand is "behalf audit who-could".
type whoCouldCommand struct {
	workspaceFlag `embed:""`
	formatFlag    `embed:""`
	Account       domain.AccountID `required:"" placeholder:"acc_…" help:"The social account."`
	At            past.Moment      `placeholder:"TIME|POSITION" help:"RFC 3339 instant, day (its start, UTC) or position in the log. Default: now."`
}

// Run prints who could.
func (c whoCouldCommand) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return withAuditor(ctx, settings, env, func(_ *process.Parts, auditor Auditor) error {
		return auditor.WhoCould(ctx, env.Out, c.Workspace, c.Account, c.At, c.Format)
	})
}
