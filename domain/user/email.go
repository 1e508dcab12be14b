package user

import (
	"net/mail"
	"strings"
	"unicode"

	"behalf/domain"
)

// maxEmail is the longest address that SMTP can deliver to (RFC 5321, 4.5.3.1.3).
const maxEmail = 254

// Email is an address as the person wrote it.
type Email string

// Check refuses what is not one plain address; field is the JSON path to name.
func (e Email) Check(field string) error {
	parsed, err := mail.ParseAddress(string(e))
	plain := err == nil && parsed.Name == "" && parsed.Address == string(e)
	if !plain || len(e) > maxEmail || strings.ContainsAny(string(e), "\r\n\x00") || strings.ContainsFunc(string(e), disguised) {
		return domain.Wrong(0, field, "malformed_email", "This is not an e-mail address.")
	}
	return nil
}

// disguised are the letters that are ASCII only in lower case, as the Kelvin
// sign: another mailbox, but the same person to Normal.
func disguised(r rune) bool { return r > unicode.MaxASCII && unicode.ToLower(r) <= unicode.MaxASCII }

// Normal is the form in which two spellings of one address are equal (R23).
func (e Email) Normal() string { return strings.ToLower(strings.TrimSpace(string(e))) }
