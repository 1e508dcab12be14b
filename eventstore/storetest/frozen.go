package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// frozenList lies beside golden files and holds them to what they were: a line
// each, as sha256sum writes and checks them. Without it a format could change
// together with its golden file, or go together with it, and nobody would notice.
const frozenList = "frozen.sha256"

// frozen holds the golden files in a folder to the list.
func frozen(dir string) (problems []error) {
	listed, err := readFrozen(filepath.Join(dir, frozenList))
	if err != nil {
		return []error{err}
	}
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		sum, err := sumOf(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			problems = append(problems, fmt.Errorf("the golden file %s is gone: what was written has to be read for ever", name))
		case err != nil:
			problems = append(problems, err)
		case sum != listed[name]:
			problems = append(problems, fmt.Errorf("the golden file %s has changed: it is frozen, give the event a new version and an upcaster", name))
		}
	}
	return problems
}

func readFrozen(path string) (map[string]string, error) {
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	listed := map[string]string{}
	for line := range strings.Lines(string(content)) {
		sum, name, found := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !found || listed[name] != "" {
			return nil, fmt.Errorf("%s: %q is not a line of it, or there twice", path, line)
		}
		listed[name] = sum
	}
	return listed, nil
}

// freeze lists the golden files that are not listed yet. It never changes a line.
func freeze(dir string) error {
	listed, err := readFrozen(filepath.Join(dir, frozenList))
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if name := filepath.Base(file); listed[name] == "" {
			if listed[name], err = sumOf(file); err != nil {
				return err
			}
		}
	}
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(listed)) {
		lines.WriteString(listed[name] + "  " + name + "\n")
	}
	return os.WriteFile(filepath.Join(dir, frozenList), []byte(lines.String()), 0o644)
}

func sumOf(file string) (string, error) {
	content, err := os.ReadFile(file)
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), err
}
