// Command bench measures Behalf against the plainest thing that could do the
// same on the same Postgres in the same run, and prints a table of ratios.
//
//	make bench         every row but the large one, some twenty minutes
//	make bench-large   an append with ten million rows in the table
//
// The Postgres is private and durable: fsync and synchronous_commit are on. A
// row's two sides are run in turn, in pairs, and the ratio is the median over
// the pairs: what else the machine does meets both sides.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"syscall"
	"time"

	"behalf/bench/api"
	"behalf/bench/history"
	"behalf/bench/measure"
	"behalf/bench/publish"
	"behalf/bench/store"
	"behalf/bench/views"
)

// longest is how long a whole run may take.
const longest = 30 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// errUnmet makes a run fail whose bars are not all met.
var errUnmet = errors.New("not every bar is met")

func run(ctx context.Context, arguments []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	quick := flags.Bool("quick", false, "fewer and shorter pairs: to see that it works, not to quote from")
	large := flags.Bool("large", false, "only the rows that need millions of events")
	only := flags.String("only", "", "only the rows whose names match this regular expression")
	strict := flags.Bool("strict", false, "fail when a bar is not met")
	dir := flags.String("dir", "", "where the private Postgres keeps its data while it runs; a temporary folder when empty")
	output := flags.String("output", "bench/results.json", "where to write the results; rows that were not measured stay as they are")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	wanted, err := regexp.Compile(*only)
	if err != nil {
		return fmt.Errorf("read -only: %w", err)
	}
	effort := measure.Effort{Pairs: 9, Each: time.Second, Events: 1_000_000, Rows: 10_000_000}
	if *quick {
		effort = measure.Effort{Pairs: 3, Each: 300 * time.Millisecond, Events: 20_000, Rows: 200_000}
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	bench, err := measure.Start(ctx, *dir, effort)
	if err != nil {
		return err
	}
	defer bench.Stop()

	results, err := measureAll(ctx, bench, func(row measure.Row) bool { return row.Large == *large && wanted.MatchString(row.Name) })
	if err != nil {
		return err
	}
	if err := measure.Write(*output, results); err != nil {
		return err
	}
	for _, result := range results {
		if *strict && !result.Met {
			return errUnmet
		}
	}
	return nil
}

// measureAll measures the rows that are wanted and prints each as it is known.
func measureAll(ctx context.Context, bench *measure.Bench, wanted func(measure.Row) bool) ([]measure.Result, error) {
	var results []measure.Result
	measure.PrintHead(os.Stdout, bench)
	for _, row := range rows() {
		if !wanted(row) {
			continue
		}
		measured, err := measure.Run(ctx, bench, row)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", row.Name, err)
		}
		for _, result := range measured {
			measure.PrintResult(os.Stdout, result)
		}
		results = append(results, measured...)
	}
	return results, nil
}

// rows lists every row of the table, in its order.
func rows() []measure.Row {
	return slices.Concat(store.Rows(), views.Rows(), history.Rows(), api.Rows(), publish.Rows())
}
