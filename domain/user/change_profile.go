package user

import (
	"regexp"
	"strings"

	"behalf/domain"
	"behalf/domain/personal"
)

// Profile is what a person says about themselves.
type Profile struct {
	Name     string // what people call them
	TimeZone string // an IANA name; empty: not said
	Language string // a BCP 47 tag; empty: not said
}

// ChangeProfile replaces what the person says about themselves; what is left
// out stays.
type ChangeProfile struct {
	Name     *string `json:"name,omitempty"`
	TimeZone *string `json:"time_zone,omitempty"`
	Language *string `json:"language,omitempty"`

	// Before is the profile in words: it stands sealed in the state.
	Before Profile `json:"-"`
}

// Decide answers R32 to everybody but the person, and refuses a malformed
// name, a time zone that nobody knows and what is no language tag.
func (c ChangeProfile) Decide(u User, by domain.Actor) ([]domain.Event, error) {
	if err := u.Admit(by); err != nil {
		return nil, err
	}
	after := c.Before
	if c.Name != nil {
		after.Name = strings.TrimSpace(*c.Name)
	}
	if c.TimeZone != nil {
		after.TimeZone = *c.TimeZone
	}
	if c.Language != nil {
		after.Language = *c.Language
	}
	if err := after.check(); err != nil {
		return nil, err
	}
	if after == c.Before {
		return nil, nil
	}
	return []domain.Event{ProfileChanged{
		Name:     personal.New(by.User, after.Name),
		TimeZone: personal.New(by.User, after.TimeZone),
		Language: personal.New(by.User, after.Language),
	}}, nil
}

// languageTag is a language and perhaps a script and a region: "en", "pt-BR", "zh-Hant-TW".
var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$`)

func (p Profile) check() error {
	if !domain.IsLine(p.Name, maxName) {
		return domain.Wrong(0, "name", "malformed_name", "A name is one line of 1 to 100 characters.")
	}
	if p.TimeZone != "" && !domain.IsZone(p.TimeZone) {
		return domain.Wrong(0, "time_zone", "malformed_zone", "A time zone has a name like Europe/Berlin.")
	}
	if p.Language != "" && !languageTag.MatchString(p.Language) {
		return domain.Wrong(0, "language", "malformed_language", "A language is a tag such as en, de-AT or zh-Hant-TW.")
	}
	return nil
}
