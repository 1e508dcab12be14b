package wire

import (
	"math"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What is written here, pgx reads; what pgx writes is read here.
func TestArraysAgreeWithPgx(t *testing.T) {
	t.Parallel()
	types := pgtype.NewMap()
	rapid.Check(t, func(t *rapid.T) {
		ints := rapid.SliceOf(rapid.Int32()).Draw(t, "ints")
		longs := rapid.SliceOf(rapid.Int64()).Draw(t, "longs")
		words := rapid.SliceOf(rapid.String()).Draw(t, "words")
		blobs := rapid.SliceOf(rapid.SliceOf(rapid.Byte())).Draw(t, "blobs")
		ids := rapid.SliceOf(rapid.Custom(func(t *rapid.T) (id [16]byte) {
			copy(id[:], rapid.SliceOfN(rapid.ByteMax(3), 0, 16).Draw(t, "id"))
			return id
		})).Draw(t, "ids")

		a := New()
		defer a.Free()
		a.Int4s(len(ints), func(yield func(int)) { each(ints, func(i int32) { yield(int(i)) }) })
		a.Int8s(len(longs), func(yield func(int64)) { each(longs, yield) })
		a.Texts(len(words), func(yield func(string)) { each(words, yield) })
		a.Byteas(len(blobs), func(yield func([]byte)) { each(blobs, yield) })
		a.UUIDs(len(ids), func(yield func([16]byte)) { each(ids, yield) })
		values := a.Values()
		require.Len(t, values, 5)

		require.ElementsMatch(t, ints, scan[int32](t, types, pgtype.Int4ArrayOID, values[0]))
		require.ElementsMatch(t, longs, scan[int64](t, types, pgtype.Int8ArrayOID, values[1]))
		require.ElementsMatch(t, words, scan[string](t, types, pgtype.TextArrayOID, values[2]))
		require.ElementsMatch(t, blobs, scan[[]byte](t, types, pgtype.ByteaArrayOID, values[3]))
		for i, id := range scan[pgtype.UUID](t, types, pgtype.UUIDArrayOID, values[4]) {
			require.Equal(t, pgtype.UUID{Bytes: ids[i], Valid: ids[i] != [16]byte{}}, id)
		}

		encoded, err := types.Encode(pgtype.Int4ArrayOID, pgtype.BinaryFormatCode, ints, nil)
		require.NoError(t, err)
		read, err := ReadInts(encoded)
		require.NoError(t, err)
		require.Len(t, read, len(ints))
		for i := range ints {
			require.EqualValues(t, ints[i], read[i])
		}
		read, err = ReadInts(values[1])
		require.NoError(t, err)
		require.ElementsMatch(t, longs, read)
	})
}

func each[T any](values []T, do func(T)) {
	for _, value := range values {
		do(value)
	}
}

func scan[T any](t *rapid.T, types *pgtype.Map, oid uint32, from []byte) (values []T) {
	require.NoError(t, types.Scan(oid, pgtype.BinaryFormatCode, from, &values))
	return values
}

// Whatever comes, reading answers or fails.
func FuzzReadInts(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 7})
	f.Fuzz(func(_ *testing.T, from []byte) { _, _ = ReadInts(from) })
}

func TestValues(t *testing.T) {
	t.Parallel()
	for _, value := range []int{0, 1, -1, math.MaxInt32, math.MinInt32} {
		read, err := ReadInt4(Int4(value))
		require.NoError(t, err)
		require.Equal(t, value, read)
	}
	require.Nil(t, UUID([16]byte{}))
	require.True(t, ReadBool([]byte{1}))
	require.False(t, ReadBool(nil))
	moment := time.Date(2026, 1, 2, 3, 4, 5, 678_901_000, time.UTC)
	encoded, err := pgtype.NewMap().Encode(pgtype.TimestamptzOID, pgtype.BinaryFormatCode, moment, nil)
	require.NoError(t, err)
	read, err := ReadMoment(encoded)
	require.NoError(t, err)
	require.Equal(t, moment, read)
	for _, wrong := range [][]byte{nil, {1}, make([]byte, 9)} {
		_, err := ReadInt8(wrong)
		require.Error(t, err)
		_, err = ReadInt4(wrong)
		require.Error(t, err)
		_, err = ReadMoment(wrong)
		require.Error(t, err)
	}
}
