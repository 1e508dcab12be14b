package main

import (
	"context"

	"behalf/internal/personkeys"
)

// persons are the keys of people as one role may use them, opened once: what
// is cached of them is cached once.
func (p *parts) persons(ctx context.Context, role string) (*personkeys.Keys, error) {
	if keys, opened := p.keys[role]; opened {
		return keys, nil
	}
	pool, err := p.pool(ctx, role)
	if err != nil {
		return nil, err
	}
	master, err := p.masterKey()
	if err != nil {
		return nil, err
	}
	keys, err := personkeys.New(pool, master, personkeys.Options{Erased: p.erased, Logger: p.log})
	if err != nil {
		return nil, err
	}
	p.keys[role] = keys
	return keys, nil
}

// erase makes the erasures take effect that the log holds.
func (p *parts) erase(keys *personkeys.Keys) func(context.Context) error {
	return func(ctx context.Context) error {
		if p.beforeErasing != nil {
			if err := p.beforeErasing(ctx); err != nil {
				return err
			}
		}
		_, err := keys.Erase(ctx)
		return err
	}
}
