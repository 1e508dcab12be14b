package domain

import "regexp"

var zone = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]{0,30}(/[A-Za-z][A-Za-z0-9_+-]{0,30}){0,2}$`)

// IsZone reports whether text has the form of a name in the IANA time zone
// database: up to three parts of letters, digits and a few signs. Whether there
// is such a zone is not looked up: it is kept for display alone.
func IsZone(text string) bool { return zone.MatchString(text) }
