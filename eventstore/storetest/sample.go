package storetest

import (
	"errors"
	"reflect"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/eventstore/codec"
)

// depth ends types that contain themselves.
const depth = 8

var (
	textType    = reflect.TypeFor[personal.Text]()
	instant     = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	instantType = reflect.TypeFor[time.Time]()
)

// sample makes an event whose every field is set, and returns its bytes.
func sample(registry *codec.Registry, name string) ([]byte, error) {
	zero, err := registry.Decode(name, []byte("{}"))
	if err != nil {
		return nil, err
	}
	if zero.EventType() != name {
		return nil, errors.New("it is not written any more")
	}
	value := reflect.New(reflect.TypeOf(zero)).Elem()
	fill(value, name, depth)
	data, err := codec.Encode(value.Interface().(domain.Event))
	if err != nil {
		return nil, err
	}
	_, err = registry.Decode(name, data)
	return data, err
}

// fill sets a value to something that is not zero, the same at each run.
func fill(value reflect.Value, name string, depth int) {
	if depth == 0 || !value.CanSet() {
		return
	}
	if value.Type() == instantType {
		value.Set(reflect.ValueOf(instant))
		return
	}
	if value.Type() == textType {
		value.Set(reflect.ValueOf(personal.Sealed(domain.UserID{15: 1}, personal.Place{}, []byte("ciphertext of "+name))))
		return
	}
	switch value.Kind() {
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		value.SetInt(1)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		value.SetUint(1)
	case reflect.Float32, reflect.Float64:
		value.SetFloat(1.5)
	case reflect.String:
		value.SetString(name)
	case reflect.Array:
		for i := range value.Len() {
			fill(value.Index(i), name, depth-1)
		}
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		fill(value.Index(0), name, depth-1)
	case reflect.Map:
		key, element := reflect.New(value.Type().Key()).Elem(), reflect.New(value.Type().Elem()).Elem()
		fill(key, name, depth-1)
		fill(element, name, depth-1)
		value.Set(reflect.MakeMap(value.Type()))
		value.SetMapIndex(key, element)
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		fill(value.Elem(), name, depth-1)
	case reflect.Struct:
		for i := range value.NumField() {
			fill(value.Field(i), value.Type().Field(i).Name, depth-1)
		}
	}
}
