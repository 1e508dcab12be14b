// Package view says what a view is, and makes its tables.
//
// A view's own tables are a generation: a schema such as views_members_2.
// Everybody reads and writes them under readable names, views.members, which
// stand for the current generation; a rebuild fills the next one and then lets
// the names stand for that.
package view

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"

	"behalf/domain"
	"behalf/eventstore"
	"behalf/eventstore/codec"
	"behalf/projections/rows"
)

// Names is the schema in which every view's tables have their readable names.
const Names = "views"

// View is one set of tables and what fills them.
type View struct {
	Name    string
	Version int      // raised whenever the same events would make other rows
	Types   []string // the event types that Handle does something with; see Types

	// The statements that make its tables, in a schema where they stand
	// without one; another view's tables are named with Names. Between Tables
	// and the others, rows may be written.
	Tables  string // tables and their primary keys
	Indexes string // all other indexes
	Access  string // what behalf_api may see, as policies, and views over the tables

	// Handle answers what an event changes. It is pure; of two events of
	// different streams it does not matter which one it sees first.
	Handle func(eventstore.Recorded) []rows.Change
}

// Types names the types of events.
func Types(events ...domain.Event) []string {
	names := make([]string, len(events))
	for i, event := range events {
		names[i] = event.EventType()
	}
	return names
}

// Group is the name of the consumer group that fills the view.
func (v View) Group() string { return "view:" + v.Name + ":" + strconv.Itoa(v.Version) }

// Building is the name of the consumer group that fills a generation beside
// the current one.
func (v View) Building(generation int) string {
	return v.Group() + ":building:" + strconv.Itoa(generation)
}

// Schema is where a generation has its tables.
func (v View) Schema(generation int) string { return fmt.Sprintf("views_%s_%d", v.Name, generation) }

// Definition changes with the statements that make the tables.
func (v View) Definition() []byte {
	sum := sha256.Sum256([]byte(v.Tables + "\x00" + v.Indexes + "\x00" + v.Access))
	return sum[:]
}

// Without lists the types that the registry knows and the view does nothing
// with. Types that are unknown, or read as newer ones, are not among them.
func (v View) Without(registry *codec.Registry) []string {
	return slices.DeleteFunc(registry.Types(), func(name string) bool { return slices.Contains(v.Types, name) })
}
