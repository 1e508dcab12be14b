package fuzz_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
)

// nonsense makes values that are almost right.
type nonsense struct{ *rand.Rand }

// texts are what texts are replaced with; the canary is recognised in answers.
var texts = []string{
	"", " ", "canary-of-the-fuzzer", strings.Repeat("x", 5000), "\u202eevil", "a\nb", "😀", "'; drop table x; --", "{{7*7}}", "%s%n",
	"../../etc/passwd", "null", "-1", "1e999", "usr_" + strings.Repeat("0", 32), "acc_" + strings.Repeat("f", 32), "ws_canary",
	"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2030-02-30T00:00:00Z", "2030-01-01T00:00:00+14:00", "\u0000", "\ufffd",
}

// parts are JSON that replaces values, broken ones included.
var parts = []string{
	"null", "true", "0", "-1", "1e400", "9223372036854775808", `""`, "[]", "{}", `[[[[[]]]]]`, `"\ud800"`, `{"a":1,"a":2}`, `"\u0000"`, `{"":null}`, "1 2", "",
}

func (n nonsense) text() string { return texts[n.IntN(len(texts))] }

// body spoils an example: mostly in one place, sometimes whole.
func (n nonsense) body(example json.RawMessage) []byte {
	switch n.IntN(10) {
	case 0:
		return []byte(parts[n.IntN(len(parts))])
	case 1:
		return example[:n.IntN(len(example)+1)]
	case 2:
		spoiled := slices.Clone(example)
		if len(spoiled) > 0 {
			spoiled[n.IntN(len(spoiled))] = byte(n.IntN(256))
		}
		return spoiled
	}
	var value any
	if json.Unmarshal(example, &value) != nil {
		return example
	}
	written, err := json.Marshal(n.spoil(value))
	if err != nil {
		return example
	}
	// a part that is no value by itself
	return []byte(strings.Replace(string(written), `"@@part@@"`, parts[n.IntN(len(parts))], 1))
}

func (n nonsense) spoil(value any) any {
	switch inner := value.(type) {
	case map[string]any:
		if len(inner) == 0 || n.IntN(8) == 0 {
			inner[n.text()] = n.text()
			return inner
		}
		names := make([]string, 0, len(inner))
		for name := range inner {
			names = append(names, name)
		}
		slices.Sort(names)
		name := names[n.IntN(len(names))]
		if n.IntN(5) == 0 {
			delete(inner, name)
		} else {
			inner[name] = n.spoil(inner[name])
		}
		return inner
	case []any:
		if len(inner) == 0 || n.IntN(4) == 0 {
			return slices.Repeat(append(inner, n.text()), n.IntN(40))
		}
		inner[n.IntN(len(inner))] = n.spoil(inner[n.IntN(len(inner))])
		return inner
	}
	switch n.IntN(4) {
	case 0:
		return "@@part@@"
	case 1:
		return n.Int64() - n.Int64()
	default:
		return n.text()
	}
}
