// Package meter counts what the workers do.
package meter

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"behalf/internal/telemetry"
)

// lateness are histogram buckets for how late a post went out, in seconds, up
// to the longest grace: a day (R56).
var lateness = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 3600, 14400, 86400}

// Meter holds the metrics of all workers of a process. The methods of a nil
// Meter count nothing.
type Meter struct {
	enqueued *prometheus.CounterVec
	handled  *prometheus.CounterVec
	outcomes *prometheus.CounterVec
	ahead    *prometheus.CounterVec
	deleted  *prometheus.CounterVec
	mails    *prometheus.CounterVec
	swept    *prometheus.CounterVec
	late     *prometheus.HistogramVec
	armed    *prometheus.GaugeVec
	held     *prometheus.GaugeVec
	asked    *prometheus.CounterVec

	waiting, due, oldest         *prometheus.GaugeVec // what Postgres knows of
	odd                          *prometheus.GaugeVec
	queued, queueAge, queuePause *prometheus.GaugeVec // what is in Redis
	redis, breakers, left        *prometheus.GaugeVec
	observed                     *prometheus.GaugeVec
}

// New makes the metrics.
func New(metrics *telemetry.Metrics) *Meter {
	return &Meter{
		enqueued: metrics.Counter("jobs_enqueued_total", "Jobs that were put into the queue.", "type", "result"),
		handled:  metrics.Counter("jobs_handled_total", "Jobs that a worker ended.", "type", "result"),
		outcomes: metrics.Counter("publish_outcomes_total", "How attempts to publish went.", "network", "outcome", "class"),
		ahead:    metrics.Counter("publish_preflights_total", "How looking targets over before their time went.", "result"),
		deleted:  metrics.Counter("publish_deletions_total", "How removing posts from their networks went.", "result"),
		mails:    metrics.Counter("mails_total", "What became of mails.", "kind", "outcome"),
		swept:    metrics.Counter("sweep_found_total", "What the sweeper found that was to be done.", "what"),
		late:     metrics.Histogram("publish_lateness_seconds", "Time from a post's moment until it was sent.", lateness, "network"),
		armed:    metrics.Gauge("publish_armed_targets", "Targets that wait in this worker for their moment."),
		held:     metrics.Gauge("publish_quarantine", "1 while nothing is published until an operator has looked at a restored database."),
		asked:    metrics.Counter("publish_reconsidered_total", "What networks said about what may have been sent before a restore.", "outcome"),

		waiting:    metrics.Gauge("work_waiting", "What Postgres says is to be done, that of later included.", "work"),
		due:        metrics.Gauge("work_due", "What Postgres says is to be done by now.", "work"),
		oldest:     metrics.Gauge("work_oldest_due_seconds", "How long the longest of it is due; 0 for none.", "work"),
		odd:        metrics.Gauge("publish_targets", "Targets that are late, put off, stuck or unknown.", "which"),
		queued:     metrics.Gauge("queue_jobs", "Jobs in Redis.", "queue", "state"),
		queueAge:   metrics.Gauge("queue_oldest_seconds", "How long the first job has waited that a worker can take.", "queue"),
		queuePause: metrics.Gauge("queue_paused", "1 while the workers leave the queue alone.", "queue"),
		redis:      metrics.Gauge("redis_answers", "1 while Redis answers this worker."),
		breakers:   metrics.Gauge("publish_breakers_open", "Hosts that this worker leaves alone because they do not answer.", "network"),
		left:       metrics.Gauge("publish_quarantine_left_targets", "Targets that networks have still to be asked about before the quarantine can end."),
		observed:   metrics.Gauge("observed_timestamp_seconds", "When this worker last counted what waits."),
	}
}

// Enqueued counts a job by "enqueued", "there_already", "unavailable" or, for
// one that this process begins itself, "direct".
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

// Outcome counts how an attempt to publish went, and what kind of failure it
// was: the network's kinds, "moved", "late", "quarantine", or empty.
func (m *Meter) Outcome(network, outcome, class string) {
	if m != nil {
		m.outcomes.WithLabelValues(network, outcome, class).Inc()
	}
}

// Preflight counts by "ready", "needs_reauthentication", "trouble" or "put_off".
func (m *Meter) Preflight(result string) {
	if m != nil {
		m.ahead.WithLabelValues(result).Inc()
	}
}

// Deletion counts by "deleted", "kept", "needs_reauthentication" or "put_off".
func (m *Meter) Deletion(result string) {
	if m != nil {
		m.deleted.WithLabelValues(result).Inc()
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

// Late observes how long after its moment a post was sent.
func (m *Meter) Late(network string, by time.Duration) {
	if m != nil {
		m.late.WithLabelValues(network).Observe(max(by, 0).Seconds())
	}
}

// Armed says how many targets wait in this worker.
func (m *Meter) Armed(targets int) {
	if m != nil {
		m.armed.WithLabelValues().Set(float64(targets))
	}
}

// Quarantined says whether nothing is published (R69).
func (m *Meter) Quarantined(held bool) {
	if m == nil {
		return
	}
	m.held.WithLabelValues().Set(one(held))
}

// Reconsidered counts a target that a network was asked about after a restore
// by "published", "absent" or "unknown".
func (m *Meter) Reconsidered(outcome string) {
	if m != nil {
		m.asked.WithLabelValues(outcome).Inc()
	}
}
