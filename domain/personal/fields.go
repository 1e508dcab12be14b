package personal

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"behalf/domain"
)

// Sealer seals texts in place: each in plain words becomes sealed for its
// Place with the key of whose it is, which is made when there is none, or
// erased when that key was destroyed.
type Sealer interface {
	Seal(ctx context.Context, texts ...*Text) error
}

// Opener opens texts in place: each sealed one comes to be in plain words, or
// erased when its key is gone.
type Opener interface {
	Open(ctx context.Context, texts ...*Text) error
}

// Edit hands all personal texts of an event to change, in the order of its
// fields, and returns the event with what became of them. The event that it
// was given stays as it is. change is not called for an event without texts.
func Edit(event domain.Event, change func(texts []*Text) error) (domain.Event, error) {
	if len(fieldsOf(event)) == 0 {
		return event, nil
	}
	copied, texts := unfold(event)
	if err := change(texts); err != nil {
		return nil, err
	}
	return copied.Interface().(domain.Event), nil
}

// Bind says of the texts of an event where they stand: in the event with this id.
func Bind(event domain.Event, id domain.EventID) domain.Event {
	fields := fieldsOf(event)
	if len(fields) == 0 {
		return event
	}
	copied, texts := unfold(event)
	for i, text := range texts {
		*text = text.At(Place{ID: id, Field: fields[i].path})
	}
	return copied.Interface().(domain.Event)
}

// Opened returns the event with its texts opened.
func Opened(ctx context.Context, opener Opener, event domain.Event) (domain.Event, error) {
	return Edit(event, func(texts []*Text) error { return opener.Open(ctx, texts...) })
}

// Show returns the event so that its JSON form holds what people may read:
// the words of texts that are open, Erased for those of erased people.
func Show(event domain.Event) domain.Event {
	if len(fieldsOf(event)) == 0 {
		return event
	}
	copied, texts := unfold(event)
	for _, text := range texts {
		text.shown = true
	}
	return copied.Interface().(domain.Event)
}

func unfold(event domain.Event) (copied reflect.Value, texts []*Text) {
	copied = reflect.New(reflect.TypeOf(event)).Elem()
	copied.Set(reflect.ValueOf(event))
	for _, field := range fieldsOf(event) {
		texts = append(texts, copied.FieldByIndex(field.index).Addr().Interface().(*Text))
	}
	return copied, texts
}

// field is a personal text in a type of events.
type field struct {
	index []int
	path  string // of JSON names: "inviter.name"
}

var (
	known    sync.Map // reflect.Type → []field
	reached  sync.Map // reflect.Type → bool
	textType = reflect.TypeFor[Text]()
)

// fieldsOf lists where an event's type holds personal texts. It panics when one
// stands where it would not be found: that is a mistake in the program.
func fieldsOf(event domain.Event) []field {
	of := reflect.TypeOf(event)
	if found, ok := known.Load(of); ok {
		return found.([]field)
	}
	found := search(of, nil, "")
	known.Store(of, found)
	return found
}

func search(in reflect.Type, index []int, path string) (found []field) {
	if in == nil || in.Kind() != reflect.Struct {
		return nil
	}
	for i := range in.NumField() {
		member := in.Field(i)
		if !member.IsExported() && !member.Anonymous {
			continue
		}
		name, _, _ := strings.Cut(member.Tag.Get("json"), ",")
		if name == "" {
			name = member.Name
		}
		if path != "" {
			name = path + "." + name
		}
		at := append(append([]int{}, index...), i)
		switch {
		case member.Type == textType:
			found = append(found, field{index: at, path: name})
		case member.Type.Kind() == reflect.Struct:
			found = append(found, search(member.Type, at, name)...)
		case reaches(member.Type):
			panic(fmt.Sprintf("%s: the personal text in %s stands behind a %s, where it is not sealed", in, name, member.Type.Kind()))
		}
	}
	return found
}

// reaches is holds, remembered.
func reaches(of reflect.Type) bool {
	if known, ok := reached.Load(of); ok {
		return known.(bool)
	}
	found := holds(of, map[reflect.Type]bool{})
	reached.Store(of, found)
	return found
}

// holds reports whether a personal text can be reached through a type.
func holds(of reflect.Type, seen map[reflect.Type]bool) bool {
	if of == textType || seen[of] {
		return of == textType
	}
	seen[of] = true
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return holds(of.Elem(), seen)
	case reflect.Map:
		return holds(of.Key(), seen) || holds(of.Elem(), seen)
	case reflect.Struct:
		for i := range of.NumField() {
			if holds(of.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}
