// Package keys is what operators do to keys: those of the vault, and those of
// people, which are erased.
package keys

import (
	"context"
	"errors"
	"fmt"
	"io"

	"behalf/api/secondfactor"
	"behalf/cmd/behalf/bar"
	"behalf/cmd/behalf/process"
	"behalf/eventstore"
	"behalf/internal/config"
	"behalf/internal/vault"
)

// Vault is "behalf vault": the keys of what members authorized us to use.
type Vault struct {
	Rotate    rotate    `cmd:"" help:"Make a new key: everything is sealed with it from now on. Older keys open what they sealed."`
	Reencrypt reencrypt `cmd:"" help:"Seal with the newest key what an older one sealed. Can be broken off and begun again, beside running processes."`
	Rewrap    rewrap    `cmd:"" help:"Have the keys wrapped by BEHALF_VAULT_KEY; by BEHALF_KEY where that is not set."`
	Check     check     `cmd:"" help:"Open everything that is sealed, and compare the connections with the log. Ends with 1 when something does not open, or is missing."`
}

type rotate struct{}

// Run makes a key.
func (rotate) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return changeVault(ctx, settings, env, func(p *process.Parts, keys vault.Keys) error {
		pool, err := p.Pool(ctx, eventstore.RoleOwner)
		if err != nil {
			return err
		}
		count, err := vault.Rotate(ctx, pool, keys)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(env.Out, "The vault has %d keys; the newest seals. What older ones sealed: behalf vault reencrypt, in a minute.\n", count)
		return err
	})
}

type rewrap struct{}

// Run wraps the keyset anew.
func (rewrap) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return changeVault(ctx, settings, env, func(p *process.Parts, keys vault.Keys) error {
		pool, err := p.Pool(ctx, eventstore.RoleOwner)
		if err != nil {
			return err
		}
		if err := vault.Rewrap(ctx, pool, keys); err != nil {
			return err
		}
		by := config.VaultKey
		if keys.Wrapping.IsEmpty() {
			by = config.MasterKey
		}
		_, err = fmt.Fprintf(env.Out, "The vault's keys are wrapped by %s.\n", by)
		return err
	})
}

// changeVault opens what every command here needs.
func changeVault(ctx context.Context, settings *config.Config, env process.Environment, change func(*process.Parts, vault.Keys) error) error {
	p, err := process.OpenRunning(settings, env, config.DatabaseURL, config.MasterKey)
	if err != nil {
		return err
	}
	defer p.Close()
	keys, err := p.VaultKeys()
	if err != nil {
		return err
	}
	return change(p, keys)
}

// Drawers are all that the vault's keys seal, and that lasts.
func Drawers() []vault.Drawer { return append(vault.Drawers(), secondfactor.Drawer) }

type reencrypt struct{}

// Run seals anew until nothing is left, or says what is.
func (reencrypt) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return changeVault(ctx, settings, env, func(p *process.Parts, _ vault.Keys) error {
		opened, err := p.Vault(ctx, eventstore.RoleOwner)
		if err != nil {
			return err
		}
		shown := bar.New(env.Err, "vault")
		results, err := opened.Reencrypt(ctx, Drawers(), func(done, all int64) { shown.Show("sealing anew", done, all) })
		shown.Stop()
		if err != nil {
			return err
		}
		var failed []error
		for _, one := range results {
			fmt.Fprintf(env.Out, "%d %s sealed anew with the newest key.\n", one.Sealed, one.Holds)
			name(env.Out, "does not open, and stays as it is", one.Broken)
			if len(one.Broken) > 0 {
				failed = append(failed, fmt.Errorf("%d %s do not open", len(one.Broken), one.Holds))
			}
			if one.Left > 0 {
				failed = append(failed, fmt.Errorf("%d %s in use by another process: begin again", one.Left, one.Holds))
			}
		}
		return errors.Join(failed...)
	})
}

func name(out io.Writer, what string, all []string) {
	for _, id := range all {
		fmt.Fprintf(out, "%s %s\n", id, what)
	}
}
