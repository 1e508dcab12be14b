// Package rowstest applies row changes without a database, so that handlers
// can be tested as given(events).then(rows).
package rowstest

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"behalf/projections/rows"
)

// Memory is a rows.Writer that keeps the rows itself. The zero Memory is empty.
// It is not safe for concurrent use.
type Memory struct {
	tables map[string]map[string]rows.Values // name → key → row
}

var _ rows.Writer = (*Memory)(nil)

// Apply implements rows.Writer.
func (m *Memory) Apply(_ context.Context, changes []rows.Change) error {
	for _, change := range changes {
		if err := change.Check(); err != nil {
			return err
		}
	}
	for _, change := range changes {
		m.apply(change)
	}
	return nil
}

func (m *Memory) apply(change rows.Change) {
	if m.tables == nil {
		m.tables = map[string]map[string]rows.Values{}
	}
	table := m.tables[change.Table.Name]
	if table == nil {
		table = map[string]rows.Values{}
		m.tables[change.Table.Name] = table
	}
	if change.Kind == rows.Put {
		table[keyOf(change.Table, change.Set)] = maps.Clone(change.Set)
		return
	}
	for at, row := range table {
		if !matches(row, change.Key) {
			continue
		}
		if change.Kind == rows.Delete {
			delete(table, at)
			continue
		}
		maps.Copy(row, change.Set)
	}
}

func keyOf(table *rows.Shape, row rows.Values) string {
	parts := make([]string, len(table.Key))
	for i, column := range table.Key {
		parts[i] = fmt.Sprint(row[column])
	}
	return strings.Join(parts, " ")
}

func matches(row, key rows.Values) bool {
	for column, value := range key {
		if !reflect.DeepEqual(row[column], value) {
			return false
		}
	}
	return true
}

// Rows answers a table's rows in the order of their keys. It fails when a
// column holds a value of another type than R's field.
func Rows[R any](m *Memory, table rows.Table[R]) ([]R, error) {
	held := m.tables[table.Shape.Name]
	found := make([]R, 0, len(held))
	for _, key := range slices.Sorted(maps.Keys(held)) {
		var row R
		into := reflect.ValueOf(&row).Elem()
		for i := range into.NumField() {
			column := into.Type().Field(i).Tag.Get("db")
			value := reflect.ValueOf(held[key][column])
			if column == "" || !value.IsValid() {
				continue
			}
			if !value.Type().AssignableTo(into.Field(i).Type()) {
				return nil, fmt.Errorf("%s.%s holds a %s, not a %s", table.Shape.Name, column, value.Type(), into.Field(i).Type())
			}
			into.Field(i).Set(value)
		}
		found = append(found, row)
	}
	return found, nil
}
