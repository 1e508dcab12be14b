package personal

import (
	"context"
	"reflect"
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
		for i := range value.NumField() {
			if value.Type().Field(i).IsExported() {
				texts = within(value.Field(i), texts)
			}
		}
	}
	return texts
}
