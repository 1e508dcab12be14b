package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// IsLine reports whether text is one line of 1 to most characters: valid UTF-8
// without control characters, which mails, logs and text columns cannot take.
func IsLine(text string, most int) bool {
	return text != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= most &&
		!strings.ContainsFunc(text, unicode.IsControl)
}

// IsText reports whether text has 1 to most characters of valid UTF-8, without
// control characters other than line breaks and tabs.
func IsText(text string, most int) bool {
	return text != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= most &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) })
}
