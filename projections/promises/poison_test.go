package promises

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/projections"
	"behalf/projections/engine"
	"behalf/projections/parking"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
)

// mystery is an event that today's processes do not know.
type mystery struct{}

func (mystery) EventType() string { return "workspace.mystery.v1" }

// newer is what a process of the next version knows.
func newer() []domain.Aggregate {
	aggregates := catalog.Aggregates()
	for i := range aggregates {
		if aggregates[i].Category == domain.WorkspaceStreams {
			aggregates[i].Events = append(aggregates[i].Events, domain.TypeOf[mystery]())
		}
	}
	return aggregates
}

// heard collects what is logged.
type heard struct {
	slog.Handler
	records chan slog.Record
}

func listen() heard { return heard{slog.DiscardHandler, make(chan slog.Record, 1000)} }

func (h heard) Enabled(context.Context, slog.Level) bool { return true }

func (h heard) WithAttrs([]slog.Attr) slog.Handler { return h }

func (h heard) Handle(_ context.Context, record slog.Record) error {
	select {
	case h.records <- record:
	default: // nobody reads along any more
	}
	return nil
}

func attributes(record slog.Record) map[string]any {
	found := map[string]any{}
	record.Attrs(func(attribute slog.Attr) bool {
		found[attribute.Key] = attribute.Value.Any()
		return true
	})
	return found
}

func TestAnUnknownEventIsParkedWithWhatFollowsOnItsStream(t *testing.T) {
	t.Parallel()
	db := open(t)
	acme, before := db.founds("Acme")
	next := db.process(newer()...)
	unknown := db.happensIn(next, acme.id, domain.On(workspace.Stream(acme.id), mystery{})...)
	member := domain.UserID(eventstore.Fresh())
	behind := db.happens(acme.id, domain.On(workspace.Stream(acme.id), joined(member))...)
	_, after := db.founds("Rival")

	log, metrics := listen(), prometheus.NewRegistry()
	stop := db.engine(db.process(catalog.Aggregates()...), engine.Options{
		Views: []projections.View{projections.Members}, Logger: slog.New(log), Metrics: metrics,
	})
	said := attributes(<-log.records)
	require.Equal(t, "workspace.mystery.v1", said["type"])
	require.Equal(t, unknown, said["position"])
	require.Equal(t, parking.Unknown, said["class"])
	require.ErrorIs(t, said["error"].(error), codec.ErrUnknownType)
	require.Positive(t, failures(t, metrics, "members", "workspace.mystery.v1"))

	db.reach(projections.Members, after)
	require.Equal(t, []parking.Parked{
		{Position: unknown, Stream: workspace.Stream(acme.id).String(), Type: "workspace.mystery.v1", Class: parking.Unknown, Attempts: 1},
		{Position: behind, Stream: workspace.Stream(acme.id).String(), Type: "workspace.invitation_accepted.v1", Class: parking.Behind, Attempts: 1},
	}, db.parked(projections.Members))
	inside := eventstore.Scope{Workspace: acme.id, User: acme.owner}
	answer, err := db.reader.Workspaces(t.Context(), inside, behind)
	require.NoError(t, err)
	require.True(t, answer.Reached && answer.Parked, "the write that is asked for was put aside")
	answer, err = db.reader.Workspaces(t.Context(), inside, before)
	require.NoError(t, err)
	require.True(t, answer.Reached && !answer.Parked)

	stop() // a process that knows the type comes up
	db.engine(next, engine.Options{Views: []projections.View{projections.Members}})
	require.Eventually(t, func() bool { return len(db.parked(projections.Members)) == 0 }, patience, 10*time.Millisecond)
	require.True(t, db.isMember(acme, member))
}

// joined is a member's acceptance of an invitation that nobody looks at.
func joined(member domain.UserID) workspace.InvitationAccepted {
	return workspace.InvitationAccepted{Member: member, Role: workspace.Client}
}

func (db *database) isMember(c company, member domain.UserID) (found bool) {
	db.t.Helper()
	err := db.super.QueryRow(db.t.Context(), `
		select exists (
			select from views.members
			where workspace_id = $1 and user_id = $2)`, [16]byte(c.id), [16]byte(member)).Scan(&found)
	require.NoError(db.t, err)
	return found
}

// parked lists what a view has parked, without the moments.
func (db *database) parked(v projections.View) []parking.Parked {
	db.t.Helper()
	all, err := parking.Group{Name: v.Group(), View: v.Name}.List(db.t.Context(), db.super)
	require.NoError(db.t, err)
	for i := range all {
		all[i].ParkedAt = time.Time{}
	}
	return all
}

func failures(t *testing.T, metrics *prometheus.Registry, view, event string) float64 {
	t.Helper()
	families, err := metrics.Gather()
	require.NoError(t, err)
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			labels := map[string]string{}
			for _, label := range metric.GetLabel() {
				labels[label.GetName()] = label.GetValue()
			}
			if family.GetName() == "behalf_view_failures_total" && labels["view"] == view && labels["type"] == event {
				return metric.GetCounter().GetValue()
			}
		}
	}
	return 0
}

// unreliable is a store whose first subscription fails and whose second one
// ends before anything came.
type unreliable struct {
	*eventstore.Store
	mutex sync.Mutex
	tries int
}

func (u *unreliable) Subscriber(group string, options ...eventstore.SubscriberOption) (message.Subscriber, error) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	switch u.tries++; u.tries {
	case 1:
		return nil, errors.New("no connection")
	case 2:
		subscriber, err := u.Store.Subscriber(group, options...)
		if err == nil {
			err = subscriber.Close()
		}
		return subscriber, err
	case 3:
		return broken{}, nil
	}
	return u.Store.Subscriber(group, options...)
}

// broken ends every subscription at once.
type broken struct{}

func (broken) Subscribe(context.Context, string) (<-chan *message.Message, error) {
	none := make(chan *message.Message)
	close(none)
	return none, nil
}

func (broken) Close() error { return nil }

func TestALostSubscriptionIsMadeAgain(t *testing.T) {
	t.Parallel()
	db := open(t)
	_, position := db.founds("Acme")
	store := &unreliable{Store: db.store}
	views, err := engine.New(db.under(eventstore.RoleEngine), store, engine.Options{Views: []projections.View{projections.Posts}})
	require.NoError(t, err)
	db.run(views.Run)
	db.reach(projections.Posts, position)
	store.mutex.Lock()
	defer store.mutex.Unlock()
	require.GreaterOrEqual(t, store.tries, 4)
}

func TestMetricsAreRegisteredOnce(t *testing.T) {
	t.Parallel()
	metrics := prometheus.NewRegistry()
	_, err := engine.New(nil, nil, engine.Options{Metrics: metrics})
	require.NoError(t, err)
	_, err = engine.New(nil, nil, engine.Options{Metrics: metrics})
	require.ErrorAs(t, err, new(prometheus.AlreadyRegisteredError))
}
