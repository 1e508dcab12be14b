// Package store measures appending and commands against bare inserts.
package store

import (
	"context"

	"behalf/bench/measure"
)

// appendOne compares appends of one event, one stream written and one read,
// with bare inserts by as many callers.
func appendOne(name string, callers int, bar float64) measure.Row {
	return measure.Row{
		Name: name,
		Bars: []measure.Bar{{Unit: "/s", Limit: bar}},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			return rates(ctx, bench, callers, 1)
		},
	}
}

// appendTen compares appends of ten events with bare inserts of ten rows.
func appendTen() measure.Row {
	return measure.Row{
		Name: "append, 10 events each, 32 callers",
		Bars: []measure.Bar{{Unit: "events/s", Limit: 1.2}},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			return rates(ctx, bench, 32, 10)
		},
	}
}

func rates(ctx context.Context, bench *measure.Bench, callers, events int) (measure.Sides, error) {
	w, err := openWorld(ctx, bench)
	if err != nil {
		return measure.Sides{}, err
	}
	authors := w.authors(callers)
	return measure.Sides{
		Measured: func(ctx context.Context) ([]float64, error) {
			done, err := measure.Rate(ctx, callers, bench.Each, func(ctx context.Context, caller int) error {
				return authors[caller].append(ctx, events)
			})
			return []float64{done * float64(events)}, err
		},
		Reference: w.bare(callers, events, bench),
	}, nil
}

// bare is the reference of all rates.
func (w *world) bare(callers, events int, bench *measure.Bench) func(context.Context) ([]float64, error) {
	authors, statement := w.authors(callers), bareStatement(events)
	return func(ctx context.Context) ([]float64, error) {
		done, err := measure.Rate(ctx, callers, bench.Each, func(ctx context.Context, caller int) error {
			return authors[caller].insert(ctx, statement, events)
		})
		return []float64{done * float64(events)}, err
	}
}

// appendLatency compares one caller's appends with one caller's inserts.
func appendLatency() measure.Row {
	return measure.Row{
		Name: "append, 1 event, 1 caller, p50",
		Bars: []measure.Bar{{Unit: "µs", Limit: 1.5, AtMost: true}},
		Open: func(ctx context.Context, bench *measure.Bench) (measure.Sides, error) {
			w, err := openWorld(ctx, bench)
			if err != nil {
				return measure.Sides{}, err
			}
			appends, inserts, statement := w.authors(1)[0], w.authors(1)[0], bareStatement(1)
			return measure.Sides{
				Measured: func(ctx context.Context) ([]float64, error) {
					p50, err := measure.Latency(ctx, bench.Each, func(ctx context.Context) error { return appends.append(ctx, 1) })
					return []float64{p50}, err
				},
				Reference: func(ctx context.Context) ([]float64, error) {
					p50, err := measure.Latency(ctx, bench.Each, func(ctx context.Context) error { return inserts.insert(ctx, statement, 1) })
					return []float64{p50}, err
				},
			}, nil
		},
	}
}

// Rows are what appending costs.
func Rows() []measure.Row {
	return []measure.Row{
		appendOne("append, 1 event, 32 callers", 32, 1.8),
		appendOne("append, 1 event, 128 callers", 128, 2.8),
		appendLatency(),
		appendTen(),
		commandRow(),
		largeRow(),
	}
}
