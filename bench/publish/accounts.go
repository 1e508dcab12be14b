package publish

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"behalf/bench/team"
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/catalog"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/vault"
)

// perWorkspace is how many accounts a workspace has.
const perWorkspace = 100

// outlet is an account that is published to.
type outlet struct {
	team *team.Team
	id   domain.AccountID
	page string
}

// found makes so many accounts, each connected, a hundred to a workspace. All
// of them share one authorization with the network, each in a row of its own.
func (p *plant) found(ctx context.Context, number int) ([]outlet, error) {
	credential, err := p.network.authorized(ctx)
	if err != nil {
		return nil, err
	}
	sealed, err := credential.Seal()
	if err != nil {
		return nil, err
	}
	outlets := make([]outlet, number)
	err = together(number/perWorkspace, func(i int) error {
		return p.foundTeam(ctx, i, outlets[i*perWorkspace:(i+1)*perWorkspace], credential, sealed)
	})
	return outlets, err
}

func (p *plant) foundTeam(ctx context.Context, number int, outlets []outlet, credential networks.Credential, sealed []byte) error {
	t := &team.Team{Workspace: eventstore.Fresh(), Owner: eventstore.Fresh()}
	created := []domain.Event{workspace.Created{Name: fmt.Sprint("Team ", number), Owner: t.Owner}}
	for i := range outlets {
		id := domain.AccountID(eventstore.Fresh())
		page, err := p.network.page(id)
		if err != nil {
			return err
		}
		outlets[i] = outlet{team: t, id: id, page: page}
		created = append(created, workspace.AccountAdded{Account: id, Network: sandbox.Name, Remote: page, Name: page, AddedBy: t.Owner})
	}
	if _, err := t.Write(ctx, p.store, workspace.Stream(t.Workspace), 0, created...); err != nil {
		return err
	}
	for _, one := range outlets {
		held := vault.Connection{
			ID: eventstore.Fresh(), Workspace: t.Workspace, Account: one.id, Holder: t.Owner, Kind: string(credential.Kind()),
			Network: sandbox.Name, ExpiresAt: credential.ExpiresAt(), Refreshable: credential.Refreshable(),
		}
		if err := p.vault.Store(ctx, held, vault.NewSecret(slices.Clone(sealed))); err != nil {
			return err
		}
		_, err := t.Write(ctx, p.store, account.Stream(one.id), 0, account.Connected{
			Workspace: t.Workspace, Network: sandbox.Name, Remote: one.page, Connection: held.ID, Holder: t.Owner,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// schedule has a post published on each of the accounts at its moment; the zero
// moment is now.
func (p *plant) schedule(ctx context.Context, outlets []outlet, due func(i int) time.Time) error {
	return together(len(outlets), func(i int) error { return p.publish(ctx, outlets[i], due(i)) })
}

func (p *plant) publish(ctx context.Context, on outlet, due time.Time) error {
	content := post.Content{Text: "Hello from " + on.page, Targets: []post.Destination{{Account: on.id}}}
	name, cmd := "PublishPost", any(&planning.PublishPost{Content: content})
	if !due.IsZero() {
		name, cmd = "SchedulePost", &planning.SchedulePost{Content: content, At: due}
	}
	_, err := p.store.Execute(ctx, eventstore.Call{
		Type: catalog.Commands()[name], Command: cmd, Workspace: on.team.Workspace,
		By: domain.Actor{User: on.team.Owner, Now: time.Now().UTC(), Fresh: eventstore.Fresh},
	})
	return err
}

// atOnce is how many are at work together.
const atOnce = 32

// together calls do for every number, many at once, and answers the first error.
func together(numbers int, do func(i int) error) error {
	var work sync.WaitGroup
	var once sync.Once
	var failed error
	next := make(chan int)
	for range atOnce {
		work.Go(func() {
			for i := range next {
				if err := do(i); err != nil {
					once.Do(func() { failed = err })
				}
			}
		})
	}
	for i := range numbers {
		next <- i
	}
	close(next)
	work.Wait()
	return failed
}
