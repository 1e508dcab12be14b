package connect

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/problem"
	"behalf/internal/networks"
)

// What a network says about whoever signed in is told in the connector's own
// sentence; what went wrong otherwise stays what it is.
func TestRefusedAuthorization(t *testing.T) {
	t.Parallel()
	for kind, want := range map[networks.FailureKind]int{
		networks.Denied: http.StatusForbidden, networks.Reauth: http.StatusConflict, networks.Rejected: http.StatusConflict,
		networks.NoPermission: http.StatusConflict, networks.Gone: http.StatusConflict, networks.Blocked: http.StatusConflict,
		networks.Unavailable: 0, networks.RateLimited: 0, networks.Misconfigured: 0,
	} {
		failure := &networks.Failure{Kind: kind, Code: "code", Detail: "The account no longer exists."}
		err := refusedAuthorization(failure)
		if want == 0 {
			require.Equal(t, error(failure), err, kind)
			continue
		}
		var told *problem.Problem
		require.ErrorAs(t, err, &told, kind)
		require.Equal(t, want, told.Status, kind)
		require.Equal(t, failure.Detail, told.Detail, kind)
	}
}
