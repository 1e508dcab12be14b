// Package masterkey reads the one key that never enters the database, and makes
// keys for single purposes from it: the vault's, the persons', those of links.
package masterkey

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Size is the length of the master key in bytes.
const Size = 32

// ErrUnusable says that a master key cannot be used: its length or form is
// wrong, others may read its file, or it does not open what another one sealed.
// Texts that wrap it never repeat the key.
var ErrUnusable = errors.New("unusable master key")

// Parse reads a master key as people write it: 64 hexadecimal digits or
// standard base64 of 32 bytes. White space around it is ignored.
func Parse(text string) ([]byte, error) {
	text = strings.TrimSpace(text)
	if key, err := hex.DecodeString(text); err == nil && len(key) == Size {
		return key, nil
	}
	if key, err := base64.StdEncoding.DecodeString(text); err == nil && len(key) == Size {
		return key, nil
	}
	return nil, fmt.Errorf("%w: expected 32 bytes as 64 hexadecimal digits or as base64", ErrUnusable)
}

// LoadOrCreate reads the master key from a file that only its owner (or
// group) may read; when there is no such file it makes one with a fresh key and
// mode 0600. Of several processes that start at once exactly one makes the
// file, and all of them return the same key.
func LoadOrCreate(path string) ([]byte, error) {
	key, err := load(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := create(path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("make master key file: %w", err)
	}
	return load(path)
}

func load(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read master key file: %w", err)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return nil, fmt.Errorf("%w: everybody on this machine may use %s (mode %04o, expected 0600)",
			ErrUnusable, path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read master key file: %w", err)
	}
	key, err := Parse(string(text))
	clear(text)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return key, nil
}

// create writes aside and then links: unlike a rename, a link never
// replaces the key of a process that was faster, and unlike writing in place
// nobody sees half a key.
func create(path string) error {
	aside, err := os.CreateTemp(filepath.Dir(path), ".master-key-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		_ = aside.Close()
		_ = os.Remove(aside.Name())
	}()
	key := make([]byte, Size)
	_, _ = rand.Read(key) // never fails, see crypto/rand
	if _, err := aside.WriteString(hex.EncodeToString(key) + "\n"); err != nil {
		return err
	}
	if err := aside.Sync(); err != nil {
		return err
	}
	if err := os.Link(aside.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

// Derive makes a key for one purpose ("invitation links", "email index")
// from the master key by HKDF-SHA256 (RFC 5869). Keys of different purposes
// tell nothing about each other or about the master key. It panics when the
// master key is not 32 bytes long: Parse and LoadOrCreate return no other.
func Derive(master []byte, purpose string) [32]byte {
	if len(master) != Size {
		panic("masterkey: derive a key from a master key of the wrong length")
	}
	key, err := hkdf.Key(sha256.New, master, nil, "behalf v1: "+purpose, sha256.Size)
	if err != nil {
		panic(fmt.Sprintf("masterkey: derive key: %v", err)) // only for lengths beyond 8160 bytes
	}
	return [32]byte(key)
}
