package codeflow

import (
	"slices"
	"strings"

	"behalf/internal/networks"
)

// Missing is what follows from the scopes that an authorization was asked for and
// those that it has, where the network tells of them (RFC 6749, section 5.1):
// nothing is published without all of them, so that the person is told at once.
// nil: none is missing.
func Missing(title string, asked, granted []string) *networks.Failure {
	var missing []string
	for _, scope := range asked {
		if !slices.ContainsFunc(granted, func(has string) bool { return covers(has, scope) }) {
			missing = append(missing, scope)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &networks.Failure{
		Kind: networks.NoPermission, Code: "insufficient_scope", OfConnection: true,
		Detail: "Behalf was not given all that it needs on " + title + " (" + strings.Join(missing, ", ") + "). Connect the account again and allow it.",
	}
}

// covers reports whether a scope is another one, or that and more: write is
// write:media, too (docs.joinmastodon.org/api/oauth-scopes).
func covers(has, wanted string) bool {
	return has == wanted || strings.HasPrefix(wanted, has+":")
}

// Told are the scopes that a token's answer names: separated by spaces in the
// standard, and by commas where networks know better.
func Told(scope string) []string {
	return strings.FieldsFunc(scope, func(r rune) bool { return r == ' ' || r == ',' })
}
