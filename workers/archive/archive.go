// Package archive makes the archives of whole workspaces that their Owners ask
// for (R13): data, media, and the history with its proofs.
//
// What is wanted stands in a view. One process at a time makes an archive, in
// one stream from the database to the storage, and then issues the command that
// offers it. A process may die anywhere: what it had stored is offered by
// nobody and swept, and the next one begins again. Of two that were made of one
// request the log takes the first.
package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/workspace/closing"
	"behalf/eventstore"
	"behalf/eventstore/seal"
	"behalf/eventstore/seal/export"
	"behalf/internal/archives"
	"behalf/projections"
	"behalf/projections/work"
	"behalf/workers/issue"
	"behalf/workers/meter"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Media are the pictures and films of workspaces.
type Media interface {
	// Each calls do for every medium that a workspace has, until it fails.
	Each(ctx context.Context, ws domain.WorkspaceID, do func(Medium) error) error
}

// Medium is one file.
type Medium struct {
	Name  string // in the archive: without folders, and no other medium's
	Write func(ctx context.Context, to io.Writer) error
}

// Deps is what archives are made of, all under the engine's role.
type Deps struct {
	Pool    *pgxpool.Pool
	Store   *eventstore.Store
	Work    *work.Reader
	Persons personal.Opener
	Media   Media // nil: there are none
	History export.Source
	Shelf   *archives.Shelf
	Meter   *meter.Meter
	Logger  *slog.Logger
	Now     func() time.Time

	Look  time.Duration // between two looks for what is wanted; 2 s when zero
	Lease time.Duration // how long a process that died keeps others waiting; 2 min when zero
}

// Archivist makes archives and sweeps them. It is safe for concurrent use.
type Archivist struct {
	Deps
	desk *issue.Desk
}

// New makes an archivist. It does nothing until Run.
func New(deps Deps) *Archivist {
	if deps.Look == 0 {
		deps.Look = 2 * time.Second
	}
	if deps.Lease == 0 {
		deps.Lease = 2 * time.Minute
	}
	return &Archivist{Deps: deps, desk: issue.New(deps.Store, "archive", deps.Now)}
}

const (
	most       = 20          // archives that are looked at together
	sweepEvery = time.Hour   // between two sweeps
	orphaned   = time.Hour   // after which an object that nothing names is nobody's
	patience   = time.Minute // for a view to know what is in the log
)

// errLater says that an archive cannot be made yet.
var errLater = errors.New("this archive is made later")

// Run makes what is wanted until ctx ends; then it returns nil.
func (a *Archivist) Run(ctx context.Context) error {
	var swept time.Time
	for ctx.Err() == nil {
		if err := a.MakeWanted(ctx); err != nil && ctx.Err() == nil {
			a.Logger.WarnContext(ctx, "an archive is left for later", "error", err)
		}
		if now := a.Now(); now.Sub(swept) >= sweepEvery {
			if err := a.Sweep(ctx); err != nil && ctx.Err() == nil {
				a.Logger.WarnContext(ctx, "old archives are left for later", "error", err)
			}
			swept = now
		}
		select {
		case <-ctx.Done():
		case <-time.After(a.Look):
		}
	}
	return nil
}

// MakeWanted makes the archives that are wanted and that nobody is at. What
// fails does not keep the others from being made.
func (a *Archivist) MakeWanted(ctx context.Context) error {
	wanted, err := a.Work.WantedExports(ctx, a.Now(), most)
	if err != nil {
		return err
	}
	var failed error
	for _, one := range wanted {
		if ctx.Err() != nil {
			return errors.Join(failed, ctx.Err())
		}
		if err := a.leased(ctx, one.ID, func(ctx context.Context) error { return a.make(ctx, one) }); err != nil && !errors.Is(err, errLater) {
			failed = errors.Join(failed, fmt.Errorf("make the archive %s: %w", one.ID, err))
		}
	}
	return failed
}

// make stores an archive and offers it. It begins when the request is sealed,
// so that the history in it goes at least that far.
func (a *Archivist) make(ctx context.Context, wanted work.WantedExport) error {
	_, err := seal.NewLog(a.Pool).Covering(ctx, wanted.Position)
	if errors.Is(err, seal.ErrUnsealed) {
		return errLater
	}
	if err != nil {
		return err
	}
	if err := a.await(ctx, projections.Posts, wanted.Position); err != nil {
		return err
	}
	stored, err := a.Shelf.Put(ctx, wanted.Workspace, func(to io.Writer) error {
		return a.write(ctx, to, wanted)
	})
	if err != nil {
		return err
	}
	happened, err := a.desk.Issue(ctx, wanted.Workspace, &closing.FinishExport{
		Export: wanted.ID, Object: stored.Object, Bytes: stored.Bytes, SHA256: stored.SHA256,
	})
	if err == nil && len(happened) == 0 { // somebody else's is offered, or nobody wants one any more
		return a.Shelf.Delete(ctx, wanted.Workspace, stored.Object)
	}
	if err == nil {
		a.Meter.Swept("archived", 1)
	}
	return err
}

func (a *Archivist) await(ctx context.Context, view projections.View, position int64) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := a.Store.WaitForCheckpoint(ctx, view.Group(), position)
	return err
}

// Sweep removes archives that have expired, and what was stored by somebody who
// died before it was offered. It compares with a view that knows the whole log:
// one that is behind would call kept archives unknown.
func (a *Archivist) Sweep(ctx context.Context) error {
	head, err := a.Store.Head(ctx)
	if err != nil {
		return err
	}
	if err := a.await(ctx, projections.Exports, head); err != nil {
		return err
	}
	now := a.Now()
	swept, err := a.Shelf.Sweep(ctx, time.Now().Add(-orphaned), func(ctx context.Context, objects []string) (map[string]bool, error) {
		found, err := a.Work.KeptExports(ctx, objects, now)
		kept := make(map[string]bool, len(found))
		for _, one := range found {
			kept[one.Object] = true
		}
		return kept, err
	})
	a.Meter.Swept("archives", swept)
	return err
}
