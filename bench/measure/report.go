package measure

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
)

const line = "%-44s %22s %22s %8s %15s %13s %9s  %s\n"

// PrintHead says what is measured on, and begins the table.
func PrintHead(out io.Writer, bench *Bench) {
	fmt.Fprintf(out, "%s\n%d pairs of %s each, the sides in turn; ratio = median over the pairs\n\n",
		bench.Settings, bench.Pairs, bench.Each)
	fmt.Fprintf(out, line, "", "measured", "reference", "ratio", "(over pairs)", "ref. spread", "bar", "met")
}

// PrintResult adds a line to it.
func PrintResult(out io.Writer, r Result) {
	met := "no"
	if r.Met {
		met = "yes"
	}
	sign, unit := "≥ ", " ×"
	if r.bar.AtMost {
		sign = "≤ "
	}
	if r.bar.Absolute {
		unit = " " + r.bar.Unit
	}
	fmt.Fprintf(out, line, r.Name, figure(r.Measured, r.bar.Unit), figure(r.Reference, r.bar.Unit),
		digits(r.Ratio), between(r.ratios), between(r.spread), sign+digits(r.Bar)+unit, met)
	for name, value := range r.Beside {
		fmt.Fprintf(out, "%44s %22s\n", "beside it, "+name, figure(value, r.bar.Unit))
	}
}

func figure(value float64, unit string) string { return digits(value) + " " + unit }
func digits(value float64) string              { return strconv.FormatFloat(value, 'f', places(value), 64) }

func places(value float64) int {
	switch {
	case value >= 100:
		return 0
	case value >= 10:
		return 1
	default:
		return 2
	}
}

func between(limits [2]float64) string { return fmt.Sprintf("%.2f – %.2f", limits[0], limits[1]) }

// Write puts the results into a file, in place of those of the same names.
func Write(file string, results []Result) error {
	var known []Result
	content, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("read earlier results: %w", err)
	default:
		if err := json.Unmarshal(content, &known); err != nil {
			return fmt.Errorf("read earlier results in %s: %w", file, err)
		}
	}
	for _, result := range results {
		named := func(other Result) bool { return other.Name == result.Name }
		if at := slices.IndexFunc(known, named); at >= 0 {
			known[at] = result
		} else {
			known = append(known, result)
		}
	}
	content, err = json.MarshalIndent(known, "", "\t")
	if err != nil {
		return fmt.Errorf("encode the results: %w", err)
	}
	if err := os.WriteFile(file, append(content, '\n'), 0o644); err != nil { //nolint:gosec // G306: for everybody to read
		return fmt.Errorf("write the results: %w", err)
	}
	return nil
}
