package media_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/api"
	"behalf/api/apitest"
	kept "behalf/internal/media"
	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// canary is in a picture's notes.
const canary = "canary-of-a-place"

// picture is a PNG with a note.
func picture(t testing.TB, side int) []byte {
	t.Helper()
	var plain bytes.Buffer
	require.NoError(t, png.Encode(&plain, image.NewNRGBA(image.Rect(0, 0, side, side))))
	const header = 8 + 25
	note := "\x00\x00\x00\x11tEXt" + canary + "crc!"
	return append(append(bytes.Clone(plain.Bytes()[:header]), note...), plain.Bytes()[header:]...)
}

type medium struct {
	ID, Uploader, Type, Alt, URL, Thumbnail string
	Bytes                                   int64
	Width, Height                           int
}

func upload(p *apitest.Person, workspace string, file []byte, headers ...string) apitest.Answer {
	return p.Send(http.MethodPost, "/v1/workspaces/"+workspace+"/media", file, append([]string{"Content-Type", "text/html"}, headers...)...)
}

func uploaded(t *testing.T, p *apitest.Person, workspace string) (one medium) {
	t.Helper()
	upload(p, workspace, picture(t, 20)).Is(http.StatusCreated).Read(&one)
	return one
}

func TestUploading(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	media := "/v1/workspaces/" + team.Workspace + "/media"
	answer := team.Olivia.Send(http.MethodPost, media+"?alt=A+kite", picture(t, 20), "Idempotency-Key", "one").Is(http.StatusCreated)
	var made medium
	answer.Read(&made)
	require.Equal(t, media+"/"+made.ID, answer.Header.Get("Location"))
	require.Equal(t, "image/png", made.Type)
	require.Equal(t, "A kite", made.Alt)
	require.Equal(t, team.Olivia.ID, made.Uploader)
	require.Equal(t, []int{20, 20}, []int{made.Width, made.Height})

	again := team.Olivia.Send(http.MethodPost, media+"?alt=A+kite", picture(t, 20), "Idempotency-Key", "one").Is(http.StatusCreated)
	require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
	require.Contains(t, string(again.Body), made.ID)
	team.Olivia.Send(http.MethodPost, media, picture(t, 21), "Idempotency-Key", "one").Problem(http.StatusUnprocessableEntity, "key_reused")

	var shown, changed medium
	team.Olivia.Get(media + "/" + made.ID).Is(http.StatusOK).Read(&shown)
	require.Equal(t, made, shown)
	team.Olivia.Send(http.MethodPatch, media+"/"+made.ID, []byte(`{"alt":"Two kites"}`), "Content-Type", "application/json").Is(http.StatusOK).Read(&changed)
	require.Equal(t, "Two kites", changed.Alt)
	var list struct{ Media []medium }
	team.Olivia.Get(media).Is(http.StatusOK).Read(&list)
	require.Equal(t, []medium{changed}, list.Media)
	team.Olivia.Send(http.MethodDelete, media+"/"+made.ID, nil).Is(http.StatusNoContent)
	team.Olivia.Get(media+"/"+made.ID).Problem(http.StatusNotFound, "not_found")
	team.Nobody(t).Get(made.URL).Problem(http.StatusNotFound, "not_found")
}

func TestPages(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	first, second := uploaded(t, team.Olivia, team.Workspace), uploaded(t, team.Olivia, team.Workspace)
	var page struct {
		Media []medium
		Next  string
	}
	team.Olivia.Get("/v1/workspaces/" + team.Workspace + "/media?limit=1").Is(http.StatusOK).Read(&page)
	require.Equal(t, second.ID, page.Media[0].ID)
	next := page.Next
	page.Next = ""
	team.Olivia.Get("/v1/workspaces/" + team.Workspace + "/media?limit=1&cursor=" + next).Is(http.StatusOK).Read(&page)
	require.Equal(t, first.ID, page.Media[0].ID)
	require.Empty(t, page.Next)
}

// The address is enough: no session. What it shows cannot run as a page of ours.
func TestFetching(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	made := uploaded(t, team.Olivia, team.Workspace)
	nobody := team.Nobody(t)
	answer := nobody.Get(made.URL).Is(http.StatusOK)
	require.Len(t, answer.Body, int(made.Bytes))
	require.NotContains(t, string(answer.Body), canary)
	for name, value := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes",
		"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
		"Content-Disposition":     `inline; filename="` + made.ID + `.png"`,
	} {
		require.Equal(t, value, answer.Header.Get(name), name)
	}
	require.Regexp(t, `^private, immutable, max-age=3[56]\d\d$`, answer.Header.Get("Cache-Control"))
	require.Empty(t, answer.Header.Get("Set-Cookie"))
	part := nobody.Send(http.MethodGet, made.URL, nil, "Range", "bytes=1-3").Is(http.StatusPartialContent)
	require.Equal(t, "PNG", string(part.Body))
	head := nobody.Send(http.MethodHead, made.URL, nil).Is(http.StatusOK)
	require.Empty(t, head.Body)
	require.Equal(t, answer.Header.Get("Content-Length"), head.Header.Get("Content-Length"))
	nobody.Send(http.MethodGet, made.URL, nil, "If-None-Match", answer.Header.Get("ETag")).Is(http.StatusNotModified)
	require.Equal(t, "image/png", nobody.Get(made.Thumbnail).Is(http.StatusOK).Header.Get("Content-Type"))

	for _, forged := range []string{
		made.URL[:strings.Index(made.URL, "?")], made.URL + "x", strings.Replace(made.URL, "med_", "usr_", 1),
		team.URL + "/media/nothing", strings.Replace(made.URL, "expires=", "expires=9", 1), made.URL + "&part=thumbnail",
	} {
		nobody.Get(forged).Problem(http.StatusNotFound, "not_found")
	}
	team.Clock.Move(3 * time.Hour)
	nobody.Get(made.URL).Problem(http.StatusGone, "address_expired")
	require.NotContains(t, team.Logs.String(), made.URL[strings.Index(made.URL, "signature=")+10:])
}

// R17, R28, R32: who writes no posts uploads nothing; Editors delete what is
// theirs; what one does not see is not there.
func TestWhoMay(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	media := "/v1/workspaces/" + team.Workspace + "/media"
	carl := team.Join(t, "carl", "owner") // a Client with manage_posts
	olivias, carls := uploaded(t, team.Olivia, team.Workspace), uploaded(t, carl, team.Workspace)
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		carl.Send(method, media+"/"+olivias.ID, nil).Problem(http.StatusNotFound, "not_found")
	}
	var list struct{ Media []medium }
	carl.Get(media).Is(http.StatusOK).Read(&list)
	require.Len(t, list.Media, 1)
	team.Olivia.Get(media).Is(http.StatusOK).Read(&list)
	require.Len(t, list.Media, 2, "the Owner sees everybody's (R2)")

	team.Olivia.Command(team.Workspace, "ChangeClientAccess", map[string]any{
		"member": carl.ID, "access": map[string]bool{"add_accounts": false, "manage_posts": false},
	}).Is(http.StatusOK)
	require.Equal(t, "R17", upload(carl, team.Workspace, picture(t, 20)).Problem(http.StatusForbidden, "posting_not_granted").Rule)
	require.Equal(t, "R17", carl.Send(http.MethodDelete, media+"/"+carls.ID, nil).Problem(http.StatusForbidden, "posting_not_granted").Rule)
	team.Olivia.Send(http.MethodDelete, media+"/"+carls.ID, nil).Is(http.StatusNoContent)

	mallory := team.SignUp(t, "mallory")
	elsewhere := mallory.CreateWorkspace("Evil")
	mallory.Get("/v1/workspaces/"+elsewhere+"/media/"+olivias.ID).Problem(http.StatusNotFound, "not_found")
	upload(mallory, team.Workspace, picture(t, 20)).Problem(http.StatusNotFound, "not_found")
	team.Olivia.Command(team.Workspace, "CloseWorkspace", map[string]any{}).Is(http.StatusOK)
	require.Equal(t, "R13", upload(team.Olivia, team.Workspace, picture(t, 20)).Problem(http.StatusConflict, "workspace_closed").Rule)
	team.Olivia.Get(media + "/" + olivias.ID).Is(http.StatusOK)
}

// Whatever is sent is answered by one precise problem.
func TestBadUploads(t *testing.T) {
	t.Parallel()
	team := apitest.StartTeam(t)
	limits := kept.Limits{Image: 8 << 10, Video: 16 << 10, Pixels: 10_000, Quota: 1 << 20}
	keeper := team.Keeper(t, team.Pool(t), limits)
	team.Serve(t, func(d *api.Deps) { d.Media = keeper })
	good := picture(t, 20)
	for name, test := range map[string]struct {
		file   []byte
		status int
		code   string
	}{
		"nothing":    {nil, http.StatusUnsupportedMediaType, "media_unsupported"},
		"a page":     {[]byte("<!doctype html><script>alert(1)</script>"), http.StatusUnsupportedMediaType, "media_unsupported"},
		"JSON":       {[]byte(`{"media":"med"}`), http.StatusUnsupportedMediaType, "media_unsupported"},
		"too large":  {append(bytes.Clone(good), make([]byte, 9<<10)...), http.StatusRequestEntityTooLarge, "media_too_large"},
		"cut":        {good[:len(good)-8], http.StatusUnprocessableEntity, "media_truncated"},
		"too many":   {picture(t, 101), http.StatusUnprocessableEntity, "media_too_many_pixels"},
		"not a PNG":  {append(bytes.Clone(good[:8]), make([]byte, 40)...), http.StatusUnprocessableEntity, "media_broken"},
		"not a film": {append([]byte("\x00\x00\x00\x10ftypisom\x00\x00\x00\x00"), "\x00\x00\x00\x08ftyp"...), http.StatusUnprocessableEntity, "media_broken"},
	} {
		upload(team.Olivia, team.Workspace, test.file).Problem(test.status, test.code)
		_ = name
	}
	upload(team.Olivia, team.Workspace, good).Is(http.StatusCreated)
	media := "/v1/workspaces/" + team.Workspace + "/media"
	team.Olivia.Send(http.MethodPost, media+"?alt=%00", good).Problem(http.StatusUnprocessableEntity, "malformed_alt")
	team.Olivia.Send(http.MethodPost, media+"?name=x", good).Problem(http.StatusUnprocessableEntity, "invalid")
	team.Nobody(t).Send(http.MethodPost, media, good).Problem(http.StatusUnauthorized, "not_signed_in")
	program := team.Olivia.With(t)
	var made struct{ Token string }
	team.Olivia.Post("/v1/tokens", map[string]any{"name": "program", "scopes": []string{"read"}}).Is(http.StatusCreated).Read(&made)
	program.Token = made.Token
	program.Send(http.MethodPost, media, good).Problem(http.StatusForbidden, "insufficient_scope")
	program.Get(media).Is(http.StatusOK)
}
