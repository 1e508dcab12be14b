package personal_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"behalf/domain"
	"behalf/domain/personal"
)

var carl = domain.UserID{15: 1}

const canary = "carl.canary@example.com"

// holder is a struct of somebody else's, whose fields printers reach into.
type holder struct {
	Text   personal.Text
	hidden personal.Text
}

func TestNothingPrintsATextByItself(t *testing.T) {
	t.Parallel()
	text := personal.New(carl, canary)
	held := holder{Text: text, hidden: text}
	var logged strings.Builder
	logger := slog.New(slog.NewJSONHandler(&logged, nil))
	logger.Info("x", "text", text, "held", held)
	slog.New(slog.NewTextHandler(&logged, nil)).Info("x", "text", text, "held", held)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&logged, verb+verb+verb, text, held, &held)
	}
	require.NotContains(t, logged.String(), "canary")
	require.NotContains(t, logged.String(), fmt.Sprintf("%x", "canary"))
	require.Contains(t, logged.String(), "[personal]")
	require.Equal(t, canary, text.Reveal())
}

func TestPlainWordsAreNeverWritten(t *testing.T) {
	t.Parallel()
	text := personal.New(carl, canary)
	_, err := json.Marshal(holder{Text: text})
	require.ErrorIs(t, err, personal.ErrUnsealed)
	_, err = text.Value()
	require.ErrorIs(t, err, personal.ErrUnsealed)
}

func TestWhatIsRevealed(t *testing.T) {
	t.Parallel()
	require.Empty(t, personal.Text{}.Reveal())
	require.Equal(t, "erased person", personal.Lost(carl).Reveal())
	require.True(t, personal.Lost(carl).IsErased())
	sealed := personal.Sealed(carl, personal.Place{}, []byte("cipher"))
	require.Equal(t, "[personal]", sealed.Reveal(), "nobody has opened it")
	require.True(t, sealed.IsSealed())
	require.False(t, sealed.IsErased())
	require.True(t, personal.Text{}.At(personal.Place{Field: "email"}).IsZero())
}

// What an event or a view holds reads back as it was.
func TestStoredForms(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		person := domain.UserID(rapid.SliceOfN(rapid.Byte(), 16, 16).Filter(func(id []byte) bool {
			return !domain.UserID(id).IsZero()
		}).Draw(t, "person"))
		place := personal.Place{
			ID:    [16]byte(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")),
			Field: rapid.StringMatching(`[a-z_]+(\.[a-z_]+)?`).Draw(t, "field"),
		}
		text := rapid.OneOf(
			rapid.Just(personal.Text{}),
			rapid.Just(personal.Lost(person)),
			rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 80), func(ciphertext []byte) personal.Text {
				return personal.Sealed(person, place, ciphertext)
			}),
		).Draw(t, "text")
		data, err := json.Marshal(text)
		require.NoError(t, err)
		var read personal.Text
		require.NoError(t, json.Unmarshal(data, &read))
		require.Equal(t, text, read.At(text.Place()), "an event does not hold the place")

		value, err := text.Value()
		require.NoError(t, err)
		require.NoError(t, read.Scan(value))
		require.Equal(t, text, read, "a view does")
	})
}

func TestMalformedStoredForms(t *testing.T) {
	t.Parallel()
	for _, data := range []string{`"` + canary + `"`, `{"email":"` + canary + `"}`, `{"person":"ws_1"}`, `{"sealed":"%"}`, `[]`} {
		var text personal.Text
		err := json.Unmarshal([]byte(data), &text)
		require.EqualError(t, err, "a personal text is stored as a person or a workspace, and a ciphertext", data)
	}
	for _, written := range []any{canary, carl.String() + "|00", carl.String() + "|00|email|AAAA", carl.String() + "|" + strings.Repeat("0", 32) + "|email|", 7, "|||"} {
		var text personal.Text
		err := text.Scan(written)
		require.Error(t, err, "%v", written)
		require.NotContains(t, err.Error(), "canary")
		require.True(t, text.IsZero())
	}
	var text personal.Text
	require.NoError(t, text.Scan(nil))
	require.NoError(t, text.Scan([]byte(carl.String())))
	require.True(t, text.IsErased())
}
