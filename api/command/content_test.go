package command_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api/apitest"
	"behalf/domain"
	"behalf/domain/post"
)

// R60: what a person has sent again is looked at again; what the network shows is
// as it is.
func TestWhatIsUnknownIsCheckedBeforeItIsSentAgain(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	id, to := "post_"+strings.Repeat("6", 32), []map[string]string{{"account": team.Account}}
	team.Olivia.Command(team.Workspace, "CreateDraft", map[string]any{"post": id, "text": strings.Repeat("ä", 6_000), "targets": to}).Done()
	var p domain.PostID
	var account domain.AccountID
	require.NoError(t, p.UnmarshalText([]byte(id)))
	require.NoError(t, account.UnmarshalText([]byte(team.Account)))
	appended(t, team, post.Stream(p), post.Scheduled{Revision: 1, At: time.Now()})
	appended(t, team, post.Stream(p), post.TargetUnknown{Account: account})

	resolve := map[string]any{"post": id, "account": team.Account, "shown": false}
	refused := team.Olivia.Command(team.Workspace, "ResolveUnknown", resolve).Problem(http.StatusUnprocessableEntity, "content_refused")
	require.Equal(t, "R60", refused.Rule)
	require.Equal(t, "targets[0].text", refused.Errors[0].Location)
	team.Olivia.Command(team.Workspace, "ResolveUnknown", map[string]any{
		"post": id, "account": team.Account, "shown": true, "url": "https://example.com/1",
	}).Done()
}

// R54: what is said of a picture is written with the post: whoever describes the
// picture anew changes no post, and least of all one that was approved.
func TestAPostKeepsWhatItSaysOfItsMedia(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	medium := team.Olivia.Upload(team.Workspace)
	in := "/v1/workspaces/" + team.Workspace
	silent, own := map[string]any{"media": medium}, map[string]any{"media": medium, "alt": "Her own words"}
	content := map[string]any{
		"text": "Look", "media": []any{silent, own}, "targets": []map[string]any{{"account": team.Account, "media": []any{own, silent}}},
	}
	with := func(more map[string]any) map[string]any {
		maps.Copy(more, content)
		return more
	}
	at := func() time.Time { return time.Now().Add(time.Hour + time.Duration(moments.Add(2))*time.Minute) }
	said := func(id string, position int64) (alts []string) {
		type media []struct{ Alt string }
		var shown struct {
			Media   media
			Targets []struct{ Own struct{ Media media } }
		}
		team.Olivia.Get(apitest.At(in+"/posts/"+id, position)).Is(http.StatusOK).Read(&shown)
		for _, each := range append(shown.Media, shown.Targets[0].Own.Media...) {
			alts = append(alts, each.Alt)
		}
		return alts
	}
	written := []string{"canary of Acme", "Her own words", "Her own words", "canary of Acme"}
	var ids []string
	for command, body := range map[string]map[string]any{
		"CreateDraft": with(map[string]any{}), "SchedulePost": with(map[string]any{"at": at()}), "PublishPost": with(map[string]any{}),
	} {
		done := team.Olivia.Command(team.Workspace, command, body).Done()
		ids = append(ids, "post_"+done.Events[0].Stream[len("post-"):])
		require.Equal(t, written, said(ids[len(ids)-1], done.Position), command)
	}
	team.Olivia.Send(http.MethodPatch, in+"/media/"+medium, []byte(`{"alt":"Something else"}`), "Content-Type", "application/json").Is(http.StatusOK)
	for _, id := range ids {
		require.Equal(t, written, said(id, 0))
	}
	edited := team.Olivia.Command(team.Workspace, "EditPost", with(map[string]any{"post": ids[0]})).Done()
	require.Equal(t, []string{"Something else", "Her own words", "Her own words", "Something else"}, said(ids[0], edited.Position))
}
