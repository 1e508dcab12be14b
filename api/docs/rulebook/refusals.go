package rulebook

import (
	_ "embed"
	"strings"
)

//go:embed refusals.tsv
var refusals string

// Refusals returns the codes that a command's own decision can refuse with, in
// alphabetical order. They are read from the domain's source by a test.
func Refusals(command string) []string {
	for line := range strings.Lines(refusals) {
		if name, codes, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); name == command {
			return strings.Fields(codes)
		}
	}
	return nil
}
