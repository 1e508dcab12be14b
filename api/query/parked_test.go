package query_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/projections"
)

// Who asks for what they wrote is told when the view has put it aside; who
// does not name it, sees the rest.
func TestAParkedWriteSaysSo(t *testing.T) {
	t.Parallel()
	w := apitest.Start(t)
	olivia := w.SignUp(t, "olivia")
	var created struct {
		Position int64 `json:"position"`
	}
	olivia.Post("/v1/workspaces", map[string]string{"name": "Acme"}).Is(http.StatusCreated).Read(&created)
	mine := "/v1/workspaces?position=" + strconv.FormatInt(created.Position, 10)
	olivia.Get(mine).Is(http.StatusOK)

	_, err := w.Admin.Exec(t.Context(), `
		insert into views.parked (name, position, workspace_id, stream, type, class)
		select $2, position, workspace_id, stream, type, '22003'
		from log.events
		where position = $1`, created.Position, projections.Members.Group())
	require.NoError(t, err)
	answer := olivia.Get(mine)
	parked := answer.Problem(http.StatusServiceUnavailable, "parked")
	require.Equal(t, created.Position, parked.Position)
	require.GreaterOrEqual(t, *parked.Reached, created.Position)
	require.Equal(t, "60", answer.Header.Get("Retry-After"))
	olivia.Get("/v1/workspaces").Is(http.StatusOK)
}
