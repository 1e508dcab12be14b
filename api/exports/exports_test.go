package exports_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/catalog"
	"behalf/domain/workspace/closing"
	"behalf/eventstore"
	"behalf/internal/archives"
)

const content = "everything that Acme holds"

// offered is a workspace with an archive that can be fetched, and where.
func offered(t *testing.T) (team *apitest.Team, path string, stored archives.Stored) {
	t.Helper()
	team = apitest.StartTeam(t)
	var requested struct{ Export domain.ExportID }
	team.Olivia.Command(team.Workspace, "ExportWorkspace", map[string]any{}).Done().Data(t, "workspace.export_requested.v1", &requested)
	path = fmt.Sprintf("/v1/workspaces/%s/exports/%s/archive", team.Workspace, requested.Export)
	var ws domain.WorkspaceID
	require.NoError(t, ws.UnmarshalText([]byte(team.Workspace)))
	stored, err := team.Archives.Put(t.Context(), ws, func(to io.Writer) error {
		_, err := io.WriteString(to, content)
		return err
	})
	require.NoError(t, err)
	done, err := team.Store.Execute(t.Context(), eventstore.Call{
		Type: catalog.Commands()["FinishExport"], Workspace: ws, By: domain.Actor{Part: "test", Now: time.Now().UTC(), Fresh: eventstore.Fresh},
		Command: &closing.FinishExport{Export: requested.Export, Object: stored.Object, Bytes: stored.Bytes, SHA256: stored.SHA256},
	})
	require.NoError(t, err)
	var listed struct {
		Exports []struct{ State, SHA256 string }
	}
	team.Olivia.Get(fmt.Sprintf("/v1/workspaces/%s/exports?position=%d", team.Workspace, done.Events[0].Position)).Is(http.StatusOK).Read(&listed)
	require.Len(t, listed.Exports, 1)
	require.Equal(t, "ready", listed.Exports[0].State)
	require.Equal(t, stored.SHA256, listed.Exports[0].SHA256)
	return team, path, stored
}

// R13: whole, and from where an earlier answer broke off; every fetching is in the history.
func TestFetching(t *testing.T) {
	t.Parallel()
	team, path, stored := offered(t)
	whole := team.Olivia.Get(path).Is(http.StatusOK)
	require.Equal(t, content, string(whole.Body))
	require.Equal(t, archives.ContentType, whole.Header.Get("Content-Type"))
	require.Equal(t, "no-store", whole.Header.Get("Cache-Control"))
	tag := whole.Header.Get("ETag")
	require.Equal(t, `"`+stored.SHA256+`"`, tag)
	rest := team.Olivia.Send(http.MethodGet, path, nil, "Range", "bytes=11-", "If-Range", tag).Is(http.StatusPartialContent)
	require.Equal(t, content[11:], string(rest.Body))
	again := team.Olivia.Send(http.MethodGet, path, nil, "Range", "bytes=11-", "If-Range", `"another"`).Is(http.StatusOK)
	require.Equal(t, content, string(again.Body), "it is another file")
	var consulted int
	require.NoError(t, team.Admin.QueryRow(t.Context(), `
		select count(*)
		from log.events
		where type = 'auditlog.history_consulted.v1'
			and convert_from(data, 'UTF8')::jsonb ->> 'question' = 'archive'`).Scan(&consulted))
	require.Equal(t, 3, consulted)
}

// R32, R65: the Owner alone, who has just proved who they are; to everybody else
// there is nothing, or the rule.
func TestWhoFetches(t *testing.T) {
	t.Parallel()
	team, path, _ := offered(t)
	carl := team.Join(t, "carl", "owner")
	stranger := team.SignUp(t, "mallory")
	list := "/v1/workspaces/" + team.Workspace + "/exports"
	for _, at := range []string{path, list} {
		stranger.Get(at).Problem(http.StatusNotFound, "not_found")
		carl.Get(at).Problem(http.StatusForbidden, "owner_only")
		team.Nobody(t).Get(at).Problem(http.StatusUnauthorized, "not_signed_in")
	}
	carl.Command(team.Workspace, "ExportWorkspace", map[string]any{}).Problem(http.StatusForbidden, "owner_only")
	other := stranger.CreateWorkspace("Other")
	stranger.Get("/v1/workspaces/"+other+"/exports"+path[len(list):]).Problem(http.StatusNotFound, "not_found")
	team.Olivia.Get(list+"/exp_01/archive").Problem(http.StatusNotFound, "not_found")

	var made struct{ Token string }
	team.Olivia.Post("/v1/tokens", map[string]any{"name": "program", "scopes": []string{"read", "workspaces"}}).Is(http.StatusCreated).Read(&made)
	program := team.Nobody(t)
	program.Token = made.Token
	program.Get(path).Is(http.StatusForbidden)

	team.Clock.Move(signin.FreshProof)
	team.Olivia.Get(path).Problem(http.StatusForbidden, "fresh_proof_needed")
	team.Olivia.Command(team.Workspace, "ExportWorkspace", map[string]any{}).Problem(http.StatusForbidden, "fresh_proof_needed")
}

// What is not there yet, and what is not there any more, is said.
func TestNotToBeFetched(t *testing.T) {
	t.Parallel()
	team, path, stored := offered(t)
	var requested struct{ Export domain.ExportID }
	done := team.Olivia.Command(team.Workspace, "ExportWorkspace", map[string]any{}).Done()
	done.Data(t, "workspace.export_requested.v1", &requested)
	list := fmt.Sprintf("/v1/workspaces/%s/exports", team.Workspace)
	team.Olivia.Get(fmt.Sprintf("%s?position=%d", list, done.Position)).Is(http.StatusOK)
	team.Olivia.Get(fmt.Sprintf("%s/%s/archive", list, requested.Export)).Problem(http.StatusConflict, "export_not_ready")
	team.Olivia.Command(team.Workspace, "ExportWorkspace", map[string]any{}).Problem(http.StatusConflict, "export_under_way")

	var ws domain.WorkspaceID
	require.NoError(t, ws.UnmarshalText([]byte(team.Workspace)))
	require.NoError(t, team.Archives.Delete(t.Context(), ws, stored.Object))
	team.Olivia.Get(path).Problem(http.StatusGone, "export_expired")
	team.Clock.Move(closing.ExportLife)
	again := team.Olivia.SignIn()
	again.Get(path).Problem(http.StatusGone, "export_expired")
}
