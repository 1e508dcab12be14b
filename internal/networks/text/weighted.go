package text

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// AddressWeight is what every address weighs in Weighted, however long.
const AddressWeight = 23

// Weighted counts as X does, by the third version of its published
// configuration (github.com/twitter/twitter-text, config/v3.json): composed
// characters (NFC) weigh two, those of the light ranges one, an emoji two
// however many code points it is made of, an address 23.
func Weighted(s string) int {
	s = norm.NFC.String(s)
	weight, at := 0, 0
	for _, found := range addresses(s) {
		weight += weigh([]rune(s[at:found[0]])) + AddressWeight
		at = found[1]
	}
	return weight + weigh([]rune(s[at:]))
}

// lightRanges are the code points that weigh one.
var lightRanges = [][2]rune{{0, 4351}, {8192, 8205}, {8208, 8223}, {8242, 8247}}

func weigh(runes []rune) int {
	weight := 0
	for i := 0; i < len(runes); {
		if length := emoji(runes[i:]); length > 0 {
			weight += 2
			i += length
			continue
		}
		weight += 2
		for _, light := range lightRanges {
			if runes[i] >= light[0] && runes[i] <= light[1] {
				weight--
				break
			}
		}
		i++
	}
	return weight
}

const (
	joiner    = '\u200d'
	asEmoji   = '\ufe0f'
	keycap    = '\u20e3'
	firstTag  = '\U000e0020'
	lastTag   = '\U000e007f'
	firstTone = '\U0001f3fb'
	lastTone  = '\U0001f3ff'
)

// emoji is how many code points the emoji has that the text begins with; 0 when
// it begins with none (Unicode Technical Standard #51, section 1.4.9).
func emoji(runes []rune) int {
	switch {
	case len(runes) > 1 && regional(runes[0]) && regional(runes[1]):
		return 2
	case len(runes) > 2 && keycapBase(runes[0]) && runes[1] == asEmoji && runes[2] == keycap:
		return 3
	case len(runes) > 1 && keycapBase(runes[0]) && runes[1] == keycap:
		return 2
	}
	length := element(runes)
	for length > 0 && len(runes) > length+1 && runes[length] == joiner {
		next := element(runes[length+1:])
		if next == 0 {
			break
		}
		length += 1 + next
	}
	return length
}

// element is a picture with what changes its look: a skin tone, tags, or the
// wish to be shown as an emoji.
func element(runes []rune) int {
	if len(runes) == 0 || !picture(runes[0]) {
		return 0
	}
	length := 1
	if len(runes) > 1 && (runes[1] == asEmoji || runes[1] >= firstTone && runes[1] <= lastTone) {
		length = 2
	} else if runes[0] < 0x2000 {
		return 0 // © and ® are letters until they are asked to be emoji
	}
	for length < len(runes) && runes[length] >= firstTag && runes[length] <= lastTag {
		length++
	}
	return length
}

func regional(r rune) bool   { return r >= 0x1F1E6 && r <= 0x1F1FF }
func keycapBase(r rune) bool { return r >= '0' && r <= '9' || r == '#' || r == '*' }

// picture reports whether a code point may be an emoji by itself. It is a little
// generous: symbols weigh two in any case.
func picture(r rune) bool {
	switch {
	case r >= 0x1F000 && r <= 0x1FAFF, r == 0x203C, r == 0x2049, r == 0x2139, r == 0x3030, r == 0x303D:
		return true
	case r < 0x2100 && r != 0xA9 && r != 0xAE:
		return false
	default:
		return unicode.Is(unicode.So, r) || r >= 0x2190 && r <= 0x21FF
	}
}
