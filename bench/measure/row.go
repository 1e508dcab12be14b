// Package measure runs rows: two sides in turn, on a private Postgres.
package measure

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
)

// Row is a line of the table, or several that are measured together.
type Row struct {
	Name  string
	Large bool // needs millions of rows: only with -large
	// Open makes ready what is measured, on databases of the row's own
	// (Bench.Database). What it registers with Bench.Cleanup is undone afterwards.
	Open func(ctx context.Context, bench *Bench) (Sides, error)
	Bars []Bar // one for each figure that the sides answer
}

// Sides are what is compared. Each call measures for about Bench.Each, or does
// a fixed amount of work, and answers one figure per bar. They are called in
// turn, Bench.Pairs times.
type Sides struct {
	Measured  func(ctx context.Context) ([]float64, error)
	Reference func(ctx context.Context) ([]float64, error)
	Pairs     int // so many have to do, because each takes so long or so many samples; Bench.Pairs when zero

	Beside     func(ctx context.Context) ([]float64, error) // measured once and shown beside; nil for nothing
	BesideName string
}

// Bar is what a figure is held to.
type Bar struct {
	Name     string  // added to the row's name where there are several
	Unit     string  // of both sides' figures
	Limit    float64 // of the ratio measured / reference
	AtMost   bool    // the limit is an upper one
	Absolute bool    // the limit is one of the measured figure itself
}

// Result is a line as it is written to the results.
type Result struct {
	Name      string  `json:"name"`
	Measured  float64 `json:"measured"`  // median over the pairs
	Reference float64 `json:"reference"` // median over the pairs
	Ratio     float64 `json:"ratio"`     // median of the pairs' ratios; 0 where the reference is
	Bar       float64 `json:"bar"`
	Met       bool    `json:"met"`

	Beside map[string]float64 `json:"beside,omitempty"` // what else was measured in the same run, by its name

	bar    Bar
	spread [2]float64 // of the reference's figures against their median
	ratios [2]float64 // lowest and highest
	pairs  int
}

// Run runs a row's pairs.
func Run(ctx context.Context, bench *Bench, row Row) (results []Result, err error) {
	defer func() { err = errors.Join(err, bench.cleanup()) }()
	sides, err := row.Open(ctx, bench)
	if err != nil {
		return nil, err
	}
	pairs := bench.Pairs
	if sides.Pairs > 0 {
		pairs = min(pairs, sides.Pairs)
	}
	var measured, reference [][]float64
	for pair := range pairs {
		first, second := sides.Reference, sides.Measured
		if pair%2 == 1 {
			first, second = second, first
		}
		a, err := first(ctx)
		if err != nil {
			return nil, err
		}
		b, err := second(ctx)
		if err != nil {
			return nil, err
		}
		if pair%2 == 1 {
			a, b = b, a
		}
		reference, measured = append(reference, a), append(measured, b)
	}
	for i, bar := range row.Bars {
		results = append(results, row.judge(bar, column(measured, i), column(reference, i)))
	}
	if sides.Beside != nil {
		beside, err := sides.Beside(ctx)
		if err != nil {
			return nil, err
		}
		for i := range results {
			results[i].Beside = map[string]float64{sides.BesideName: rounded(beside[i])}
		}
	}
	return results, nil
}

// judge makes a line of the figures of all pairs.
func (r Row) judge(bar Bar, measured, reference []float64) Result {
	ratios := make([]float64, len(measured))
	for i := range ratios {
		if reference[i] != 0 {
			ratios[i] = measured[i] / reference[i]
		}
	}
	result := Result{
		Name: r.Name + bar.Name, Bar: bar.Limit, bar: bar, pairs: len(ratios),
		Measured: rounded(median(measured)), Reference: rounded(median(reference)), Ratio: rounded(median(ratios)),
		ratios: [2]float64{slices.Min(ratios), slices.Max(ratios)},
	}
	if middle := median(reference); middle != 0 {
		result.spread = [2]float64{slices.Min(reference) / middle, slices.Max(reference) / middle}
	}
	held := median(ratios)
	if bar.Absolute {
		held = median(measured)
	}
	result.Met = held >= bar.Limit
	if bar.AtMost {
		result.Met = held <= bar.Limit
	}
	return result
}

func column(figures [][]float64, i int) []float64 {
	values := make([]float64, len(figures))
	for k := range figures {
		values[k] = figures[k][i]
	}
	return values
}

func median(values []float64) float64 { return Percentile(values, .5) }

// Percentile answers the value below which a part of the values lies.
func Percentile(values []float64, part float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	if len(sorted) == 0 {
		return math.NaN()
	}
	return sorted[int(part*float64(len(sorted)-1)+.5)]
}

// rounded keeps four digits: there are no more in a measurement.
func rounded(value float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 4, 64), 64)
	if err != nil {
		return value
	}
	return short
}
