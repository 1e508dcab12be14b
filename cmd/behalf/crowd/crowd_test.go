// Package crowd_test has many accounts publish at once while workers die and
// members change.
package crowd_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/sitetest"
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/catalog"
	"behalf/domain/post"
	"behalf/domain/post/planning"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network"
	"behalf/internal/networks/sandbox/network/browser"
	"behalf/internal/networks/sandbox/network/control"
	"behalf/internal/vault"
)

// crowd is many accounts in several workspaces, each with one post, on a
// network in memory that counts for itself.
type crowd struct {
	*sitetest.Site
	network *network.Network
	counts  *control.Client
	store   *eventstore.Store
	vault   *vault.Vault
	grants  map[string]networks.Credential // by person

	mutex   sync.Mutex
	targets []*outlet
}

// outlet is one account with its post.
type outlet struct {
	workspace domain.WorkspaceID
	owner     domain.UserID
	author    domain.UserID
	account   domain.AccountID
	page      string
	post      domain.PostID
	due       time.Time
	fate      fate
	connected bool      // the author has a connection of their own
	changed   time.Time // when its fate had met it
	resumed   time.Time // after a pause
}

// fate is what happens to a target in its last second.
type fate int

const (
	nothing     fate = iota
	removed          // its author, who publishes through a connection of their own
	modeChanged      // from the Owner's connection to the author's, who has one or not
	paused           // its account
	fates
)

const (
	crowdRedirect = "http://127.0.0.1/connect/callback"
	crowdPassword = "password-of-the-crowd"
)

// openCrowd makes so many outlets in so many workspaces. Every tenth has a fate,
// and an author of its own.
func openCrowd(ctx context.Context, t *testing.T, outlets, workspaces int) *crowd {
	t.Helper()
	c := &crowd{Site: sitetest.OpenWith(ctx, t, nil, dev.Options{WithoutWorkers: true}), grants: map[string]networks.Credential{}}
	var err error
	c.store, err = c.World.Store(ctx, eventstore.RoleAPI)
	require.NoError(t, err)
	c.vault, err = c.World.Vault(ctx, eventstore.RoleAPI)
	require.NoError(t, err)
	c.openNetwork(ctx, t)
	together(workspaces, func(i int) { c.settle(ctx, t, i, outlets/workspaces) })
	return c
}

// openNetwork opens a network of the crowd's own: the demo's writes a file at every change.
func (c *crowd) openNetwork(ctx context.Context, t *testing.T) {
	t.Helper()
	var handler http.Handler
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	const token = "control-token-of-the-crowd"
	var err error
	c.network, err = network.New(network.Config{
		URL: server.URL, ControlToken: token,
		AccessTokenLifetime: 24 * time.Hour, // all connections of a person share one authorization, which only one of them could refresh
	})
	require.NoError(t, err)
	handler = c.network.Handler()
	t.Cleanup(func() { c.network.Close(); server.Close() })
	require.NoError(t, c.network.Seed(network.Demo{OliviaPassword: crowdPassword, CarlPassword: crowdPassword, Client: network.Client{
		ID: dev.SandboxClient, Secret: c.Secrets.SandboxClientSecret, RedirectURIs: []string{crowdRedirect},
	}}))
	c.counts = &control.Client{URL: server.URL, Token: token}
	connector, err := sandbox.New(sandbox.Config{
		URL: server.URL, ClientID: dev.SandboxClient, ClientSecret: networks.NewSecret(c.Secrets.SandboxClientSecret),
	})
	require.NoError(t, err)
	t.Cleanup(connector.Close)
	for _, person := range []string{"olivia", "carl"} {
		start, err := connector.Authorize(ctx, networks.AuthRequest{RedirectURI: crowdRedirect})
		require.NoError(t, err)
		back, err := browser.Person{Name: person, Password: crowdPassword}.Allow(ctx, start.URL)
		require.NoError(t, err)
		c.grants[person], err = connector.Exchange(ctx, networks.Callback{Query: back.Query(), Pending: start.Pending})
		require.NoError(t, err)
	}
}

// worker starts one that publishes to the crowd's network.
func (c *crowd) worker(t *testing.T) *sitetest.Process {
	t.Helper()
	return c.Start(t, "work", "--claim=5s", "--sweep=1s", "--sandbox-url="+c.counts.URL)
}

// settle makes a workspace with its outlets.
func (c *crowd) settle(ctx context.Context, t *testing.T, number, outlets int) {
	t.Helper()
	owner := c.register(ctx, t, fmt.Sprintf("owner-%d", number))
	ws := domain.WorkspaceID(eventstore.Fresh())
	c.as(ctx, t, owner, ws, &workspace.CreateWorkspace{ID: ws, Name: fmt.Sprint("Crowd ", number)})
	for i := range outlets {
		one := &outlet{workspace: ws, owner: owner, author: owner, page: fmt.Sprintf("page-%d-%d", number, i)}
		require.NoError(t, c.network.AddPage(control.Page{Slug: one.page, Name: one.page, Admins: []string{"carl", "olivia"}}))
		one.account = c.connectAs(ctx, t, one, owner, "olivia")
		if i%10 == 9 {
			c.destine(ctx, t, one, fate(1+(i/10+number)%int(fates-1)), i%20 == 9)
		}
		c.mutex.Lock()
		c.targets = append(c.targets, one)
		c.mutex.Unlock()
	}
}

// destine gives an outlet its fate, and the author that this takes.
func (c *crowd) destine(ctx context.Context, t *testing.T, one *outlet, its fate, connected bool) {
	t.Helper()
	one.fate = its
	if its == paused {
		return
	}
	one.author = c.register(ctx, t, one.page)
	mode := workspace.OwnerMode
	if its == removed {
		mode, connected = workspace.MemberMode, true
	}
	happened := c.as(ctx, t, one.owner, one.workspace, &invitation.InviteClient{
		Email: user.Email(one.page + "@example.com"), Person: one.author, Access: workspace.ClientAccess{ManagePosts: true},
		Assignments: []workspace.Assignment{{Account: one.account, CredentialMode: mode}},
	})
	invited, is := happened[len(happened)-1].Event.(workspace.ClientInvited)
	require.True(t, is)
	c.as(ctx, t, one.author, one.workspace, &invitation.AcceptInvitation{
		Link: invitation.Link{Invitation: invited.Invitation, Generation: invited.Generation},
	})
	if !connected {
		return
	}
	if mode == workspace.OwnerMode { // only who is in mode member connects
		c.changeMode(ctx, t, one, workspace.MemberMode)
		defer c.changeMode(ctx, t, one, workspace.OwnerMode)
	}
	one.connected = true
	c.connectAs(ctx, t, one, one.author, "carl")
}

func (c *crowd) changeMode(ctx context.Context, t *testing.T, one *outlet, mode workspace.CredentialMode) {
	t.Helper()
	c.as(ctx, t, one.owner, one.workspace, &assignment.ChangeCredentialMode{Member: one.author, Account: one.account, Mode: mode})
}

func (c *crowd) register(ctx context.Context, t *testing.T, name string) domain.UserID {
	t.Helper()
	id := domain.UserID(eventstore.Fresh())
	c.as(ctx, t, id, domain.WorkspaceID{}, &user.Register{Email: user.Email(name + "@example.com"), Name: name})
	return id
}

// connectAs connects an outlet's page through what a person has authorized.
func (c *crowd) connectAs(ctx context.Context, t *testing.T, one *outlet, who domain.UserID, person string) domain.AccountID {
	t.Helper()
	id := one.account
	if id.IsZero() {
		id = eventstore.Fresh()
	}
	grant := c.grants[person]
	sealed, err := grant.Seal()
	require.NoError(t, err)
	held := vault.Connection{
		ID: eventstore.Fresh(), Workspace: one.workspace, Account: id, Holder: who, Kind: string(grant.Kind()), Network: sandbox.Name,
		ExpiresAt: grant.ExpiresAt(), Refreshable: grant.Refreshable(),
	}
	require.NoError(t, c.vault.Store(ctx, held, vault.NewSecret(slices.Clone(sealed))))
	c.as(ctx, t, who, one.workspace, &account.ConnectAccount{
		Authorization: "test", Remote: one.page, Account: id,
		Verified: account.Access{Network: sandbox.Name, Remote: one.page, Name: one.page, Connection: held.ID},
	})
	return id
}

// as has somebody issue a command.
func (c *crowd) as(ctx context.Context, t *testing.T, who domain.UserID, ws domain.WorkspaceID, cmd any) []eventstore.Recorded {
	t.Helper()
	result, err := c.store.Execute(ctx, eventstore.Call{
		Type: catalog.Commands()[reflect.TypeOf(cmd).Elem().Name()], Command: cmd, Workspace: ws,
		By: domain.Actor{User: who, Now: time.Now().UTC(), Fresh: eventstore.Fresh},
	})
	require.NoError(t, err)
	return result.Events
}

// schedule has every author write a post, due evenly between two moments.
func (c *crowd) schedule(ctx context.Context, t *testing.T, from, to time.Time) {
	t.Helper()
	rand.Shuffle(len(c.targets), func(i, k int) { c.targets[i], c.targets[k] = c.targets[k], c.targets[i] })
	together(len(c.targets), func(i int) {
		one := c.targets[i]
		one.post, one.due = eventstore.Fresh(), from.Add(to.Sub(from)*time.Duration(i)/time.Duration(len(c.targets)))
		c.as(ctx, t, one.author, one.workspace, &planning.SchedulePost{
			Post: one.post, At: one.due, Content: post.Content{Text: "from " + one.page, Targets: []post.Destination{{Account: one.account}}},
		})
	})
}

// together does something for every number, many at once.
func together(numbers int, do func(i int)) {
	var work sync.WaitGroup
	slots := make(chan struct{}, 16)
	for i := range numbers {
		slots <- struct{}{}
		work.Go(func() {
			defer func() { <-slots }() // a failed test ends here, too
			do(i)
		})
	}
	work.Wait()
}
