package secondfactor_test

import (
	"net/http"
	"testing"

	"behalf/api/apitest"
)

// R63: the last factor stays while a workspace asks for one; R13: one that was
// closed, where the requirement could not be lifted any more, keeps nobody.
func TestTheLastFactorIsKeptWhileItIsAskedFor(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	carl := team.Join(t, "carl", "owner")
	phone := enrol(t, team.World, carl)
	team.Olivia.Command(team.Workspace, "RequireTwoFactor", map[string]string{"member": carl.ID}).Is(http.StatusOK)
	path := twoFactor + "/factors/" + phone.ID
	carl.Send(http.MethodDelete, path, nil).Problem(http.StatusConflict, "two_factor_in_use")
	team.Olivia.Command(team.Workspace, "CloseWorkspace", map[string]any{}).Is(http.StatusOK)
	carl.Send(http.MethodDelete, path, nil).Is(http.StatusNoContent)
}
