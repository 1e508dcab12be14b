package main

import "context"

// appendOne compares appends of one event, one stream written and one read,
// with bare inserts by as many callers.
func appendOne(name string, callers int, bar float64) Row {
	return Row{
		Name: name,
		Bars: []Bar{{Unit: "/s", Limit: bar}},
		Open: func(ctx context.Context, bench *Bench) (Sides, error) { return rates(ctx, bench, callers, 1) },
	}
}

// appendTen compares appends of ten events with bare inserts of ten rows.
func appendTen() Row {
	return Row{
		Name: "append, 10 events each, 32 callers",
		Bars: []Bar{{Unit: "events/s", Limit: 1.2}},
		Open: func(ctx context.Context, bench *Bench) (Sides, error) { return rates(ctx, bench, 32, 10) },
	}
}

func rates(ctx context.Context, bench *Bench, callers, events int) (Sides, error) {
	w, err := openWorld(ctx, bench)
	if err != nil {
		return Sides{}, err
	}
	authors := w.authors(callers)
	return Sides{
		Measured: func(ctx context.Context) ([]float64, error) {
			done, err := rate(ctx, callers, bench.Each, func(ctx context.Context, caller int) error {
				return authors[caller].append(ctx, events)
			})
			return []float64{done * float64(events)}, err
		},
		Reference: w.bare(callers, events, bench),
	}, nil
}

// bare is the reference of all rates.
func (w *world) bare(callers, events int, bench *Bench) func(context.Context) ([]float64, error) {
	authors, statement := w.authors(callers), bareStatement(events)
	return func(ctx context.Context) ([]float64, error) {
		done, err := rate(ctx, callers, bench.Each, func(ctx context.Context, caller int) error {
			return authors[caller].insert(ctx, statement, events)
		})
		return []float64{done * float64(events)}, err
	}
}

// appendLatency compares one caller's appends with one caller's inserts.
func appendLatency() Row {
	return Row{
		Name: "append, 1 event, 1 caller, p50",
		Bars: []Bar{{Unit: "µs", Limit: 1.5, AtMost: true}},
		Open: func(ctx context.Context, bench *Bench) (Sides, error) {
			w, err := openWorld(ctx, bench)
			if err != nil {
				return Sides{}, err
			}
			appends, inserts, statement := w.authors(1)[0], w.authors(1)[0], bareStatement(1)
			return Sides{
				Measured: func(ctx context.Context) ([]float64, error) {
					p50, err := latency(ctx, bench.Each, func(ctx context.Context) error { return appends.append(ctx, 1) })
					return []float64{p50}, err
				},
				Reference: func(ctx context.Context) ([]float64, error) {
					p50, err := latency(ctx, bench.Each, func(ctx context.Context) error { return inserts.insert(ctx, statement, 1) })
					return []float64{p50}, err
				},
			}, nil
		},
	}
}
