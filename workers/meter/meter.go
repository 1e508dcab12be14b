// Package meter counts what the workers do.
package meter

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"behalf/internal/telemetry"
)

// lateness are histogram buckets for how late a post went out, in seconds, up
// to the 15 minutes of grace (R56).
var lateness = []float64{.05, .1, .25, .5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 900}

// Meter holds the metrics of all workers of a process. The methods of a nil
// Meter count nothing.
type Meter struct {
	enqueued *prometheus.CounterVec
	handled  *prometheus.CounterVec
	outcomes *prometheus.CounterVec
	mails    *prometheus.CounterVec
	swept    *prometheus.CounterVec
	late     *prometheus.HistogramVec
	armed    *prometheus.GaugeVec
}

// New makes the metrics.
func New(metrics *telemetry.Metrics) *Meter {
	return &Meter{
		enqueued: metrics.Counter("jobs_enqueued_total", "Jobs that were put into the queue.", "type", "result"),
		handled:  metrics.Counter("jobs_handled_total", "Jobs that a worker ended.", "type", "result"),
		outcomes: metrics.Counter("publish_outcomes_total", "How attempts to publish went.", "outcome"),
		mails:    metrics.Counter("mails_total", "What became of mails.", "kind", "outcome"),
		swept:    metrics.Counter("sweep_found_total", "What the sweeper found that was to be done.", "what"),
		late:     metrics.Histogram("publish_lateness_seconds", "Time from a post's moment until it was published.", lateness),
		armed:    metrics.Gauge("publish_armed_targets", "Targets that wait in this worker for their moment."),
	}
}

// Enqueued counts a job by "enqueued", "there_already" or "unavailable".
func (m *Meter) Enqueued(job, result string) {
	if m != nil {
		m.enqueued.WithLabelValues(job, result).Inc()
	}
}

// Handled counts a job by "done" or "failed".
func (m *Meter) Handled(job, result string) {
	if m != nil {
		m.handled.WithLabelValues(job, result).Inc()
	}
}

// Outcome counts how an attempt to publish went.
func (m *Meter) Outcome(outcome string) {
	if m != nil {
		m.outcomes.WithLabelValues(outcome).Inc()
	}
}

// Mailed counts a mail by "sent", "undeliverable", "obsolete" or "deferred".
func (m *Meter) Mailed(kind, outcome string) {
	if m != nil {
		m.mails.WithLabelValues(kind, outcome).Inc()
	}
}

// Swept counts what a sweep found.
func (m *Meter) Swept(what string, found int) {
	if m != nil && found > 0 {
		m.swept.WithLabelValues(what).Add(float64(found))
	}
}

// Late observes how long after its moment a post was published.
func (m *Meter) Late(by time.Duration) {
	if m != nil {
		m.late.WithLabelValues().Observe(max(by, 0).Seconds())
	}
}

// Armed says how many targets wait in this worker.
func (m *Meter) Armed(targets int) {
	if m != nil {
		m.armed.WithLabelValues().Set(float64(targets))
	}
}
