package personkeys

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"

	"behalf/domain/personal"
)

// ErrRefused says that a ciphertext does not open with this key in this place:
// it was changed, or moved here from another place, person or workspace.
var ErrRefused = errors.New("the ciphertext was not made for this place")

// keySize is the length of a subject's key: AES-256.
const keySize = 32

// key is one person's or workspace's own: AES-256-GCM with a random nonce before
// the ciphertext (NIST SP 800-38D). Either has far fewer texts than the 2³² that
// random nonces allow.
type key struct {
	of   personal.Subject
	aead cipher.AEAD
}

func newKey(of personal.Subject, secret []byte) (key, error) {
	aead, err := newAEAD(secret)
	return key{of: of, aead: aead}, err
}

// exists reports that this is a key: the zero key is none.
func (k key) exists() bool { return k.aead != nil }

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
	return k.of.Sealed(at, k.aead.Seal(nil, nil, []byte(says), k.appendBound(nil, at))) //nolint:gosec // G407: it makes its own nonce
}

// space is memory to open one text after the other in: lists have many. It holds
// words, and is for one call of Open alone.
type space struct{ sealed, bound, plain []byte }

// open opens what seal made for that very place, or fails with ErrRefused.
func (k key) open(t personal.Text, in *space) (personal.Text, error) {
	in.sealed = t.AppendCiphertext(in.sealed[:0])
	in.bound = k.appendBound(in.bound[:0], t.Place())
	plain, err := k.aead.Open(in.plain[:0], nil, in.sealed, in.bound)
	if err != nil || t.Of() != k.of {
		return personal.Text{}, ErrRefused
	}
	in.plain = plain
	return k.of.Says(string(plain)), nil
}

// appendBound appends the associated data: every part of a fixed length but the
// last one, and of workspaces another beginning than of people.
func (k key) appendBound(data []byte, at personal.Place) []byte {
	if ws := k.of.Workspace(); !ws.IsZero() {
		data = append(append(data, "behalf workspace v1\x00"...), ws[:]...)
	} else {
		person := k.of.Person()
		data = append(append(data, "behalf personal v1\x00"...), person[:]...)
	}
	data = append(data, at.ID[:]...)
	return append(data, at.Field...)
}

// wrap seals a subject's secret for the database.
func wrap(wrapping cipher.AEAD, of personal.Subject, secret []byte) []byte {
	return wrapping.Seal(nil, nil, secret, wrapBound(of)) //nolint:gosec // G407: it makes its own nonce
}

func unwrap(wrapping cipher.AEAD, of personal.Subject, wrapped []byte) ([]byte, error) {
	secret, err := wrapping.Open(nil, nil, wrapped, wrapBound(of))
	if err != nil || len(secret) != keySize {
		return nil, ErrMasterKey
	}
	return secret, nil
}

func wrapBound(of personal.Subject) []byte {
	if ws := of.Workspace(); !ws.IsZero() {
		return append(binary.BigEndian.AppendUint64([]byte("behalf workspace key\x00"), 1), ws[:]...)
	}
	person := of.Person()
	return append(binary.BigEndian.AppendUint64([]byte("behalf person key\x00"), 1), person[:]...)
}
