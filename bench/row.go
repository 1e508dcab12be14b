package main

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
)

// rows lists every row of the table, in its order.
func rows() []Row {
	return append([]Row{
		appendOne("append, 1 event, 32 callers", 32, 1.8),
		appendOne("append, 1 event, 128 callers", 128, 2.8),
		appendLatency(),
		appendTen(),
		commandRow(),
		visibleRow(),
		rebuildMembers(),
		auditVerify(),
		auditShow(),
		largeRow(),
	}, apiRows()...)
}

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
	Once      bool // one pair takes so long, or so many samples, that it has to do
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
	Ratio     float64 `json:"ratio"`     // median of the pairs' ratios
	Bar       float64 `json:"bar"`
	Met       bool    `json:"met"`

	bar    Bar
	spread [2]float64 // of the reference's figures against their median
	ratios [2]float64 // lowest and highest
	pairs  int
}

// measure runs a row's pairs.
func measure(ctx context.Context, bench *Bench, row Row) (results []Result, err error) {
	defer func() { err = errors.Join(err, bench.cleanup()) }()
	sides, err := row.Open(ctx, bench)
	if err != nil {
		return nil, err
	}
	pairs := bench.Pairs
	if sides.Once {
		pairs = 1
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
	return results, nil
}

// judge makes a line of the figures of all pairs.
func (r Row) judge(bar Bar, measured, reference []float64) Result {
	ratios := make([]float64, len(measured))
	for i := range ratios {
		ratios[i] = measured[i] / reference[i]
	}
	result := Result{
		Name: r.Name + bar.Name, Bar: bar.Limit, bar: bar, pairs: len(ratios),
		Measured: rounded(median(measured)), Reference: rounded(median(reference)), Ratio: rounded(median(ratios)),
		ratios: [2]float64{slices.Min(ratios), slices.Max(ratios)},
		spread: [2]float64{slices.Min(reference) / median(reference), slices.Max(reference) / median(reference)},
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

func median(values []float64) float64 { return percentile(values, .5) }

// percentile answers the value below which a part of the values lies.
func percentile(values []float64, part float64) float64 {
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
