package sight_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/post/sending"
	"behalf/domain/post/writing"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/domain/workspace/pausing"
	"behalf/eventstore"
	"behalf/internal/networks"
	"behalf/internal/networks/facebook/groups"
	"behalf/internal/networks/sandbox"
	"behalf/internal/networks/sandbox/network/networktest"
	"behalf/internal/networks/wire"
	"behalf/internal/testkit"
	"behalf/workers/publish/lanes"
	"behalf/workers/publish/sight"
	"behalf/workers/workerstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func reader(w *workerstest.World) *sight.Reader {
	return &sight.Reader{Store: w.Store, Networks: w.Networks, Persons: w.Persons}
}

func load(w *workerstest.World, r *sight.Reader, id domain.PostID) sight.Loaded {
	w.Helper()
	loaded, err := r.Load(w.Ctx, sight.Ref{Workspace: w.Workspace, Post: id, Account: w.Account})
	require.NoError(w, err)
	return loaded
}

// claim claims a post that is due.
func claim(w *workerstest.World, id domain.PostID) post.TargetClaimed {
	w.Helper()
	claimed, is := w.AsSystem(&sending.ClaimTarget{Post: id, Account: w.Account, Life: time.Minute})[0].Event.(post.TargetClaimed)
	require.True(w, is)
	return claimed
}

// A claim is seen as its connector takes it: what the post says on this account,
// under the claim's key, and how the account is spoken for.
func TestSee(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	r := reader(w)
	id := w.Due(w.Carl, post.Content{
		Text: "everywhere", Targets: []post.Destination{{Account: w.Account, Text: "here", Link: "https://example.com/"}},
	}, time.Now())
	claimed := claim(w, id)
	loaded := load(w, r, id)
	require.True(t, loaded.Stands(loaded.Target().Attempt, claimed))
	seen, err := r.See(w.Ctx, loaded, claimed)
	require.NoError(t, err)
	sec, nsec := uuid.UUID(id).Time().UnixTime()
	require.Equal(t, networks.Attempt{
		Key: sending.Key(id, w.Account, 1), Content: networks.Content{Text: "here", Link: "https://example.com/"},
		Written: time.Unix(sec, nsec).UTC(), Due: loaded.Due(), Begun: claimed.Since(), Prepared: networks.Prepared("made"),
	}, seen.Attempt(networks.Prepared("made")))
	require.Equal(t, networks.Session{Account: networktest.Page}, seen.Session(networks.Credential{}))
	require.Equal(t, w.ConnectionOf(w.Olivia), seen.Connection)
	require.Equal(t, w.Networks[sandbox.Name], seen.Connector)

	old := domain.PostID(uuid.MustParse("aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa")) // its digits tell no time
	w.As(w.Carl, &writing.CreateDraft{Post: old, Content: post.Content{Text: "old", Targets: []post.Destination{{Account: w.Account}}}})
	seen, err = r.See(w.Ctx, load(w, r, old), claimed)
	require.NoError(t, err)
	require.Equal(t, time.Unix(0, 0).UTC(), seen.Written)
}

// closed is what opens nobody's texts.
type closed struct{ err error }

func (c closed) Open(context.Context, ...*personal.Text) error { return c.err }

// Whatever keeps a claim from being seen, nothing was sent, and it is said whether
// that passes: what the post says is gone for good, or cannot be read now.
func TestSeeInVain(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	plain := w.Publish(w.Carl, "plain")
	pictured := w.Due(w.Carl, w.Pictured("pictured"), time.Now())
	for name, test := range map[string]struct {
		id     domain.PostID
		change func(*sight.Reader)
		kind   networks.FailureKind
		code   string
	}{
		"the author is erased":           {plain, func(r *sight.Reader) { r.Persons = closed{} }, networks.Rejected, "content_unreadable"},
		"the keys are away":              {plain, func(r *sight.Reader) { r.Persons = closed{errors.New("away")} }, networks.NotSent, "content"},
		"a medium is gone":               {pictured, func(*sight.Reader) {}, networks.Rejected, "medium_gone"},
		"nobody speaks to that network":  {plain, func(r *sight.Reader) { r.Networks = networks.Registry{} }, networks.Misconfigured, "no_connector"},
		"nobody speaks, and it is gone ": {pictured, func(r *sight.Reader) { r.Networks = networks.Registry{} }, networks.Misconfigured, "no_connector"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := reader(w)
			loaded := load(w, r, test.id)
			test.change(r)
			_, err := r.See(w.Ctx, loaded, post.TargetClaimed{Account: w.Account, Revision: 1})
			failure := networks.FailureOf(err)
			require.NotNil(t, failure)
			require.Equal(t, test.kind, failure.Kind)
			require.Equal(t, test.code, failure.Code)
		})
	}
}

// To ask the network takes no more than it is asked by.
func TestAsk(t *testing.T) {
	t.Parallel()
	for class, byWords := range map[sandbox.Class]bool{
		sandbox.ClientKey:   false,
		sandbox.TwoPhase:    false,
		sandbox.Silent:      false,
		sandbox.Listed:      true,
		sandbox.ExpiringKey: true,
	} {
		t.Run(sandbox.NameOf(class), func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			w.OfClass(class, wire.Options{})
			id := w.Publish(w.Carl, "what it says")
			r := reader(w)
			seen, err := r.Ask(w.Ctx, load(w, r, id), claim(w, id))
			require.NoError(t, err)
			require.Equal(t, byWords, seen.AskedByWords())
			require.Equal(t, byWords, seen.Content.Text == "what it says")

			r.Persons = closed{}
			_, err = r.Ask(w.Ctx, seen.Loaded, seen.Claimed)
			require.Equal(t, byWords, networks.KindOf(err) == networks.Rejected)
			require.Equal(t, byWords, errors.Is(err, sight.ErrWordless))
			require.Equal(t, byWords, err != nil)

			r.Persons = closed{errors.New("away")}
			_, err = r.Ask(w.Ctx, seen.Loaded, seen.Claimed)
			require.NotErrorIs(t, err, sight.ErrWordless, "it can be read later")
			require.Equal(t, byWords, err != nil)
		})
	}
}

// An attempt stands as long as it would be claimed in the same way (R42).
func TestStands(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(w *workerstest.World, id domain.PostID){
		"another mode": func(w *workerstest.World, _ domain.PostID) {
			w.As(w.Olivia, &assignment.ChangeCredentialMode{Member: w.Carl, Account: w.Account, Mode: workspace.MemberMode})
		},
		"another connection": func(w *workerstest.World, _ domain.PostID) { w.Connect(w.Olivia) },
		"a pause":            func(w *workerstest.World, _ domain.PostID) { w.As(w.Olivia, &pausing.PausePublishing{}) },
		"its end": func(w *workerstest.World, id domain.PostID) {
			w.Append(post.Stream(id), post.TargetPublished{Account: w.Account, Attempt: w.Target(id).Attempt, Remote: "1"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := workerstest.New(t, workspace.OwnerMode)
			r := reader(w)
			id := w.Publish(w.Carl, "claimed")
			claimed := claim(w, id)
			attempt := w.Target(id).Attempt
			loaded := load(w, r, id)
			require.True(t, loaded.Stands(attempt, claimed))
			require.False(t, loaded.Stands(eventstore.Fresh(), claimed), "somebody else's")
			change(w, id)
			require.False(t, load(w, r, id).Stands(attempt, claimed))
			require.True(t, loaded.Stands(attempt, claimed), "what was read does not move")
		})
	}
}

// A place that was forgotten is looked up again, and is the same.
func TestPlace(t *testing.T) {
	t.Parallel()
	w := workerstest.New(t, workspace.OwnerMode)
	r := reader(w)
	require.Zero(t, r.Known(w.Account))
	for range 2 {
		place, err := r.Place(w.Ctx, w.Workspace, w.Account)
		require.NoError(t, err)
		require.Equal(t, lanes.Where{Network: sandbox.Name}, place)
		require.Equal(t, place, r.Known(w.Account))
		gone, cancel := context.WithCancel(w.Ctx)
		cancel()
		remembered, err := r.Place(gone, w.Workspace, w.Account)
		require.NoError(t, err, "it is looked up once")
		require.Equal(t, place, remembered)
		r.Forget()
		require.Zero(t, r.Known(w.Account))
		_, err = r.Place(gone, w.Workspace, w.Account)
		require.ErrorIs(t, err, context.Canceled)
	}
}

func TestByHand(t *testing.T) {
	t.Parallel()
	r := &sight.Reader{Networks: networks.Registry{groups.Name: groups.New()}}
	require.True(t, r.ByHand(groups.Name))
	require.False(t, r.ByHand("spoken to by nobody"))
}
