package domain

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const someDigits = "0199aaaabbbb7000800000000000000f"

func TestIDReadsBackAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		written := AccountID(drawBytes(t))
		read, err := ParseID[accountKind](written.String())
		require.NoError(t, err)
		require.Equal(t, written, read)
	})
}

func TestIDIsWrittenWithItsKind(t *testing.T) {
	t.Parallel()
	bytes := [16]byte{0x01, 0x99, 15: 0x0f}
	digits := "0199000000000000000000000000000f"

	require.Equal(t, "ws_"+digits, WorkspaceID(bytes).String())
	require.Equal(t, "usr_"+digits, UserID(bytes).String())
	require.Equal(t, "acc_"+digits, AccountID(bytes).String())
	require.Equal(t, "post_"+digits, PostID(bytes).String())
	require.Equal(t, "inv_"+digits, InvitationID(bytes).String())
	require.Equal(t, "exp_"+digits, ExportID(bytes).String())
	require.Equal(t, "con_"+digits, ConnectionID(bytes).String())
	require.Equal(t, "att_"+digits, AttemptID(bytes).String())
	require.Equal(t, "evt_"+digits, EventID(bytes).String())
	require.Equal(t, "med_"+digits, MediaID(bytes).String())
}

func TestZeroIDIsEmpty(t *testing.T) {
	t.Parallel()
	require.Empty(t, UserID{}.String())
	require.True(t, UserID{}.IsZero())

	id := UserID{15: 1}
	require.False(t, id.IsZero())
	require.NoError(t, id.UnmarshalText(nil))
	require.True(t, id.IsZero())
}

func TestIDRefusesOtherText(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"another kind":      "usr_" + someDigits,
		"no prefix":         someDigits,
		"prefix alone":      "acc_",
		"one digit short":   "acc_" + someDigits[1:],
		"one digit more":    "acc_0" + someDigits,
		"not hexadecimal":   "acc_g" + someDigits[1:],
		"the zero id":       "acc_" + strings.Repeat("0", 32),
		"space before":      " acc_" + someDigits,
		"line break behind": "acc_" + someDigits + "\n",
		"UUID with dashes":  "acc_0199aaaa-bbbb-7000-8000-00000000000f",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id, err := ParseID[accountKind](text)
			require.EqualError(t, err, `an id of this kind is "acc_" and 32 hexadecimal digits`)
			require.True(t, id.IsZero())
		})
	}
}

func TestIDKeepsItsValueWhenReadingFails(t *testing.T) {
	t.Parallel()
	id := AccountID{15: 7}
	require.Error(t, id.UnmarshalText([]byte("nonsense")))
	require.Equal(t, AccountID{15: 7}, id)
}

func TestIDInJSON(t *testing.T) {
	t.Parallel()
	type form struct {
		Author UserID            `json:"author"`
		Counts map[AccountID]int `json:"counts"`
		None   PostID            `json:"none,omitzero"`
	}
	written := form{Author: UserID{15: 1}, Counts: map[AccountID]int{{15: 2}: 3}}

	data, err := json.Marshal(written)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"author": "usr_00000000000000000000000000000001",
		"counts": {"acc_00000000000000000000000000000002": 3}
	}`, string(data))

	var read form
	require.NoError(t, json.Unmarshal(data, &read))
	require.Equal(t, written, read)
}

func FuzzParseID(f *testing.F) {
	f.Add("acc_" + someDigits)
	f.Add("acc_" + strings.ToUpper(someDigits))
	f.Add("")
	f.Add("acc_")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := ParseID[accountKind](text)
		if err != nil {
			require.True(t, id.IsZero())
			require.EqualError(t, err, `an id of this kind is "acc_" and 32 hexadecimal digits`, "what was sent is not repeated")
			return
		}
		again, err := ParseID[accountKind](id.String())
		require.NoError(t, err)
		require.Equal(t, id, again)
		require.Equal(t, strings.ToLower(text), id.String())
	})
}

func drawBytes(t *rapid.T) [16]byte {
	return [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bytes"))
}
