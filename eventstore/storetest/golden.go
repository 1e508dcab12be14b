// Package storetest is what other rooms need to test against the log.
package storetest

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/eventstore"
	"behalf/eventstore/codec"
)

// Flags of Golden; other packages' tests may have defined update already.
var (
	updates = wanted("update", "write missing golden files")
	freezes = wanted("freeze", "list golden files that are to stay as they are for ever")
)

func wanted(name, usage string) func() bool {
	if flag.Lookup(name) == nil {
		flag.Bool(name, false, usage)
	}
	return func() bool { return flag.Lookup(name).Value.String() == "true" }
}

// Golden holds the registry to what has ever been written. In dir lies a file
// "<event type>.json" for every type and version; each must decode, and a type
// that is still written must encode to the same bytes again. It fails for a
// registered type without a file, and for a file whose type is unknown.
//
// With -update it writes the missing files, filled with samples. It never
// changes one: an event that was written stays written, and what changes needs a
// new version and an upcaster. Samples may be replaced by hand until they are
// frozen: with -freeze all files are listed in frozen.sha256, and one that is
// listed there can neither change nor go.
func Golden(t *testing.T, registry *codec.Registry, dir string) {
	t.Helper()
	problems := golden(registry, dir, updates())
	for _, problem := range problems {
		t.Error(problem)
	}
	if freezes() && len(problems) == 0 {
		require.NoError(t, freeze(dir))
	}
}

func golden(registry *codec.Registry, dir string, update bool) []error {
	var problems []error
	for _, name := range append(registry.Types(), registry.OldTypes()...) {
		if err := exists(registry, dir, name, update); err != nil {
			problems = append(problems, err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		problems = append(problems, err)
	}
	for _, file := range files {
		if err := holds(registry, file); err != nil {
			problems = append(problems, err)
		}
	}
	return append(problems, frozen(dir)...)
}

// exists makes sure that a type has a file.
func exists(registry *codec.Registry, dir, name string, update bool) error {
	file := filepath.Join(dir, name+".json")
	_, err := os.Stat(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if !update {
		return errors.New(name + " has no golden file: run the test with -update, and look at what it writes")
	}
	data, err := sample(registry, name)
	if err != nil {
		return errors.New(name + " needs a golden file written by hand, a sample does not decode: " + err.Error())
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}

// holds makes sure that a file still means what it meant.
func holds(registry *codec.Registry, file string) error {
	name := strings.TrimSuffix(filepath.Base(file), ".json")
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	content = bytes.TrimSuffix(content, []byte("\n"))
	event, err := registry.Decode(name, content)
	if err != nil {
		return err
	}
	if event.EventType() != name {
		return nil // an old version, upcast
	}
	encoded, err := codec.Encode(event)
	if err != nil {
		return err
	}
	if !bytes.Equal(content, encoded) {
		return errors.New(name + " has changed since it was written: give it a new version and an upcaster\n" +
			"golden:  " + string(content) + "\nencoded: " + string(encoded))
	}
	return nil
}

// Lead runs a high-water leader until the test ends.
func Lead(t testing.TB, store *eventstore.Store) {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- store.Lead(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
}
