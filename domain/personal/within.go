package personal

import (
	"context"
	"reflect"
	"sync"
)

// OpenAll opens every personal text that can be reached from a pointer: in the
// rows of an answer, before somebody reads it. Maps are not looked into.
func OpenAll(ctx context.Context, opener Opener, answer any) error {
	texts := within(reflect.ValueOf(answer), nil)
	if len(texts) == 0 {
		return nil
	}
	return opener.Open(ctx, texts...)
}

func within(value reflect.Value, texts []*Text) []*Text {
	if !value.IsValid() || !reaches(value.Type()) {
		return texts
	}
	switch value.Kind() {
	case reflect.Pointer:
		return within(value.Elem(), texts)
	case reflect.Slice, reflect.Array:
		for i := range value.Len() {
			texts = within(value.Index(i), texts)
		}
	case reflect.Struct:
		if value.Type() == textType {
			return append(texts, value.Addr().Interface().(*Text))
		}
		for _, i := range leading(value.Type()) {
			texts = within(value.Field(i), texts)
		}
	}
	return texts
}

var led sync.Map // reflect.Type → []int

// leading lists the exported fields of a struct through which a text can be
// reached. It is kept: to ask a type again costs more than to open a text.
func leading(in reflect.Type) []int {
	if found, ok := led.Load(in); ok {
		return found.([]int)
	}
	found := []int{}
	for i := range in.NumField() {
		if field := in.Field(i); field.IsExported() && reaches(field.Type) {
			found = append(found, i)
		}
	}
	led.Store(in, found)
	return found
}
