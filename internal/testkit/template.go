package testkit

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Setup prepares a database before tests use copies of it.
type Setup = func(ctx context.Context, pool *pgxpool.Pool) error

// templateLock is held on the server while a template is made: roles belong to
// the whole server, and making them twice at once fails.
const templateLock = 0x62656861_6c66 // "behalf"

// templates are the databases that tests get copies of, one per distinct list of setups.
type templates struct {
	mutex sync.Mutex
	made  map[string]*template
}

type template struct {
	once    sync.Once
	setups  []Setup // kept alive, so that their identity cannot be used again
	name    string
	problem error
}

// get returns the name of the database that these setups have prepared.
func (t *templates) get(ctx context.Context, s *testServer, setups []Setup) (string, error) {
	found := t.find(setups)
	found.once.Do(func() {
		found.name = s.name("template")
		found.problem = s.prepare(ctx, found.name, found.setups)
	})
	return found.name, found.problem
}

func (t *templates) find(setups []Setup) *template {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if t.made == nil {
		t.made = make(map[string]*template)
	}
	key := identity(setups)
	found := t.made[key]
	if found == nil {
		found = &template{setups: setups}
		t.made[key] = found
	}
	return found
}

// drop removes all templates.
func (t *templates) drop(ctx context.Context, admin *pgxpool.Pool) error {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	var problems []error
	for _, made := range t.made {
		problems = append(problems, dropDatabase(ctx, admin, made.name))
	}
	return errors.Join(problems...)
}

// prepare makes a database and runs the setups on it.
func (s *testServer) prepare(ctx context.Context, name string, setups []Setup) error {
	connection, err := s.admin.Acquire(ctx)
	if err != nil {
		return err
	}
	defer connection.Release()
	if _, err := connection.Exec(ctx, "select pg_advisory_lock($1)", templateLock); err != nil {
		return err
	}
	defer func() {
		_, _ = connection.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", templateLock)
	}()
	if err := s.createDatabase(ctx, name, "template0"); err != nil {
		return err
	}
	pool, err := s.connect(ctx, name)
	if err != nil {
		return err
	}
	defer pool.Close()
	for _, setup := range setups {
		if err := setup(ctx, pool); err != nil {
			return fmt.Errorf("prepare a test database: %w", err)
		}
	}
	return nil
}

// identity tells functions apart. A function's code pointer does not: closures
// of one place share it, whatever they captured. The pointer to the function
// *value* is the same only for one function without captured variables.
func identity(setups []Setup) string {
	var key string
	for _, setup := range setups {
		key += fmt.Sprintf("%p ", *(*unsafe.Pointer)(unsafe.Pointer(&setup))) //nolint:gosec // G103: only compared, never followed
	}
	return key
}
