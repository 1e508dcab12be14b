// Package rulebook holds the text of every numbered rule, for the
// documentation and for whoever reads a problem that cites one.
package rulebook

import (
	_ "embed"
	"strings"
)

//go:embed rules.tsv
var table string

// Rule is one line of the rule book.
type Rule struct {
	Number string // "R19"
	Text   string // as people read it; `code` marks words of the API
	From   string // "seed", "field", "decided"
}

// Rules lists the rule book in its order.
func Rules() []Rule {
	var rules []Rule
	for line := range strings.Lines(table) {
		number, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		text, from, _ := strings.Cut(rest, "\t")
		rules = append(rules, Rule{Number: number, Text: text, From: from})
	}
	return rules
}

// Text returns the text of a rule by its number, "" for one that does not exist.
func Text(number string) string {
	for _, rule := range Rules() {
		if rule.Number == number {
			return rule.Text
		}
	}
	return ""
}
