package audit

import (
	"context"
	"fmt"
	"os"

	"behalf/cmd/behalf/bar"
	"behalf/cmd/behalf/process"
	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/seal/checkpoint"
	"behalf/eventstore/seal/export"
	"behalf/internal/config"
)

// keyFlag is whom an auditor trusts.
type keyFlag struct {
	Key []string `placeholder:"KEY|FILE" sep:"none" help:"A public key of the log, or a file with one a line; may be repeated. Default: keys in the folder for checkpoints."`
}

// trusted are the keys; without a default there has to be one.
func (f keyFlag) trusted(folder string) (checkpoint.Verifiers, error) {
	known, err := Trusted(f.Key, checkpoint.Folder(folder))
	if err == nil && len(known) == 0 {
		err = &config.Error{Setting: "--key", Problem: "name the log's public key"}
	}
	return known, err
}

// verifyCommand is "behalf audit verify".
type verifyCommand struct {
	keyFlag    `embed:""`
	Checkpoint string `placeholder:"FILE" xor:"what" help:"The signed checkpoint to compare the database with. Default: the latest in the folder for checkpoints."`
	Export     string `placeholder:"FILE" xor:"what" help:"Check this export, offline."`
	Proof      string `placeholder:"FILE" xor:"what" help:"Check this proof, offline."`
}

// Run verifies.
func (c verifyCommand) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	if c.Export != "" || c.Proof != "" {
		return c.offline(ctx, env)
	}
	return withAuditor(ctx, settings, env, func(_ *process.Parts, auditor Auditor) error {
		known, err := c.trusted(settings.SealFolder)
		if err != nil {
			return err
		}
		signed, err := c.checkpoint(settings.SealFolder)
		if err != nil {
			return err
		}
		bar := bar.New(env.Err, "verify")
		defer bar.Stop()
		return Verify(ctx, env.Out, auditor.Reader.Pool, signed, known, func(done, total int64) {
			bar.Show("events", done, total)
		})
	})
}

// offline needs a key that the auditor names: no folder of the operator's is asked.
func (c verifyCommand) offline(ctx context.Context, env process.Environment) error {
	known, err := c.trusted("")
	if err != nil {
		return err
	}
	file, flag, check := c.Export, config.Setting("--export"), VerifyExport
	if c.Proof != "" {
		file, flag, check = c.Proof, "--proof", VerifyProof
	}
	if _, err := os.Stat(file); err != nil {
		return &config.Error{Setting: flag, Problem: file + " cannot be read"}
	}
	bar := bar.New(env.Err, "verify")
	defer bar.Stop()
	return check(ctx, env.Out, file, known, func(done, total int64) { bar.Show("bytes", done, total) })
}

func (c verifyCommand) checkpoint(folder string) ([]byte, error) {
	if c.Checkpoint == "" {
		signed, err := checkpoint.Folder(folder).Latest()
		if err == nil && signed == nil {
			err = &config.Error{Setting: "--checkpoint", Problem: "name one: there is none in " + folder}
		}
		return signed, err
	}
	signed, err := os.ReadFile(c.Checkpoint)
	if err != nil {
		return nil, &config.Error{Setting: "--checkpoint", Problem: c.Checkpoint + " cannot be read"}
	}
	return signed, nil
}

// exportCommand is "behalf audit export".
type exportCommand struct {
	workspaceFlag `embed:""`
	Out           string `required:"" placeholder:"FILE" help:"The file to make."`
}

// Run exports. It signs, and therefore needs the sealing key.
func (c exportCommand) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return withAuditor(ctx, settings, env, func(_ *process.Parts, auditor Auditor) error {
		keys, text, err := process.Signers(settings)
		if err != nil {
			return err
		}
		known, err := process.Known(text, checkpoint.Folder(settings.SealFolder))
		if err != nil {
			return err
		}
		bar := bar.New(env.Err, "export")
		defer bar.Stop()
		return Export(ctx, env.Out, export.Source{
			Pool: auditor.Reader.Pool, Keys: keys, Known: known,
			Progress: bar.Show,
		}, c.Workspace, c.Out)
	})
}

// proveCommand is "behalf audit prove".
type proveCommand struct {
	Event domain.EventID `arg:"" placeholder:"evt_…" help:"The event."`
}

// Run prints the proof.
func (c proveCommand) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return withAuditor(ctx, settings, env, func(_ *process.Parts, auditor Auditor) error {
		return auditor.Prove(ctx, env.Out, c.Event)
	})
}

// fsckCommand is "behalf audit fsck".
type fsckCommand struct {
	keyFlag   `embed:""`
	SkipViews bool `help:"Do not compare views with what a rebuild makes of the log; that takes a member of behalf_owner."`
}

// Run checks everything.
func (c fsckCommand) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return withAuditor(ctx, settings, env, func(p *process.Parts, auditor Auditor) error {
		folder := checkpoint.Folder(settings.SealFolder)
		known, err := Trusted(c.Key, folder)
		if err != nil {
			return err
		}
		bar := bar.New(env.Err, "fsck")
		defer bar.Stop()
		check := Fsck{Engine: auditor.Reader.Pool, Store: auditor.Store, Known: known, Folder: folder, Progress: bar.Show}
		if !c.SkipViews {
			if check.Owner, err = p.Pool(ctx, eventstore.RoleOwner); err != nil {
				return err
			}
			if check.Store, err = p.Store(ctx, eventstore.RoleOwner); err != nil {
				return err
			}
		}
		return check.Run(ctx, env.Out)
	})
}

// keyCommand is "behalf audit key".
type keyCommand struct {
	New string `placeholder:"NAME" help:"Make a private key for a log of this name (such as example.com/behalf) and print it: it is what BEHALF_SEAL_KEY holds."`
}

// Run prints a key.
func (c keyCommand) Run(settings *config.Config, env process.Environment) error {
	if c.New != "" {
		key, err := checkpoint.Generate(c.New)
		if err != nil {
			return &config.Error{Setting: "--new", Problem: err.Error()}
		}
		_, err = fmt.Fprintln(env.Out, key)
		return err
	}
	if err := settings.Resolve(env.Lookup); err != nil {
		return err
	}
	_, text, err := process.Signers(settings)
	if err != nil {
		return err
	}
	public, err := checkpoint.PublicKeys(text)
	if err != nil {
		return err
	}
	for _, key := range public {
		if _, err := fmt.Fprintln(env.Out, key); err != nil {
			return err
		}
	}
	return nil
}
