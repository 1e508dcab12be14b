package oauth

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"golang.org/x/crypto/bcrypt"
)

// Hash hashes a password or a client's secret of any length. The cost is the
// lowest: the sandbox guards nothing, and every token call checks a secret.
func Hash(secret string) (string, error) {
	hash, err := bcrypt.GenerateFromPassword(shorten(secret), bcrypt.MinCost)
	if err != nil {
		return "", fmt.Errorf("hash a secret: %w", err)
	}
	return string(hash), nil
}

// Matches reports whether Hash made the hash of this secret.
func Matches(hash, secret string) bool {
	return bcrypt.CompareHashAndPassword([]byte(hash), shorten(secret)) == nil
}

// shorten fits any secret into the 72 bytes that bcrypt reads.
func shorten(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return []byte(base64.RawStdEncoding.EncodeToString(sum[:]))
}
