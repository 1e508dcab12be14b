package main

import (
	"context"
	"fmt"
	"os"

	"behalf/cmd/behalf/audit"
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
	known, err := audit.Trusted(f.Key, checkpoint.Folder(folder))
	if err == nil && len(known) == 0 {
		err = &config.Error{Setting: "--key", Problem: "name the log's public key"}
	}
	return known, err
}

// auditVerify is "behalf audit verify".
type auditVerify struct {
	keyFlag    `embed:""`
	Checkpoint string `placeholder:"FILE" xor:"what" help:"The signed checkpoint to compare the database with. Default: the latest in the folder for checkpoints."`
	Export     string `placeholder:"FILE" xor:"what" help:"Check this export, offline."`
	Proof      string `placeholder:"FILE" xor:"what" help:"Check this proof, offline."`
}

// Run verifies.
func (c auditVerify) Run(ctx context.Context, settings *config.Config, env environment) error {
	if c.Export != "" || c.Proof != "" {
		return c.offline(ctx, env)
	}
	return withAuditor(ctx, settings, env, func(_ *parts, auditor audit.Auditor) error {
		known, err := c.trusted(settings.SealFolder)
		if err != nil {
			return err
		}
		signed, err := c.checkpoint(settings.SealFolder)
		if err != nil {
			return err
		}
		bar := newBar(env.err, "verify")
		defer bar.stop()
		return audit.Verify(ctx, env.out, auditor.Reader.Pool, signed, known, func(done, total int64) {
			bar.show("events", done, total)
		})
	})
}

// offline needs a key that the auditor names: no folder of the operator's is asked.
func (c auditVerify) offline(ctx context.Context, env environment) error {
	known, err := c.trusted("")
	if err != nil {
		return err
	}
	file, flag, check := c.Export, config.Setting("--export"), audit.VerifyExport
	if c.Proof != "" {
		file, flag, check = c.Proof, "--proof", audit.VerifyProof
	}
	if _, err := os.Stat(file); err != nil {
		return &config.Error{Setting: flag, Problem: file + " cannot be read"}
	}
	bar := newBar(env.err, "verify")
	defer bar.stop()
	return check(ctx, env.out, file, known, func(done, total int64) { bar.show("bytes", done, total) })
}

func (c auditVerify) checkpoint(folder string) ([]byte, error) {
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

// auditExport is "behalf audit export".
type auditExport struct {
	workspaceFlag `embed:""`
	Out           string `required:"" placeholder:"FILE" help:"The file to make."`
}

// Run exports. It signs, and therefore needs the sealing key.
func (c auditExport) Run(ctx context.Context, settings *config.Config, env environment) error {
	return withAuditor(ctx, settings, env, func(_ *parts, auditor audit.Auditor) error {
		signers, text, err := audit.Signers(settings, sealKeyFile(settings.Data))
		if err != nil {
			return err
		}
		own, err := checkpoint.PublicKeys(text)
		if err != nil {
			return err
		}
		known, err := audit.Trusted(own, "")
		if err != nil {
			return err
		}
		before, err := checkpoint.Folder(settings.SealFolder).Keys() // the newest checkpoint may be of the key before
		if err != nil {
			return err
		}
		known = append(known, before...)
		bar := newBar(env.err, "export")
		defer bar.stop()
		return audit.Export(ctx, env.out, export.Source{
			Pool: auditor.Reader.Pool, Keys: signers, Known: known,
			Progress: bar.show,
		}, c.Workspace, c.Out)
	})
}

// auditProve is "behalf audit prove".
type auditProve struct {
	Event domain.EventID `arg:"" placeholder:"evt_…" help:"The event."`
}

// Run prints the proof.
func (c auditProve) Run(ctx context.Context, settings *config.Config, env environment) error {
	return withAuditor(ctx, settings, env, func(_ *parts, auditor audit.Auditor) error {
		return auditor.Prove(ctx, env.out, c.Event)
	})
}

// auditFsck is "behalf audit fsck".
type auditFsck struct {
	keyFlag   `embed:""`
	SkipViews bool `help:"Do not compare views with what a rebuild makes of the log; that takes a member of behalf_owner."`
}

// Run checks everything.
func (c auditFsck) Run(ctx context.Context, settings *config.Config, env environment) error {
	return withAuditor(ctx, settings, env, func(p *parts, auditor audit.Auditor) error {
		folder := checkpoint.Folder(settings.SealFolder)
		known, err := audit.Trusted(c.Key, folder)
		if err != nil {
			return err
		}
		bar := newBar(env.err, "fsck")
		defer bar.stop()
		check := audit.Fsck{Engine: auditor.Reader.Pool, Store: auditor.Store, Known: known, Folder: folder, Progress: bar.show}
		if !c.SkipViews {
			if check.Owner, err = p.pool(ctx, eventstore.RoleOwner); err != nil {
				return err
			}
			if check.Store, err = p.store(ctx, eventstore.RoleOwner); err != nil {
				return err
			}
		}
		return check.Run(ctx, env.out)
	})
}

// auditKey is "behalf audit key".
type auditKey struct {
	New string `placeholder:"NAME" help:"Make a private key for a log of this name (such as example.com/behalf) and print it: it is what BEHALF_SEAL_KEY holds."`
}

// Run prints a key.
func (c auditKey) Run(settings *config.Config, env environment) error {
	if c.New != "" {
		key, err := checkpoint.Generate(c.New)
		if err != nil {
			return &config.Error{Setting: "--new", Problem: err.Error()}
		}
		_, err = fmt.Fprintln(env.out, key)
		return err
	}
	if err := settings.Resolve(env.lookup); err != nil {
		return err
	}
	_, text, err := audit.Signers(settings, sealKeyFile(settings.Data))
	if err != nil {
		return err
	}
	public, err := checkpoint.PublicKeys(text)
	if err != nil {
		return err
	}
	for _, key := range public {
		if _, err := fmt.Fprintln(env.out, key); err != nil {
			return err
		}
	}
	return nil
}
