// Package metrics shows Prometheus what holds the log up.
package metrics

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"behalf/eventstore"
)

// patience bounds a look at the log: whoever scrapes has some of his own.
const patience = 3 * time.Second

// Log tells what holds it up; *eventstore.Store under eventstore.RoleEngine does.
type Log interface {
	Stalls(ctx context.Context) (eventstore.Stalls, error)
}

// Collector implements prometheus.Collector. It looks when it is scraped. When
// the log cannot be asked, behalf_log_asked is 0 and the others are absent.
type Collector struct {
	log    Log
	logger *slog.Logger
}

// New makes a collector, to be registered once.
func New(log Log, logger *slog.Logger) *Collector { return &Collector{log: log, logger: logger} }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("behalf_"+name, help, labels, nil)
}

var (
	asked     = describe("log_asked", "Whether the log could be asked.")
	positions = describe("log_lag_positions", "Positions that were drawn and may not be read yet.")
	since     = describe("log_lag_seconds", "For how long the high-water mark has been behind.")
	barrier   = describe("log_barrier_wait_seconds", "How long the leader of this process waits for appends to end, or did last.")
	openAge   = describe("log_oldest_append_seconds", "Age of the oldest append that is under way.")
	openPID   = describe("log_oldest_append_pid", "Postgres process of the oldest append that is under way; 0 for none.")
	waiting   = describe("log_appends_waiting", "Appends of this process that wait for a call to begin.")
	underWay  = describe("log_appends_under_way", "Appends of this process that are part of a call.")
	groupLag  = describe("group_lag_positions", "Positions that a consumer group has not handled.", "group")
	groupAge  = describe("group_lag_seconds", "Age of the first event that a consumer group has not handled.", "group")
)

// Describe implements prometheus.Collector.
func (c *Collector) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{
		asked, positions, since, barrier, openAge, openPID, waiting, underWay, groupLag, groupAge,
	} {
		to <- desc
	}
}

// Collect implements prometheus.Collector.
func (c *Collector) Collect(to chan<- prometheus.Metric) {
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	stalls, err := c.log.Stalls(ctx)
	if err != nil {
		c.logger.Warn("the log cannot be measured", "error", err)
		gauge(asked, 0)
		return
	}
	gauge(asked, 1)
	gauge(positions, float64(max(stalls.Head-stalls.HighWater, 0)))
	gauge(since, stalls.Since.Seconds())
	gauge(barrier, stalls.BarrierWait.Seconds())
	gauge(openAge, stalls.Oldest.Age.Seconds())
	gauge(openPID, float64(stalls.Oldest.PID))
	gauge(waiting, float64(stalls.Waiting))
	gauge(underWay, float64(stalls.UnderWay))
	for _, group := range stalls.Groups {
		gauge(groupLag, float64(group.Positions), group.Group)
		gauge(groupAge, group.Age.Seconds(), group.Group)
	}
}
