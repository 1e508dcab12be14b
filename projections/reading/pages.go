package reading

import "behalf/projections/rows"

// NameKey is the place of something in a list by name.
type NameKey struct {
	Name string   `json:"n"`
	ID   [16]byte `json:"i"`
}

func (k *NameKey) parameters() (name, id any) {
	if k == nil {
		return nil, nil
	}
	return k.Name, rows.UUID(k.ID)
}

// atMost is a limit's parameter; null is none.
func atMost(limit int) any {
	if limit <= 0 {
		return nil
	}
	return limit
}

// word is a filter's parameter; null is none.
func word[T ~string](value T) any {
	if value == "" {
		return nil
	}
	return string(value)
}
