package personkeys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"

	"behalf/domain"
	"behalf/domain/personal"
)

// ErrRefused says that a ciphertext does not open with this person's key in
// this place: it was changed, or moved here from another place or person.
var ErrRefused = errors.New("the ciphertext was not made for this place")

// keySize is the length of a person's key: AES-256.
const keySize = 32

// key is one person's own: AES-256-GCM with a random nonce before the
// ciphertext (NIST SP 800-38D). A person has far fewer texts than the 2³² that
// random nonces allow.
type key struct {
	person domain.UserID
	aead   cipher.AEAD
}

func newKey(person domain.UserID, secret []byte) (key, error) {
	aead, err := newAEAD(secret)
	return key{person: person, aead: aead}, err
}

func newAEAD(secret []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func newSecret() []byte {
	secret := make([]byte, keySize)
	_, _ = rand.Read(secret) // never fails, see crypto/rand
	return secret
}

// seal seals words for a place.
func (k key) seal(says string, at personal.Place) personal.Text {
	return personal.Sealed(k.person, at, k.aead.Seal(nil, nil, []byte(says), k.bound(at))) //nolint:gosec // G407: it makes its own nonce
}

// open opens what seal made for that very place, or fails with ErrRefused.
func (k key) open(t personal.Text) (personal.Text, error) {
	plain, err := k.aead.Open(nil, nil, t.Ciphertext(), k.bound(t.Place()))
	if err != nil || t.Person() != k.person {
		return personal.Text{}, ErrRefused
	}
	return personal.New(k.person, string(plain)), nil
}

// bound is the associated data: every part of a fixed length but the last one.
func (k key) bound(at personal.Place) []byte {
	data := []byte("behalf personal v1\x00")
	data = append(data, k.person[:]...)
	data = append(data, at.ID[:]...)
	return append(data, at.Field...)
}

// wrap seals a person's secret for the database.
func wrap(wrapping cipher.AEAD, person domain.UserID, secret []byte) []byte {
	return wrapping.Seal(nil, nil, secret, wrapBound(person)) //nolint:gosec // G407: it makes its own nonce
}

func unwrap(wrapping cipher.AEAD, person domain.UserID, wrapped []byte) ([]byte, error) {
	secret, err := wrapping.Open(nil, nil, wrapped, wrapBound(person))
	if err != nil || len(secret) != keySize {
		return nil, ErrMasterKey
	}
	return secret, nil
}

func wrapBound(person domain.UserID) []byte {
	return append(binary.BigEndian.AppendUint64([]byte("behalf person key\x00"), 1), person[:]...)
}
