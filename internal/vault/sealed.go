package vault

// Seal seals a secret for a row that another package keeps: what says what it
// is ("second factor v1"), and the parts whose it is. Only the same what and
// parts open it again.
func (v *Vault) Seal(secret Secret, what string, parts ...[]byte) ([]byte, error) {
	return v.seal(secret, bind(what, parts...))
}

// Unseal opens what Seal made, or answers ErrTampered.
func (v *Vault) Unseal(sealed []byte, what string, parts ...[]byte) (Secret, error) {
	return v.open(sealed, bind(what, parts...))
}
