package keys

import (
	"context"
	"errors"
	"fmt"
	"io"

	"behalf/cmd/behalf/bar"
	"behalf/cmd/behalf/process"
	"behalf/domain"
	"behalf/eventstore"
	"behalf/internal/config"
	"behalf/internal/vault"
	"behalf/projections/work"
)

type check struct{}

// Run looks at everything, and shows none.
func (check) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	return changeVault(ctx, settings, env, func(p *process.Parts, _ vault.Keys) error {
		opened, err := p.Vault(ctx, eventstore.RoleOwner)
		if err != nil {
			return err
		}
		pool, err := p.Pool(ctx, eventstore.RoleEngine)
		if err != nil {
			return err
		}
		shown := bar.New(env.Err, "vault")
		results, keys, err := opened.Check(ctx, Drawers(), func(done, all int64) { shown.Show("opening", done, all) })
		shown.Stop()
		if err != nil {
			return err
		}
		views := work.NewReader(pool)
		unnamed, err := notNamed(ctx, opened, views)
		if err != nil {
			return err
		}
		missing, err := views.Missing(ctx)
		if err != nil {
			return err
		}
		return report(env.Out, results, keys, unnamed, missing)
	})
}

// pageNamed is how many connections are compared with the log at once.
const pageNamed = 200

// notNamed finds stored connections that the log does not name.
func notNamed(ctx context.Context, opened *vault.Vault, views *work.Reader) (unnamed []domain.ConnectionID, err error) {
	var after domain.ConnectionID
	for {
		page, err := opened.List(ctx, after, pageNamed)
		if err != nil || len(page) == 0 {
			return unnamed, err
		}
		held := make([]work.HeldConnection, len(page))
		for i, stored := range page {
			held[i] = work.HeldConnection{Workspace: stored.Workspace, Account: stored.Account, Holder: stored.Holder, Connection: stored.ID}
			after = stored.ID
		}
		found, err := views.NotNamed(ctx, held)
		if err != nil {
			return nil, err
		}
		unnamed = append(unnamed, found...)
	}
}

func report(out io.Writer, results []vault.Checked, keys int, unnamed, missing []domain.ConnectionID) error {
	var failed []error
	for _, one := range results {
		fmt.Fprintf(out, "%d %s open; %d of them sealed by an older key.\n", one.Opened, one.Holds, one.Older)
		name(out, "does not open", one.Broken)
		if len(one.Broken) > 0 {
			failed = append(failed, fmt.Errorf("%d %s do not open", len(one.Broken), one.Holds))
		}
	}
	fmt.Fprintf(out, "The vault has %d keys; what older ones sealed is sealed anew by behalf vault reencrypt.\n", keys)
	name(out, "is named by the log and not there: its holder has to connect again", texts(missing))
	name(out, "is named by nothing in the log: replaced or never recorded, swept within an hour or two", texts(unnamed))
	if len(missing) > 0 {
		failed = append(failed, fmt.Errorf("%d connections are missing", len(missing)))
	}
	return errors.Join(failed...)
}

func texts(ids []domain.ConnectionID) []string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = id.String()
	}
	return texts
}
