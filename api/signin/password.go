package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"behalf/domain"
)

// Bounds of a password, in characters. The upper one keeps hashing cheap to
// refuse; it is far beyond what anybody types.
const (
	MinPassword = 10
	MaxPassword = 200
)

// The cost of one argon2id hash: 19 MiB and two passes on one lane, the least
// that OWASP's password storage guidance accepts and its equal alternatives
// cost. It bounds what a flood of sign-ins takes: see parallelHashes.
const (
	argonMemory  = 19 * 1024 // KiB
	argonPasses  = 2
	argonLanes   = 1
	argonSalt    = 16 // bytes
	argonKey     = 32 // bytes
	argonVersion = argon2.Version
)

// parallelHashes is how many passwords are hashed at once in this process;
// whoever comes later waits. Together they take at most 76 MiB.
const parallelHashes = 4

// Check refuses a password of fewer than 10 or more than 200 characters.
func (p Password) Check(field string) error {
	length := utf8.RuneCountInString(string(p))
	if length < MinPassword || length > MaxPassword || !utf8.ValidString(string(p)) {
		return domain.Wrong(0, field, "malformed_password", "A password has 10 to 200 characters.")
	}
	return nil
}

// hasher makes and compares password hashes, a few at a time.
type hasher struct{ slots chan struct{} }

func newHasher() hasher { return hasher{slots: make(chan struct{}, parallelHashes)} }

// hash writes a PHC string: "$argon2id$v=19$m=19456,t=2,p=1$salt$key".
func (h hasher) hash(ctx context.Context, p Password) (string, error) {
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // never fails, see crypto/rand
	key, err := h.derive(ctx, p, phc{memory: argonMemory, passes: argonPasses, lanes: argonLanes, salt: salt, key: make([]byte, argonKey)})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argonVersion, argonMemory, argonPasses, argonLanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// matches compares in constant time. An empty stored string stands for
// somebody who has no password: it takes as long as any other and never matches.
func (h hasher) matches(ctx context.Context, stored string, p Password) (bool, error) {
	want := phc{memory: argonMemory, passes: argonPasses, lanes: argonLanes, salt: make([]byte, argonSalt), key: make([]byte, argonKey)}
	if stored != "" {
		var err error
		if want, err = parsePHC(stored); err != nil {
			return false, err
		}
	}
	got, err := h.derive(ctx, p, want)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want.key) == 1 && stored != "", nil
}

// derive waits for its turn: a context that ends first is the only error.
func (h hasher) derive(ctx context.Context, p Password, with phc) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(p), with.salt, with.passes, with.memory, with.lanes, uint32(len(with.key))), nil //nolint:gosec // 16 to 64, see parsePHC
}

// phc is a stored hash, taken apart.
type phc struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

// parsePHC reads what hash wrote. Its errors never quote it.
func parsePHC(stored string) (phc, error) {
	var read phc
	var version int
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return phc{}, fmt.Errorf("stored password: not an argon2id hash")
	}
	_, versionErr := fmt.Sscanf(parts[2], "v=%d", &version)
	_, costErr := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &read.memory, &read.passes, &read.lanes)
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	malformed := versionErr != nil || costErr != nil || saltErr != nil || keyErr != nil
	if malformed || version != argonVersion || read.passes == 0 || read.lanes == 0 || len(key) < 16 || len(key) > 64 {
		return phc{}, fmt.Errorf("stored password: malformed argon2id hash")
	}
	read.salt, read.key = salt, key
	return read, nil
}
