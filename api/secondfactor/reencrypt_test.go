package secondfactor_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/api/secondfactor"
	"behalf/internal/masterkey"
	"behalf/internal/vault"
)

// A factor whose secret was sealed anew with a newer key is the same factor.
func TestFactorIsSealedAnew(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	phone := enrol(t, w, olivia)

	keys := vault.Keys{Master: vault.NewSecret(bytes.Repeat([]byte{7}, masterkey.Size))}
	_, err := vault.Rotate(t.Context(), w.Admin, keys)
	require.NoError(t, err)
	operator, err := vault.Open(t.Context(), w.Admin, keys)
	require.NoError(t, err)
	done, err := operator.Reencrypt(t.Context(), []vault.Drawer{secondfactor.Drawer}, func(int64, int64) {})
	require.NoError(t, err)
	require.Equal(t, []vault.Reencrypted{{Holds: "second factors", Sealed: 1}}, done)
	found, _, err := operator.Check(t.Context(), []vault.Drawer{secondfactor.Drawer}, func(int64, int64) {})
	require.NoError(t, err)
	require.Equal(t, []vault.Checked{{Holds: "second factors", Opened: 1}}, found)

	finish(t, signIn(t, w, olivia), "code", phone.code(t, 0))
}
