package web

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"behalf/api/problem"
)

// What readers of JSON understand differently is refused, at its place.
func TestAmbiguousJSON(t *testing.T) {
	t.Parallel()
	for body, location := range map[string]string{
		`{"a":1,"a":2}`:                       "a",
		`{"a":1,"\u0061":2}`:                  "a",
		`{"a":{"b":1},"c":[0,{"d":1,"d":2}]}`: "c[1].d",
		`[[{"x":[],"x":{}}]]`:                 "[0][0].x",
	} {
		var refused *problem.Problem
		require.ErrorAs(t, checkForm([]byte(body)), &refused, body)
		require.Equal(t, "malformed_json", refused.Code, body)
		require.Equal(t, location, refused.Errors[0].Location, body)
	}
	for _, body := range []string{`"\ud800"`, `"\udc00\ud800"`, `{"\uD83Dx":1}`, `"\ud83d\u0041"`, `"\\\ud83d"`} {
		var refused *problem.Problem
		require.ErrorAs(t, checkForm([]byte(body)), &refused, body)
		require.Contains(t, refused.Detail, "surrogate", body)
	}
	for _, body := range []string{`1e400`, `{"a":[-1e400]}`} {
		var refused *problem.Problem
		require.ErrorAs(t, checkForm([]byte(body)), &refused, body)
		require.Contains(t, refused.Detail, "number", body)
	}
	for _, body := range []string{
		`{"a":{"a":1},"b":{"a":1}}`, `[{"a":1},{"a":1}]`, `"\ud83d\ude00"`, `"\\ud800"`, `"\\\\ud800"`, `"\ufffd"`, `"😀"`, `7`, `null`,
	} {
		require.NoError(t, checkForm([]byte(body)), body)
	}
}

// Whatever arrives: what is let through is JSON in which every name stands once
// and every character is one.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"a":2}`, `"\ud800"`, `{"a":[{"b":"\ud83d\ude00"}]}`, `[`, "\xff", `"\u0000"`, `{"a":{"a":{}}}`, `1 2`, ``, `1e400`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if err := checkForm(body); err != nil {
			var refused *problem.Problem
			require.ErrorAs(t, err, &refused)
			require.True(t, utf8.ValidString(refused.Detail))
			return
		}
		var value any
		require.NoError(t, json.Unmarshal(body, &value))
		require.False(t, strings.ContainsRune(string(body), 0))
		written, err := json.Marshal(value)
		require.NoError(t, err)
		if !strings.Contains(string(body), "\uFFFD") && !strings.Contains(strings.ToLower(string(body)), `\ufffd`) {
			require.NotContains(t, string(written), "\uFFFD", "no character was replaced")
		}
		require.NoError(t, checkForm(written), "what is understood is understood again")
	})
}
