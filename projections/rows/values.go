package rows

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// field is one column of a Go struct.
type field struct {
	column string
	index  []int
}

var fields sync.Map // reflect.Type → []field

// fieldsOf lists the fields of a struct, and of the structs that it embeds, that
// have a `db` tag.
func fieldsOf(of reflect.Type) []field {
	if known, ok := fields.Load(of); ok {
		return known.([]field)
	}
	var found []field
	for _, member := range reflect.VisibleFields(of) {
		if column := member.Tag.Get("db"); column != "" {
			found = append(found, field{column: column, index: member.Index})
		}
	}
	fields.Store(of, found)
	return found
}

// parameter is the form in which a value is sent: the zero id and the zero
// time as null, slices and maps as JSON, the rest as it is.
func parameter(value any) (any, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case time.Time:
		if v.IsZero() {
			return nil, nil
		}
		return v, nil
	}
	of := reflect.ValueOf(value)
	switch {
	case isID(of.Type()):
		return uuidOf(of), nil
	case of.Kind() == reflect.Slice && of.IsNil():
		return "[]", nil
	case of.Kind() == reflect.Slice, of.Kind() == reflect.Map:
		text, err := json.Marshal(value)
		return string(text), err
	}
	return value, nil
}

func isID(of reflect.Type) bool {
	return of.Kind() == reflect.Array && of.Len() == 16 && of.Elem().Kind() == reflect.Uint8
}

func uuidOf(id reflect.Value) pgtype.UUID {
	bytes := id.Convert(reflect.TypeFor[[16]byte]()).Interface().([16]byte)
	return pgtype.UUID{Bytes: bytes, Valid: bytes != [16]byte{}}
}

// Collect reads all rows into the fields of R whose `db` tags name their
// columns, all of which R has to have. Null is the zero id, the zero time or the
// zero value.
func Collect[R any](found pgx.Rows) ([]R, error) {
	all := []R{} // as pgx.CollectRows has it
	err := Each(found, func(row *R) { all = append(all, *row) })
	if err != nil {
		return nil, err
	}
	return all, nil
}

// Each is Collect for what needs no list: do has each row in turn, in one place.
func Each[R any](found pgx.Rows, do func(row *R)) error {
	defer found.Close()
	var into R
	targets, finish, err := aim(reflect.ValueOf(&into).Elem(), found.FieldDescriptions())
	if err != nil {
		return err
	}
	for found.Next() {
		into = *new(R)
		if err := found.Scan(targets...); err != nil {
			return err
		}
		for _, done := range finish {
			if err := done(); err != nil {
				return err
			}
		}
		do(&into)
	}
	return found.Err()
}

// aim answers what to scan a row into, for every row anew, and what is left to
// do after each.
func aim(into reflect.Value, columns []pgconn.FieldDescription) (targets []any, finish []func() error, err error) {
	known := fieldsOf(into.Type())
	for _, column := range columns {
		at := slices.IndexFunc(known, func(f field) bool { return f.column == column.Name })
		if at < 0 {
			return nil, nil, fmt.Errorf("%s has no field for column %q", into.Type(), column.Name)
		}
		target, done := target(into.FieldByIndex(known[at].index))
		targets = append(targets, target)
		if done != nil {
			finish = append(finish, done)
		}
	}
	return targets, finish, nil
}

// target answers what to scan a field into, and what is left to do afterwards.
func target(field reflect.Value) (any, func() error) {
	switch {
	case isID(field.Type()):
		id, into := new(pgtype.UUID), as[[16]byte](field)
		return id, func() error {
			*into = id.Bytes
			return nil
		}
	case field.Type() == reflect.TypeFor[time.Time]():
		moment, into := new(pgtype.Timestamptz), as[time.Time](field)
		return moment, func() error {
			if moment.Valid {
				*into = moment.Time.UTC()
			}
			return nil
		}
	case field.Kind() == reflect.Slice, field.Kind() == reflect.Map:
		text := new([]byte)
		return text, func() error {
			if *text == nil {
				return nil
			}
			return json.Unmarshal(*text, field.Addr().Interface())
		}
	case field.Kind() == reflect.String:
		text, into := new(pgtype.Text), as[string](field)
		return text, func() error {
			*into = text.String
			return nil
		}
	}
	return field.Addr().Interface(), nil
}

// as is where a field is, as what its type is made of: reflection is done with
// before the first row.
func as[T any](field reflect.Value) *T {
	return field.Addr().Convert(reflect.TypeFor[*T]()).Interface().(*T)
}
