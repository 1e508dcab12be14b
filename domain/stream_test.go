package domain

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestStreamReadsBackAsWritten(t *testing.T) {
	t.Parallel()
	categories := []Category{WorkspaceStreams, AccountStreams, PostStreams, UserStreams}
	rapid.Check(t, func(t *rapid.T) {
		written := Stream{Category: rapid.SampledFrom(categories).Draw(t, "category"), ID: drawBytes(t)}

		data, err := json.Marshal(map[Stream]int{written: 1})
		require.NoError(t, err)

		read := map[Stream]int{}
		require.NoError(t, json.Unmarshal(data, &read))
		require.Equal(t, map[Stream]int{written: 1}, read)
	})
}

func TestStreamName(t *testing.T) {
	t.Parallel()
	stream := StreamOf(PostStreams, PostID{0x01, 0x99, 15: 0x0f})
	require.Equal(t, "post-0199000000000000000000000000000f", stream.String())
}

func TestParseStreamRefusesOtherText(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty":           "",
		"no category":     "-" + someDigits,
		"no id":           "post-",
		"no dash":         "post" + someDigits,
		"one digit short": "post-" + someDigits[1:],
		"one byte more":   "post-00" + someDigits,
		"not hexadecimal": "post-g" + someDigits[1:],
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseStream(text)
			require.EqualError(t, err, "malformed stream name")
		})
	}
}

func TestStreamKeepsItsValueWhenReadingFails(t *testing.T) {
	t.Parallel()
	stream := StreamOf(UserStreams, UserID{15: 1})
	require.Error(t, stream.UnmarshalText([]byte("user-1")))
	require.Equal(t, StreamOf(UserStreams, UserID{15: 1}), stream)
}

func FuzzParseStream(f *testing.F) {
	f.Add("workspace-" + someDigits)
	f.Add("post-")
	f.Add("a-b-" + someDigits)
	f.Fuzz(func(t *testing.T, text string) {
		stream, err := ParseStream(text)
		if err != nil {
			require.Zero(t, stream)
			return
		}
		again, err := ParseStream(stream.String())
		require.NoError(t, err)
		require.Equal(t, stream, again)
		require.True(t, strings.EqualFold(text, stream.String()))
	})
}
