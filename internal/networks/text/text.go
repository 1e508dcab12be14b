// Package text counts text as networks count it.
package text

import "unicode/utf8"

// CodePoints counts Unicode code points.
func CodePoints(s string) int { return utf8.RuneCountInString(s) }

// UTF16 counts units of UTF-16, as JavaScript and Java do.
func UTF16(s string) int {
	units := 0
	for _, r := range s {
		units++
		if r > 0xFFFF {
			units++
		}
	}
	return units
}
