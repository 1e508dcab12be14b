package sweep

import (
	"context"
	"errors"
	"fmt"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/eventstore"
	"behalf/internal/vault"
	"behalf/projections/work"
)

// orphaned is how long a stored connection may go without an event that names
// it: its event follows its row, and one that was replaced may still be asked
// what became of an attempt (R59).
const orphaned = time.Hour

// orphans destroys stored connections that nothing in the log names: whoever
// stored them died, or was refused, before it was recorded; or they were
// replaced. The whole vault is compared once an hour, by each process that sweeps.
func (s *Sweeper) orphans(ctx context.Context) error {
	now := s.Now()
	if now.Sub(s.compared) < orphaned {
		return nil
	}
	var after domain.ConnectionID
	destroyed := 0
	for {
		stored, err := s.Vault.List(ctx, after, most)
		if err != nil {
			return err
		}
		found, err := s.destroyUnnamed(ctx, stored, now.Add(-orphaned))
		if destroyed += found; err != nil {
			return err
		}
		if len(stored) < most {
			break
		}
		after = stored[len(stored)-1].ID
	}
	s.compared = now
	s.Meter.Swept("orphans", destroyed)
	return nil
}

// destroyUnnamed asks the views about all, and the log about the few that they
// do not name: the views may be behind.
func (s *Sweeper) destroyUnnamed(ctx context.Context, stored []vault.Connection, since time.Time) (destroyed int, failed error) {
	var old []work.HeldConnection
	for _, c := range stored {
		if c.UpdatedAt.Before(since) {
			old = append(old, work.HeldConnection{Workspace: c.Workspace, Account: c.Account, Holder: c.Holder, Connection: c.ID})
		}
	}
	unnamed, err := s.Work.Unnamed(ctx, old, since)
	if err != nil {
		return 0, err
	}
	for _, c := range old {
		if !unnamed[c.Connection] {
			continue
		}
		named, err := s.named(ctx, c)
		awaited := false
		if err == nil && !named { // what its heir lacks is in it (R46)
			awaited, err = s.Vault.HasHeir(ctx, c.Connection)
		}
		if err == nil && !named && !awaited {
			if err = s.Vault.Destroy(ctx, c.Connection); err == nil {
				destroyed++
			}
		}
		failed = errors.Join(failed, err)
	}
	return destroyed, failed
}

// named reports whether the holder's connection is this one, by the log.
func (s *Sweeper) named(ctx context.Context, c work.HeldConnection) (bool, error) {
	stream := account.Stream(c.Account)
	loaded, err := s.Store.Load(ctx, eventstore.Scope{Workspace: c.Workspace}, stream)
	if err != nil {
		return false, fmt.Errorf("look for the connection's event: %w", err)
	}
	return domain.Fact[*account.Account](loaded.Facts, stream).ConnectionOf(c.Holder).ID == c.Connection, nil
}
