package audit

import (
	"context"
	"encoding"
	"errors"
	"time"

	"behalf/api/history/past"
	"behalf/cmd/behalf/process"
	"behalf/domain"
	"behalf/eventstore"
	"behalf/internal/config"
)

// Command reads the log with the engine's role: whoever can run it can
// read the database. It ends with 0 when all is well, with 1 when something
// was found or broke, with 2 when it was called wrongly.
type Command struct {
	Log      logCommand      `cmd:"" help:"Print the membership history of a workspace."`
	Show     showCommand     `cmd:"" help:"Print the exact membership of a workspace as of a moment."`
	Diff     diffCommand     `cmd:"" help:"Print what two moments do not agree on."`
	WhoCould whoCouldCommand `cmd:"" help:"Print who could publish to an account at a moment, through whose connection, by which events."`
	Export   exportCommand   `cmd:"" help:"Write the whole sealed history of a workspace into one file that anybody can check offline."`
	Verify   verifyCommand   `cmd:"" help:"Compare the database with a checkpoint; or check an export or a proof offline."`
	Prove    proveCommand    `cmd:"" help:"Print the proof that an event is in the sealed log."`
	Fsck     fsckCommand     `cmd:"" help:"Check every event, the seal and the views of a database, trusting nothing in it."`
	Key      keyCommand      `cmd:"" help:"Make a key for BEHALF_SEAL_KEY, or print the public part of the one that is set."`
}

// workspaceFlag is the workspace that a history is told of.
type workspaceFlag struct {
	Workspace domain.WorkspaceID `required:"" placeholder:"ws_…" help:"The workspace."`
}

// formatFlag is how an answer is written.
type formatFlag struct {
	Format Format `default:"text" enum:"text,json" placeholder:"FORMAT" help:"text for people; json: one value a line."`
}

var _ encoding.TextUnmarshaler = (*domain.WorkspaceID)(nil) // how kong reads the flag

// withAuditor reads DATABASE_URL's log, or that of the "behalf dev" which runs on the data folder.
func withAuditor(ctx context.Context, settings *config.Config, env process.Environment, tell func(*process.Parts, Auditor) error) error {
	p, err := process.OpenRunning(settings, env, config.DatabaseURL)
	if err != nil {
		return err
	}
	defer p.Close()
	store, err := p.Store(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	pool, err := p.Pool(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	auditor := Auditor{Store: store, Reader: past.Reader{
		Pool: pool, Registry: p.Events, Persons: Unopened{}, Now: time.Now,
	}}
	if settings.Secrets.MasterKey.IsSet() {
		if auditor.Reader.Persons, err = p.Persons(ctx, eventstore.RoleEngine); err != nil {
			return err
		}
	}
	err = tell(p, auditor)
	if errors.Is(err, past.ErrNoWorkspace) {
		return past.ErrNoWorkspace
	}
	if ahead := new(past.AheadError); errors.As(err, &ahead) {
		return ahead
	}
	return err
}
