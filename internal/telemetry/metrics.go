package telemetry

import (
	"errors"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// namespace begins the name of every metric of ours.
const namespace = "behalf"

// Seconds are histogram buckets for durations, from 1 ms to 1 minute.
var Seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// Metrics make and serve a process's metrics. Asking twice for the same metric
// answers the same one, so that parts that are started twice share it; asking
// for a name with another kind or other labels is a mistake and panics. Labels never hold
// ids of people, accounts or posts: their number is without bound.
type Metrics struct {
	registry *prometheus.Registry
	http     *prometheus.HistogramVec
	streams  *prometheus.HistogramVec
}

// NewMetrics starts with those of the Go runtime, the process and the build.
func NewMetrics() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewBuildInfoCollector(),
	)
	m.http = m.Histogram("http_request_duration_seconds", "Time to answer HTTP requests.", Seconds, "method", "route", "status")
	m.streams = m.Histogram("http_stream_duration_seconds", "How long streams of events lasted.", lasting, "route")
	return m
}

// lasting are histogram buckets for streams, from a second to their longest hour.
var lasting = []float64{1, 10, 60, 300, 900, 1800, 3600}

// Registry is for collectors of libraries.
func (m *Metrics) Registry() *prometheus.Registry { return m.registry }

// Handler serves the metrics to Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// Counter counts something; its name ends in "_total".
func (m *Metrics) Counter(name, help string, labels ...string) *prometheus.CounterVec {
	return register(m, prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels))
}

// Gauge is something that goes up and down; its name ends in its unit.
func (m *Metrics) Gauge(name, help string, labels ...string) *prometheus.GaugeVec {
	return register(m, prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels))
}

// Histogram counts values by size; its name ends in its unit. For durations see Seconds.
func (m *Metrics) Histogram(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return register(m, prometheus.NewHistogramVec(
		prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels))
}

// register answers the metric that there is already, when there is one.
func register[C prometheus.Collector](m *Metrics, made C) C {
	err := m.registry.Register(made)
	if err == nil {
		return made
	}
	var twice prometheus.AlreadyRegisteredError
	if errors.As(err, &twice) {
		if existing, ok := twice.ExistingCollector.(C); ok {
			return existing
		}
	}
	panic("telemetry: " + err.Error())
}
