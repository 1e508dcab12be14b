// Package person has Carl, who has a user account, act in tests of what people
// do with their own.
package person

import (
	"testing"
	"time"

	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/personal"
	"behalf/domain/scenario"
	"behalf/domain/user"
)

// Registered opened Carl's account.
var Registered = user.Registered{Email: personal.New(scenario.Carl, "carl@example.com"), Name: personal.New(scenario.Carl, "Carl")}

// What Carl proves by who he is.
var (
	Phone  = user.FactorID{15: 1}
	Laptop = user.FactorID{15: 2}
	Google = user.LinkedID{15: 3}
)

// WantsNew asks for another address, and Changed makes it his.
var (
	WantsNew = user.AddressChangeRequested{Email: personal.New(scenario.Carl, "new@example.com")}
	Changed  = user.AddressChanged{Email: personal.New(scenario.Carl, "new@example.com"), Former: personal.New(scenario.Carl, "carl@example.com")}
)

// Given begins a story of Carl's account, with all that the catalog offers.
func Given(t *testing.T, events ...domain.Event) scenario.Story {
	t.Helper()
	log := scenario.NewLog(catalog.Aggregates()...)
	return scenario.Given(t, domain.WorkspaceID{}, log, domain.On(user.Stream(scenario.Carl), events...)...)
}

// LinkOf is Carl's nth link for a purpose, an hour before it expires.
func LinkOf(purpose user.Purpose, nth int) user.Link {
	by := scenario.As(scenario.Carl)
	return user.Link{Person: scenario.Carl, Purpose: purpose, Generation: nth, Expires: by.Now.Add(time.Hour)}
}

// Expired is the link from the moment on at which it works no more.
func Expired(link user.Link) user.Link {
	link.Expires = scenario.As(scenario.Carl).Now
	return link
}
