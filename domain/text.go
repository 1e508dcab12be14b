package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// IsLine reports whether text is one line of 1 to most characters: valid UTF-8
// without control characters, which mails, logs and text columns cannot take,
// and without what turns the direction of the text around it: a name must not
// rewrite the sentence that it stands in.
func IsLine(text string, most int) bool {
	return strings.TrimSpace(text) != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= most &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || breaksLine(r) || turnsText(r) })
}

// breaksLine: Unicode's own line and paragraph separator.
func breaksLine(r rune) bool { return r == '\u2028' || r == '\u2029' }

// turnsText: embeddings, overrides and isolates (UAX #9). The marks that names
// in Hebrew and Arabic need are none of them.
func turnsText(r rune) bool { return '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069' }

// IsText reports whether text has 1 to most characters of valid UTF-8, without
// control characters other than line breaks and tabs.
func IsText(text string, most int) bool {
	return strings.TrimSpace(text) != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= most &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) })
}
