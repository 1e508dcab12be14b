package clean

import (
	"bytes"
	"encoding/binary"
)

// orientationTag is the EXIF tag (TIFF 6.0) that says how a picture is turned.
const orientationTag = 0x0112

const shortType, longType = 3, 4

// orientation reads how a picture is turned from its EXIF data, which is a small
// TIFF file: 1 where it does not say, or nothing that makes sense.
func orientation(tiff []byte) int {
	order := byteOrder(tiff)
	if order == nil || order.Uint16(tiff[2:]) != 42 {
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > int64(len(tiff)) {
		return 1
	}
	count := int64(order.Uint16(tiff[at:]))
	for i := range count {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(tiff)) {
			return 1
		}
		if order.Uint16(tiff[entry:]) != orientationTag {
			continue
		}
		value := int64(order.Uint16(tiff[entry+8:]))
		if order.Uint16(tiff[entry+2:]) == longType {
			value = int64(order.Uint32(tiff[entry+8:]))
		}
		if value >= 1 && value <= 8 {
			return int(value)
		}
		return 1
	}
	return 1
}

func byteOrder(tiff []byte) binary.ByteOrder {
	switch {
	case len(tiff) < 8:
		return nil
	case bytes.HasPrefix(tiff, []byte("II")):
		return binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM")):
		return binary.BigEndian
	default:
		return nil
	}
}

// bareExif is EXIF data that says how a picture is turned, and nothing else.
func bareExif(turned int) []byte {
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08")
	tiff = binary.BigEndian.AppendUint16(tiff, 1) // entries
	tiff = binary.BigEndian.AppendUint16(tiff, orientationTag)
	tiff = binary.BigEndian.AppendUint16(tiff, shortType)
	tiff = binary.BigEndian.AppendUint32(tiff, 1)              // values
	tiff = binary.BigEndian.AppendUint16(tiff, uint16(turned)) //nolint:gosec // G115: 1 to 8
	tiff = append(tiff, 0, 0)
	return binary.BigEndian.AppendUint32(tiff, 0) // no other directory
}
