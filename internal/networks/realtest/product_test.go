//go:build networks

package realtest_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/api/client"
	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/sitetest"
	"behalf/cmd/behalf/story"
	"behalf/domain"
	"behalf/domain/account"
	"behalf/eventstore"
	"behalf/internal/networks"
)

func TestMain(m *testing.M) { sitetest.Main(m) }

// place is an account on a real network, with what people do there past Behalf.
type place struct {
	network   string
	connector networks.Connector
	host      string // named when connecting
	remote    string

	// signIn is somebody at the network. It answers where the browser is sent, or
	// what is typed into the form; without rights means: as who may not post there.
	signIn func(t *testing.T, who, start string, rights bool) (back *url.URL, form map[string]string)
	end    func(t *testing.T) // what Carl allowed ends at the network
	ages   bool               // an end is noticed when a token is renewed, which takes hours: the product takes it for older
	// refused are the answers to Carl without rights, of the callback or of ConnectAccount.
	refused []string
	// identity is another author for the Owner's posts; empty where there is none.
	identity string
	shown    func(t *testing.T) map[string]string // by text: as whom posts appear, where the network says so
	as       map[string]string                    // whom it shows: "olivia", "carl", "another"
}

// team is a whole Behalf in which Olivia has the place, and Carl is a Client.
type team struct {
	t       *testing.T
	ctx     context.Context
	place   place
	store   *eventstore.Store
	pool    *pgxpool.Pool
	olivia  *story.Visitor
	carl    *story.Visitor
	ids     map[*story.Visitor]string
	within  string // the workspace
	account string
}

// tells plays the story of two people through the product: its API, its vault, its
// workers, on a real network.
func tells(t *testing.T, at place) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	printed := &sitetest.Buffer{}
	w := sitetest.OpenWorld(ctx, t, sitetest.Variables(t), printed, dev.Options{Besides: networks.Registry{at.network: at.connector}})
	require.NoError(t, w.Play(ctx), "%s", printed)
	store, err := w.Store(ctx, eventstore.RoleEngine)
	require.NoError(t, err)
	pool, err := w.Pool(ctx, eventstore.RoleEngine)
	require.NoError(t, err)
	team := team{
		t: t, ctx: ctx, place: at, store: store, pool: pool, within: w.Secrets.Outcome.Workspace, ids: map[*story.Visitor]string{},
	}
	enter := func(who story.Person) *story.Visitor {
		v := story.NewVisitor(w.Addresses.API, nil)
		_, err := v.SignIn(ctx, client.SignIn{Email: who.Email, Password: who.Password})
		require.NoError(t, err)
		me, err := v.Me(ctx)
		require.NoError(t, err)
		team.ids[v] = me.User
		return v
	}
	team.olivia, team.carl = enter(w.Stage().Olivia), enter(w.Stage().Carl)
	team.play()
}

func (p team) play() {
	t, carls := p.t, p.ids[p.carl]
	done, err := p.connect(p.olivia, "olivia", true)
	require.NoError(t, err)
	var added struct{ Account string }
	require.NoError(t, done.Event("workspace.account_added.v1", &added))
	p.account = added.Account

	// Mode owner: Carl's post goes out through Olivia's connection (R34).
	p.must(p.olivia, "AssignAccount", map[string]any{"member": carls, "assignment": map[string]string{"account": p.account, "credential_mode": "owner"}})
	p.published(p.carl, "In mode owner", "", "owner", p.olivia)
	require.Equal(t, p.place.as["olivia"], p.place.shown(t)["In mode owner"])

	// Mode member: nothing goes out before Carl has a connection of his own (R44),
	// which he does not get without rights at the network (R37).
	p.must(p.olivia, "ChangeCredentialMode", map[string]any{"member": carls, "account": p.account, "mode": "member"})
	waits := p.write(p.carl, "In mode member", "")
	p.await(waits, "needs_reauthentication", "member", p.carl)
	require.NotContains(t, p.place.shown(t), "In mode member")
	_, err = p.connect(p.carl, "carl", false)
	var refused *story.Problem
	require.ErrorAs(t, err, &refused)
	require.Contains(t, p.place.refused, refused.Code)
	_, err = p.connect(p.carl, "carl", true)
	require.NoError(t, err)
	p.free()
	p.must(p.carl, "PublishTargetNow", map[string]any{"post": waits, "account": p.account})
	p.await(waits, "published", "member", p.carl)
	require.Equal(t, p.place.as["carl"], p.place.shown(t)["In mode member"])

	// Reauthentication: it ends at the network; Carl alone is asked, and mends it (R38).
	p.place.end(t)
	if p.place.ages {
		_, err = p.pool.Exec(p.ctx, "update vault.connections set expires_at = now() where network = $1", p.place.network)
		require.NoError(t, err)
	}
	waits = p.write(p.carl, "Once more", "")
	p.await(waits, "needs_reauthentication", "member", p.carl)
	p.published(p.olivia, "Olivia's goes out", "", "owner", p.olivia)
	_, err = p.connect(p.carl, "carl", true)
	require.NoError(t, err)
	p.free()
	p.must(p.carl, "PublishTargetNow", map[string]any{"post": waits, "account": p.account})
	p.await(waits, "published", "member", p.carl)
	require.Contains(t, p.place.shown(t), "Once more")

	if p.place.identity == "" {
		return
	}
	// As another author: who may, at the network, and by the rules (R36, R39).
	p.published(p.olivia, "As another author", p.place.identity, "owner", p.olivia)
	require.Equal(t, p.place.as["another"], p.place.shown(t)["As another author"])
	forged := p.write(p.carl, "Forged", p.place.identity)
	p.await(forged, "failed", "member", p.carl)
	require.NotContains(t, p.place.shown(t), "Forged")
}

func (p team) must(by *story.Visitor, command string, body map[string]any) story.Answer {
	p.t.Helper()
	done, err := by.Command(p.ctx, p.within, command, "", body)
	require.NoError(p.t, err, command)
	return done
}

// connect is the whole way: begin, the network's own sign-in, back, choose.
func (p team) connect(by *story.Visitor, who string, rights bool) (done story.Answer, err error) {
	p.t.Helper()
	var begun struct {
		URL   string `json:"authorize_url"`
		State string `json:"state"`
	}
	require.NoError(p.t, by.Post(p.ctx, "/v1/workspaces/"+p.within+"/authorizations", map[string]string{"network": p.place.network, "host": p.place.host}, &begun))
	back, form := p.place.signIn(p.t, who, begun.URL, rights)
	var finished struct{ Authorization string }
	if form != nil {
		err = by.Post(p.ctx, "/v1/authorizations/form", map[string]any{"state": begun.State, "fields": form}, &finished)
	} else {
		err = by.Get(p.ctx, back.RequestURI(), &finished)
	}
	if err != nil {
		return done, err
	}
	body := map[string]string{"authorization": finished.Authorization, "remote": p.place.remote}
	if p.account != "" {
		body["account"] = p.account
	}
	return by.Command(p.ctx, p.within, "ConnectAccount", "", body)
}

func (p team) write(by *story.Visitor, text, identity string) (post string) {
	p.t.Helper()
	to := map[string]string{"account": p.account}
	if identity != "" {
		to["identity"] = identity
	}
	p.free()
	done := p.must(by, "PublishPost", map[string]any{"text": text, "targets": []map[string]string{to}})
	post, err := done.PostID()
	require.NoError(p.t, err)
	return post
}

// free forgets the minutes between two posts (R57), which a test has no time for.
func (p team) free() {
	p.t.Helper()
	var in domain.WorkspaceID
	var to domain.AccountID
	require.NoError(p.t, in.UnmarshalText([]byte(p.within)))
	require.NoError(p.t, to.UnmarshalText([]byte(p.account)))
	stream := account.Stream(to)
	loaded, err := p.store.Load(p.ctx, eventstore.Scope{Workspace: in}, stream)
	require.NoError(p.t, err)
	var released []domain.Event
	for post := range domain.Fact[*account.Account](loaded.Facts, stream).Slots {
		released = append(released, account.SlotReleased{Post: post})
	}
	outcomes, err := p.store.Append(p.ctx, eventstore.Request{
		Workspace: in, Expected: map[domain.Stream]int{stream: loaded.Versions[stream]}, Changes: domain.On(stream, released...),
		Metadata: eventstore.Metadata{Part: "test", Command: "ReleaseSlots", CommandID: eventstore.Fresh()},
	})
	require.NoError(p.t, err)
	require.NoError(p.t, outcomes[0].Err)
}

func (p team) published(by *story.Visitor, text, identity, mode string, holder *story.Visitor) {
	p.t.Helper()
	p.await(p.write(by, text, identity), "published", mode, holder)
}

// await waits for a state of the post's target, and checks whose connection the
// product says it is (R43).
func (p team) await(post, state, mode string, holder *story.Visitor) {
	p.t.Helper()
	var seen struct {
		Targets []struct{ State, Mode, Holder, Code, Detail string }
	}
	require.Eventually(p.t, func() bool {
		err := p.olivia.Get(p.ctx, "/v1/workspaces/"+p.within+"/posts/"+post, &seen)
		var unknown *story.Problem
		if errors.As(err, &unknown) && unknown.Status == http.StatusNotFound {
			return false // the view comes to it
		}
		require.NoError(p.t, err)
		return len(seen.Targets) == 1 && seen.Targets[0].State == state
	}, time.Minute, 100*time.Millisecond, "%s: %+v", state, &seen)
	require.Equal(p.t, []string{mode, p.ids[holder]}, []string{seen.Targets[0].Mode, seen.Targets[0].Holder}, "%+v", seen)
}
