package text

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// schemes are those that networks put before addresses by themselves, or leave out.
var schemes = regexp.MustCompile(`(?i)https?://`)

// Essence is a text without what networks change in it, for finding a post
// again (R59): white space, what has no width, and the schemes of addresses;
// composed (NFC). Two posts that differ in these alone are taken for the same.
func Essence(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return r
	}, schemes.ReplaceAllString(norm.NFC.String(s), ""))
}
