package process

import (
	"context"

	"behalf/internal/personkeys"
)

// Persons are the keys of people as one role may use them, opened once: what
// is cached of them is cached once.
func (p *Parts) Persons(ctx context.Context, role string) (*personkeys.Keys, error) {
	if keys, opened := p.keys[role]; opened {
		return keys, nil
	}
	pool, err := p.Pool(ctx, role)
	if err != nil {
		return nil, err
	}
	master, err := p.MasterKey()
	if err != nil {
		return nil, err
	}
	keys, err := personkeys.New(pool, master, personkeys.Options{Erased: p.Erased, Logger: p.Log})
	if err != nil {
		return nil, err
	}
	p.keys[role] = keys
	return keys, nil
}

// Erase makes the erasures take effect that the log holds.
func (p *Parts) Erase(keys *personkeys.Keys) func(context.Context) error {
	return func(ctx context.Context) error {
		if p.BeforeErasing != nil {
			if err := p.BeforeErasing(ctx); err != nil {
				return err
			}
		}
		_, err := keys.Erase(ctx)
		return err
	}
}
