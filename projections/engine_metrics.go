package projections

import "github.com/prometheus/client_golang/prometheus"

// engineMetrics are what operators watch of the views.
type engineMetrics struct {
	events   *prometheus.CounterVec
	failures *prometheus.CounterVec
	restarts *prometheus.CounterVec
	position *prometheus.GaugeVec
}

func newEngineMetrics(registerer prometheus.Registerer) (*engineMetrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	m := &engineMetrics{
		events:   counter("behalf_view_events_total", "Events that a view has handled.", "view"),
		failures: counter("behalf_view_failures_total", "Tries to handle an event that failed.", "view", "type"),
		restarts: counter("behalf_view_restarts_total", "Subscriptions of a view that ended before their time.", "view"),
		position: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "behalf_view_position", Help: "Position of the event that a view handled last in this process.",
		}, []string{"view"}),
	}
	if registerer == nil {
		return m, nil
	}
	for _, collector := range []prometheus.Collector{m.events, m.failures, m.restarts, m.position} {
		if err := registerer.Register(collector); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *engineMetrics) handled(view View, position int64) {
	m.events.WithLabelValues(view.Name).Inc()
	m.position.WithLabelValues(view.Name).Set(float64(position))
}

func (m *engineMetrics) failed(view View, event string) {
	m.failures.WithLabelValues(view.Name, event).Inc()
}
