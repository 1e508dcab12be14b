package main

import (
	"context"
	"encoding"
	"errors"

	"behalf/cmd/behalf/audit"
	"behalf/domain"
	"behalf/eventstore"
	"behalf/internal/config"
)

// auditCommand reads the log with the engine's role: whoever can run it can
// read the database.
type auditCommand struct {
	Log  auditLog  `cmd:"" help:"Print the whole membership history of a workspace."`
	Show auditShow `cmd:"" help:"Print the exact membership of a workspace as of a moment."`
}

// workspaceFlag is the workspace that a history is told of.
type workspaceFlag struct {
	Workspace domain.WorkspaceID `required:"" placeholder:"ws_…" help:"The workspace."`
}

var _ encoding.TextUnmarshaler = (*domain.WorkspaceID)(nil) // how kong reads the flag

type auditLog struct {
	workspaceFlag `embed:""`
}

// Run prints the history.
func (c auditLog) Run(ctx context.Context, settings *config.Config, env environment) error {
	return withAuditor(ctx, settings, env, func(auditor audit.Auditor) error {
		return auditor.Log(ctx, env.out, c.Workspace)
	})
}

type auditShow struct {
	workspaceFlag `embed:""`
	AsOf          audit.Moment `name:"as-of" placeholder:"TIME|POSITION" help:"RFC 3339 instant or position in the log. Default: now."`
}

// Run prints the membership.
func (c auditShow) Run(ctx context.Context, settings *config.Config, env environment) error {
	return withAuditor(ctx, settings, env, func(auditor audit.Auditor) error {
		return auditor.Show(ctx, env.out, c.Workspace, c.AsOf)
	})
}

// withAuditor reads DATABASE_URL's log, or that of the "behalf dev" which runs on the data folder.
func withAuditor(ctx context.Context, settings *config.Config, env environment, tell func(audit.Auditor) error) error {
	env.lookup = orRunning(settings.Data, env.lookup)
	p, err := open(settings, env, config.DatabaseURL)
	if err != nil {
		return err
	}
	defer p.close()
	store, err := p.store(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	auditor := audit.Auditor{Store: store, Persons: audit.Unopened{}}
	if settings.Secrets.MasterKey.IsSet() {
		if auditor.Persons, err = p.persons(ctx, eventstore.RoleEngine); err != nil {
			return err
		}
	}
	err = tell(auditor)
	if errors.Is(err, audit.ErrNoWorkspace) {
		return audit.ErrNoWorkspace
	}
	return err
}
