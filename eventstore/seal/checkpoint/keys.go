package checkpoint

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// ErrKey says that a key cannot be used. Texts that wrap it never repeat a private key.
var ErrKey = errors.New("unusable key")

// Signers are the private keys of a log, all of one name. The first is the
// one that statements are signed with; checkpoints carry a signature of each.
type Signers []note.Signer

// Origin is the log's name: that of its keys.
func (s Signers) Origin() string { return s[0].Name() }

// Verifiers are the public keys that somebody trusts, old ones included.
type Verifiers []note.Verifier

// Verifier implements note.Verifiers. The same key may be listed twice.
func (v Verifiers) Verifier(name string, hash uint32) (note.Verifier, error) {
	for _, one := range v {
		if one.Name() == name && one.KeyHash() == hash {
			return one, nil
		}
	}
	return nil, &note.UnknownVerifierError{Name: name, KeyHash: hash}
}

// privatePrefix is how an encoded private key begins.
const privatePrefix = "PRIVATE+KEY+"

// Generate makes a private key for a log of this name, in the encoding of
// signed notes. A name has neither white space nor a plus sign.
func Generate(origin string) (string, error) {
	if origin == "" || strings.ContainsAny(origin, "+ \t\r\n") {
		return "", fmt.Errorf("%w: the log's name is empty or has a blank or a plus sign", ErrKey)
	}
	private, _, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return "", fmt.Errorf("make a key: %w", err)
	}
	return private, nil
}

// ParseSigners reads private keys, one a line; empty lines and those that begin
// with # are left out. There has to be one, and all have to have one name.
func ParseSigners(text string) (Signers, error) {
	var signers Signers
	for _, line := range keyLines(text) {
		signer, err := note.NewSigner(line)
		if err != nil {
			return nil, fmt.Errorf("%w: expected PRIVATE+KEY+name+hash+key", ErrKey)
		}
		if len(signers) > 0 && signer.Name() != signers.Origin() {
			return nil, fmt.Errorf("%w: keys of one log have one name", ErrKey)
		}
		signers = append(signers, signer)
	}
	if len(signers) == 0 {
		return nil, fmt.Errorf("%w: there is none", ErrKey)
	}
	return signers, nil
}

// ParseVerifiers reads public keys, one a line, as PublicKeys writes them.
func ParseVerifiers(text string) (Verifiers, error) {
	var verifiers Verifiers
	for _, line := range keyLines(text) {
		if strings.HasPrefix(line, privatePrefix) {
			return nil, fmt.Errorf("%w: this is a private key, which nobody but the sealer should have", ErrKey)
		}
		verifier, err := note.NewVerifier(line)
		if err != nil {
			return nil, fmt.Errorf("%w: expected name+hash+key", ErrKey)
		}
		verifiers = append(verifiers, verifier)
	}
	if len(verifiers) == 0 {
		return nil, fmt.Errorf("%w: there is none", ErrKey)
	}
	return verifiers, nil
}

// PublicKeys are the encoded public keys of encoded private ones.
func PublicKeys(private string) ([]string, error) {
	if _, err := ParseSigners(private); err != nil {
		return nil, err
	}
	var public []string
	for _, line := range keyLines(private) {
		rest := strings.TrimPrefix(line, privatePrefix)
		name, rest, _ := strings.Cut(rest, "+")
		_, encoded, _ := strings.Cut(rest, "+")
		seed, err := base64.StdEncoding.DecodeString(encoded) // an algorithm's byte and 32 of the seed: NewSigner has checked
		if err != nil {
			return nil, fmt.Errorf("%w: it cannot be decoded", ErrKey)
		}
		pair, ok := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
		if !ok {
			return nil, fmt.Errorf("%w: it has no public part", ErrKey)
		}
		key, err := note.NewEd25519VerifierKey(name, pair)
		if err != nil {
			return nil, fmt.Errorf("derive a public key: %w", err)
		}
		public = append(public, key)
	}
	return public, nil
}

func keyLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}
