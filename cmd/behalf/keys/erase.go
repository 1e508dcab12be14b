package keys

import (
	"context"
	"errors"
	"fmt"
	"time"

	"behalf/api/people"
	"behalf/api/problem"
	"behalf/cmd/behalf/process"
	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/eventstore"
	"behalf/internal/config"
	"behalf/internal/personkeys"
	"behalf/projections/reading"
)

// Erase is "behalf erase": what an operator does for a person who
// cannot sign in, or was only ever invited.
type Erase struct {
	Person domain.UserID `arg:"" placeholder:"usr_…" help:"The person's id."`
	Yes    bool          `help:"Do it. Nothing brings an erased person back."`
}

// eraseTime is how long erasing one person may take, waiting for the views included.
const eraseTime = 30 * time.Second

// Run erases the person, or completes an erasure that was broken off.
func (c Erase) Run(ctx context.Context, settings *config.Config, env process.Environment) error {
	p, err := process.OpenRunning(settings, env, config.DatabaseURL, config.MasterKey)
	if err != nil {
		return err
	}
	defer p.Close()
	ctx, cancel := context.WithTimeout(ctx, eraseTime)
	defer cancel()
	keys, err := p.Persons(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	known, err := keys.Knows(ctx, c.Person)
	if err != nil {
		return err
	}
	if !known {
		return fmt.Errorf("there is no person %s", c.Person)
	}
	if !c.Yes {
		return fmt.Errorf("erasing %s makes their address, name and client addresses unreadable for good: say --yes to do it", c.Person)
	}
	return c.erase(ctx, p, env)
}

func (c Erase) erase(ctx context.Context, p *process.Parts, env process.Environment) error {
	pool, err := p.Pool(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	store, err := p.Store(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	keys, err := p.Persons(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	eraser := people.Eraser{
		Store: store, Views: reading.New(pool, store), Command: catalog.Commands()["EraseUser"], Erase: p.Erase(keys),
	}
	by := domain.Actor{Part: "operator", Now: time.Now().UTC(), Fresh: eventstore.Fresh}
	var behind *problem.BehindError
	switch err := eraser.EraseUser(ctx, c.Person, by); {
	case errors.As(err, &behind):
		return fmt.Errorf("whether %s owns a workspace is not known yet: %w (does \"behalf project\" run?)", c.Person, err)
	case err != nil:
		return err
	}
	_, _ = fmt.Fprintf(env.Out, "%s is erased. Other processes forget the key within %s; backups of the keys decide when it is gone for good.\n",
		c.Person, personkeys.CacheLife)
	return nil
}
