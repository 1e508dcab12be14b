package api

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"gocloud.dev/blob/memblob"

	"behalf/api"
	"behalf/api/client"
	"behalf/api/limit"
	"behalf/api/signin"
	"behalf/api/web"
	"behalf/bench/measure"
	"behalf/bench/team"
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/catalog"
	"behalf/domain/user"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/eventstore/signal"
	"behalf/internal/archives"
	"behalf/internal/masterkey"
	"behalf/internal/media"
	"behalf/internal/networks"
	"behalf/internal/personkeys"
	"behalf/internal/telemetry"
	"behalf/internal/vault"
	"behalf/projections"
	"behalf/projections/engine"
	"behalf/projections/reading"
)

// colleagues are how many members the workspace has besides its Owner.
const colleagues = 20

// site is a whole Behalf that serves its API on loopback, and a workspace in it.
type site struct {
	*client.Client // of the Owner, signed in
	admin          *pgxpool.Pool
	store          *eventstore.Store // as the API has it
	owner          domain.UserID
	workspace      domain.WorkspaceID
	account        domain.AccountID
	position       int64 // of all that was made ready
}

func openSite(ctx context.Context, bench *measure.Bench) (*site, error) {
	super, err := bench.Database(ctx)
	if err != nil {
		return nil, err
	}
	if err := projections.Install(ctx, super); err != nil {
		return nil, err
	}
	registry, err := codec.NewRegistry(catalog.Aggregates()...)
	if err != nil {
		return nil, err
	}
	signals := eventstore.Signals{
		Appended: signal.NewLocal(), HighWater: signal.NewLocal(), Checkpoint: signal.NewLocal(),
	}
	pools := map[string]*pgxpool.Pool{}
	stores := map[string]*eventstore.Store{}
	keys := map[string]*personkeys.Keys{}
	master := bytes.Repeat([]byte{7}, masterkey.Size)
	for _, role := range []string{eventstore.RoleEngine, eventstore.RoleAPI} {
		if pools[role], err = bench.Under(ctx, super, role); err != nil {
			return nil, err
		}
		if keys[role], err = personkeys.New(pools[role], master, personkeys.Options{}); err != nil {
			return nil, err
		}
		store := eventstore.New(pools[role], registry, eventstore.Options{Signals: signals, Persons: keys[role]})
		stores[role] = store
		bench.Cleanup(func() error { return store.Close(context.WithoutCancel(ctx)) })
	}
	views, err := engine.New(pools[eventstore.RoleEngine], stores[eventstore.RoleEngine], engine.Options{Views: projections.Views()})
	if err != nil {
		return nil, err
	}
	bench.Background(ctx, stores[eventstore.RoleEngine].Lead)
	bench.Background(ctx, views.Run)

	s := &site{admin: super, store: stores[eventstore.RoleAPI]}
	keeper, err := vault.New(ctx, pools[eventstore.RoleAPI], master)
	if err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	uploads, err := uploads(ctx, bench)
	if err != nil {
		return nil, err
	}
	bucket := memblob.OpenBucket(nil)
	bench.Cleanup(bucket.Close)
	indexKey := [32]byte{2}
	handler, err := api.New(api.Deps{
		Pool: pools[eventstore.RoleAPI], Store: s.store, Views: reading.New(pools[eventstore.RoleAPI], s.store), Vault: keeper,
		Media: media.New(media.Options{
			Pool: pools[eventstore.RoleAPI], Store: uploads, Limits: media.Standard(), Key: [32]byte{3},
			Public: "http://" + listener.Addr().String(), Now: time.Now, Logger: slog.New(slog.DiscardHandler),
		}),
		Archives: archives.New(bucket), Networks: networks.Registry{}, Persons: keys[eventstore.RoleAPI], Erase: func(context.Context) error { return nil },
		InvitationKey: [32]byte{1}, EmailIndexKey: indexKey, Policies: &limit.Policies{},
		PublicURL: "http://" + listener.Addr().String(), Now: time.Now, Logger: slog.New(slog.DiscardHandler), Metrics: telemetry.NewMetrics(),
	})
	if err != nil {
		return nil, err
	}
	web.CollectLess() // as behalf serve does; the reference profits too
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // ends with Close
	bench.Cleanup(server.Close)
	through := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	s.Client = client.New("http://"+listener.Addr().String(), through)
	return s, s.settle(ctx, signin.New(pools[eventstore.RoleAPI], indexKey, time.Now))
}

// uploads is an empty folder for media: no row uploads any.
func uploads(ctx context.Context, bench *measure.Bench) (*media.Store, error) {
	folder, err := os.MkdirTemp("", "behalf-bench-media-")
	if err != nil {
		return nil, err
	}
	bench.Cleanup(func() error { return os.RemoveAll(folder) })
	store, err := media.OpenStore(ctx, "file://"+folder)
	if err != nil {
		return nil, err
	}
	bench.Cleanup(store.Close)
	return store, nil
}

// settle makes the workspace with its people.
func (s *site) settle(ctx context.Context, desk *signin.Desk) error {
	var people []domain.UserID
	for i := range colleagues + 1 {
		email := user.Email(fmt.Sprintf("person-%d@example.com", i))
		person, err := desk.PersonOf(ctx, email)
		if err != nil {
			return err
		}
		people = append(people, person)
		_, err = s.store.Execute(ctx, eventstore.Call{
			Type: catalog.Commands()["Register"], Command: &user.Register{Email: email, Name: fmt.Sprint("Person ", i), Proof: user.ByProvider},
			By: domain.Actor{User: person, Now: time.Now().UTC(), Fresh: eventstore.Fresh},
		})
		if err != nil {
			return err
		}
	}
	s.owner, s.workspace, s.account = people[0], eventstore.Fresh(), eventstore.Fresh()
	session, err := desk.OpenSession(ctx, s.owner, signin.ByPassword)
	if err != nil {
		return err
	}
	s.Token = session.Token.Reveal()
	team := &team.Team{Workspace: s.workspace, Owner: s.owner, Account: s.account}
	events := []domain.Event{
		workspace.Created{Name: "Bench", Owner: s.owner},
		workspace.AccountAdded{Account: s.account, Network: "sandbox", Remote: "1", Name: "Page", AddedBy: s.owner},
	}
	for _, person := range people[1:] {
		events = append(events, workspace.InvitationAccepted{
			Invitation: eventstore.Fresh(), Member: person, Role: workspace.Client, Access: workspace.ClientAccess{ManagePosts: true},
			Assignments: []workspace.Assignment{{Account: s.account, CredentialMode: workspace.OwnerMode}},
		})
	}
	if _, err := team.Write(ctx, s.store, workspace.Stream(s.workspace), 0, events...); err != nil {
		return err
	}
	s.position, err = team.Write(ctx, s.store, account.Stream(s.account), 0, account.Connected{
		Workspace: s.workspace, Network: "sandbox", Remote: "1", Connection: eventstore.Fresh(), Holder: s.owner,
	})
	if err != nil {
		return err
	}
	members, err := s.Members(ctx, s.workspace.String(), client.MembersIn{Position: s.position})
	if err == nil && len(members.Members) != len(people) {
		err = fmt.Errorf("the workspace has %d members", len(members.Members))
	}
	return err
}
