package checkpoint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Folder keeps checkpoints outside the database: whoever can rewrite the
// database should not be able to rewrite this one. It holds
//
//	checkpoint             the latest
//	checkpoint-2026-11-22  the latest of each day (UTC)
//	keys                   every public key that has ever signed, one a line
type Folder string

// Latest returns the newest checkpoint, or nil when there is none yet.
func (f Folder) Latest() ([]byte, error) {
	content, err := os.ReadFile(filepath.Join(string(f), "checkpoint"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the latest checkpoint: %w", err)
	}
	return content, nil
}

// Write puts a checkpoint into the folder, in one step each for the latest and
// the day's, and on the disk before it returns.
func (f Folder) Write(signed []byte, at time.Time) error {
	for _, name := range []string{"checkpoint-" + at.UTC().Format(time.DateOnly), "checkpoint"} {
		if err := Replace(filepath.Join(string(f), name), signed, 0o644); err != nil {
			return fmt.Errorf("write the checkpoint: %w", err)
		}
	}
	return nil
}

// Keys returns the public keys that the folder knows; none is fine.
func (f Folder) Keys() (Verifiers, error) {
	content, err := os.ReadFile(filepath.Join(string(f), "keys"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the public keys: %w", err)
	}
	return ParseVerifiers(string(content))
}

// AddKeys makes the folder if need be and lists what public keys it does not
// have yet: that is how checkpoints of a key that has been replaced stay verifiable.
func (f Folder) AddKeys(public []string) error {
	if err := os.MkdirAll(string(f), 0o755); err != nil { //nolint:gosec // G301: checkpoints and public keys are for everybody
		return fmt.Errorf("make the folder for checkpoints: %w", err)
	}
	path := filepath.Join(string(f), "keys")
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the public keys: %w", err)
	}
	known := keyLines(string(content))
	before := len(known)
	for _, key := range public {
		if !slices.Contains(known, key) {
			known = append(known, key)
		}
	}
	if len(known) == before {
		return nil
	}
	if err := Replace(path, []byte(strings.Join(known, "\n")+"\n"), 0o644); err != nil {
		return fmt.Errorf("write the public keys: %w", err)
	}
	return nil
}

// LoadOrCreateKey reads the private keys in a file, or makes the file with a
// new key for a log of this name, readable by its owner alone.
func LoadOrCreateKey(path, origin string) (string, error) {
	info, err := os.Stat(path)
	if err == nil {
		if info.Mode().Perm()&0o007 != 0 {
			return "", fmt.Errorf("%w: everybody on this machine may use %s (mode %04o, expected 0600)", ErrKey, path, info.Mode().Perm())
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("read the sealing key: %w", err)
		}
		return string(content), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the sealing key: %w", err)
	}
	key, err := Generate(origin)
	if err != nil {
		return "", err
	}
	if err := Replace(path, []byte(key+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keep the sealing key: %w", err)
	}
	return key + "\n", nil
}

// Replace writes a file beside, brings it to the disk and renames it: nobody
// ever sees half of it.
func Replace(path string, content []byte, mode fs.FileMode) (err error) {
	aside, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = aside.Close()
			_ = os.Remove(aside.Name())
		}
	}()
	if _, err := aside.Write(content); err != nil {
		return err
	}
	if err := aside.Chmod(mode); err != nil {
		return err
	}
	if err := aside.Sync(); err != nil {
		return err
	}
	if err := aside.Close(); err != nil {
		return err
	}
	if err := os.Rename(aside.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}
