package domain

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestIsLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Acme":                  true,
		"Café 北京 👩‍🚀":           true,
		strings.Repeat("é", 20): true,
		strings.Repeat("é", 21): false,
		"":                      false,
		"two\nlines":            false,
		"two\rlines":            false,
		"a\ttab":                false,
		"a nul\x00":             false,
		"not UTF-8\xff":         false,
		"next line\u0085":       false,
		"separator\u2028":       false,
		"paragraph\u2029":       false,
		"turned\u202egnp.exe":   false,
		"isolated\u2066":        false,
		"\u200fדוד\u200e":       true,
		"escape\x1b[31m":        false,
	} {
		require.Equal(t, want, IsLine(text, 20), "%q", text)
	}
}

func TestIsText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"one\ntwo\r\n\tthree":   true,
		strings.Repeat("é", 20): true,
		strings.Repeat("é", 21): false,
		"":                      false,
		"a nul\x00":             false,
		"not UTF-8\xff":         false,
		"escape\x1b[31m":        false,
	} {
		require.Equal(t, want, IsText(text, 20), "%q", text)
	}
}
