package promises

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"

	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/projections"

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

func TestAnUnknownEventIsNamedAndNotSkipped(t *testing.T) {
	t.Parallel()
	db := open(t)
	acme, before := db.founds("Acme")
	db.engine(db.store, projections.EngineOptions{})
	db.reach(projections.Members, before)
	db.reach(projections.Posts, before)

	next := db.process(newer()...)
	unknown := db.happensIn(next, acme.id, domain.On(workspace.Stream(acme.id), mystery{})...)
	after := db.posts(acme, 1)

	log, metrics := listen(), prometheus.NewRegistry()
	db.engine(db.process(catalog.Aggregates()...), projections.EngineOptions{
		Views: []projections.View{projections.Members}, Logger: slog.New(log), Metrics: metrics,
	})
	said := attributes(<-log.records)
	require.Equal(t, "view:members:1", said["view"])
	require.Equal(t, "workspace.mystery.v1", said["type"])
	require.Equal(t, unknown, said["position"])
	require.ErrorIs(t, said["error"].(error), eventstore.ErrUnknownType)
	require.Positive(t, failures(t, metrics, "members", "workspace.mystery.v1"))

	reached, err := db.store.Checkpoint(t.Context(), projections.Members.Group())
	require.NoError(t, err)
	require.Less(t, reached, unknown, "what cannot be read is not skipped")

	db.engine(next, projections.EngineOptions{}) // a process that knows the type comes up
	db.reach(projections.Members, after)
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
	engine, err := projections.NewEngine(store, projections.EngineOptions{Views: []projections.View{projections.Posts}})
	require.NoError(t, err)
	db.run(engine.Run)
	db.reach(projections.Posts, position)
	store.mutex.Lock()
	defer store.mutex.Unlock()
	require.GreaterOrEqual(t, store.tries, 4)
}

func TestMetricsAreRegisteredOnce(t *testing.T) {
	t.Parallel()
	metrics := prometheus.NewRegistry()
	_, err := projections.NewEngine(nil, projections.EngineOptions{Metrics: metrics})
	require.NoError(t, err)
	_, err = projections.NewEngine(nil, projections.EngineOptions{Metrics: metrics})
	require.ErrorAs(t, err, new(prometheus.AlreadyRegisteredError))
}
