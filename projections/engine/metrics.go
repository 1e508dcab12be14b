package engine

import (
	"behalf/projections/view"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are what operators watch of the views.
type metrics struct {
	events   *prometheus.CounterVec
	failures *prometheus.CounterVec
	restarts *prometheus.CounterVec
	position *prometheus.GaugeVec
	behind   *prometheus.GaugeVec
	parked   *prometheus.GaugeVec
	stopped  *prometheus.GaugeVec
	bulk     *prometheus.GaugeVec
}

func newMetrics(registerer prometheus.Registerer) (*metrics, error) {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	gauge := func(name, help string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, []string{"view"})
	}
	m := &metrics{
		events:   counter("behalf_view_events_total", "Events that a view has handled.", "view"),
		failures: counter("behalf_view_failures_total", "Tries to handle an event that failed.", "view", "type"),
		restarts: counter("behalf_view_restarts_total", "How often a view had to begin again.", "view"),
		position: gauge("behalf_view_position", "Position of the event that a view handled last in this process."),
		behind:   gauge("behalf_view_behind_events", "How many positions a view is behind the high-water mark."),
		parked:   gauge("behalf_view_parked_streams", "Streams whose events a view has parked."),
		stopped:  gauge("behalf_view_stopped", "1 while a view stands still because too much was parked."),
		bulk:     gauge("behalf_view_bulk", "1 while this process catches up in large steps."),
	}
	if registerer == nil {
		return m, nil
	}
	for _, collector := range []prometheus.Collector{
		m.events, m.failures, m.restarts, m.position, m.behind, m.parked, m.stopped, m.bulk,
	} {
		if err := registerer.Register(collector); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) handled(v view.View, position int64, events int) {
	m.events.WithLabelValues(v.Name).Add(float64(events))
	m.position.WithLabelValues(v.Name).Set(float64(position))
}

func (m *metrics) failed(v view.View, event string) {
	m.failures.WithLabelValues(v.Name, event).Inc()
}

func (m *metrics) seen(v view.View, seen situation) {
	m.behind.WithLabelValues(v.Name).Set(float64(max(seen.behind(), 0)))
	m.parked.WithLabelValues(v.Name).Set(float64(seen.Parked))
	stopped := 0.0
	if seen.Stopped {
		stopped = 1
	}
	m.stopped.WithLabelValues(v.Name).Set(stopped)
}
