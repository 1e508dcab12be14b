package problem

import (
	"encoding/json"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/require"
)

// What decoding says names our types; the caller is told what was expected.
func TestFaultsKeepOurTypesToThemselves(t *testing.T) {
	t.Parallel()
	var body struct {
		UpTo int64 `json:"up_to"`
	}
	broken := json.Unmarshal([]byte(`{"up_to":9223372036854775808}`), &body)
	require.ErrorContains(t, broken, "Go struct field")
	faults := Faults([]error{
		&huma.ErrorDetail{Location: "body", Message: broken.Error(), Value: "secret"},
		&huma.ErrorDetail{Location: "body.name", Message: "expected length <= 100"},
	})
	require.Equal(t, []Fault{
		{Location: "body", Message: "a value is not of its type, or beyond its range"},
		{Location: "name", Message: "expected length <= 100"},
	}, faults)
}
