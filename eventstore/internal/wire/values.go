package wire

import (
	"encoding/binary"
	"time"
)

// Int4 writes an int.
func Int4(value int) []byte {
	return binary.BigEndian.AppendUint32(nil, uint32(int32(value))) //nolint:gosec // G115: versions are as wide
}

// UUID writes a uuid; the zero value is null.
func UUID(value [16]byte) []byte {
	if value == [16]byte{} {
		return nil
	}
	return value[:]
}

// ReadInt4 reads an int.
func ReadInt4(from []byte) (int, error) {
	if len(from) != 4 {
		return 0, errMalformed
	}
	return int(int32(binary.BigEndian.Uint32(from))), nil //nolint:gosec // G115: two's complement
}

// ReadInt8 reads a bigint.
func ReadInt8(from []byte) (int64, error) {
	if len(from) != 8 {
		return 0, errMalformed
	}
	return int64(binary.BigEndian.Uint64(from)), nil //nolint:gosec // G115: two's complement
}

// ReadBool reads a boolean; null is false.
func ReadBool(from []byte) bool { return len(from) == 1 && from[0] == 1 }

// epoch is where Postgres counts its microseconds from.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// ReadMoment reads a timestamptz, as UTC.
func ReadMoment(from []byte) (time.Time, error) {
	microseconds, err := ReadInt8(from)
	return epoch.Add(time.Duration(microseconds) * time.Microsecond), err
}
