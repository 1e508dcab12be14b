package media_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/internal/media"
	"behalf/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// room is a database, a folder and keepers over them.
type room struct {
	folder      string
	admin       *pgxpool.Pool
	api, engine *media.Keeper
	workspace   domain.WorkspaceID
	uploader    domain.UserID
}

func as(t *testing.T, pool *pgxpool.Pool, role string) *pgxpool.Pool {
	t.Helper()
	config := pool.Config()
	config.MaxConns = 4
	config.ConnConfig.RuntimeParams["role"] = role
	opened, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(opened.Close)
	return opened
}

func open(t *testing.T, change func(*media.Limits)) *room {
	t.Helper()
	r := &room{
		folder: t.TempDir(), admin: testkit.Postgres(t),
		workspace: domain.WorkspaceID(uuid.Must(uuid.NewV7())), uploader: domain.UserID(uuid.Must(uuid.NewV7())),
	}
	limits := media.Standard()
	change(&limits)
	keeper := func(role string) *media.Keeper {
		store, err := media.OpenStore(t.Context(), "file://"+r.folder)
		require.NoError(t, err)
		t.Cleanup(func() { _ = store.Close() })
		return media.New(media.Options{Pool: as(t, r.admin, role), Store: store, Limits: limits, Key: [32]byte{1}, Public: "https://behalf.example"})
	}
	r.api, r.engine = keeper("behalf_api"), keeper("behalf_engine")
	return r
}

func standard(*media.Limits) {}

func (r *room) upload(key string) media.Upload {
	return media.Upload{Workspace: r.workspace, Uploader: r.uploader, Announced: -1, Request: key}
}

func (r *room) receive(t *testing.T, file []byte) media.Item {
	t.Helper()
	item, _, err := r.api.Receive(t.Context(), r.upload(""), bytes.NewReader(file))
	require.NoError(t, err)
	return item
}

// files counts what lies in the folder.
func (r *room) files(t *testing.T) (count int) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(r.folder, func(_ string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			count++
		}
		return err
	}))
	return count
}

func (r *room) rows(t *testing.T) (count int) {
	t.Helper()
	require.NoError(t, r.admin.QueryRow(t.Context(), "select count(*) from media.items").Scan(&count))
	return count
}

func read(t *testing.T, r *room, item media.Item, part media.Part) []byte {
	t.Helper()
	blob, err := r.follow(t, r.api.Address(item.ID, part, time.Hour))
	require.NoError(t, err)
	defer func() { _ = blob.Close() }()
	content, err := io.ReadAll(blob)
	require.NoError(t, err)
	return content
}

func TestReceive(t *testing.T) {
	t.Parallel()
	r := open(t, standard)
	item := r.receive(t, turned(t))
	require.Equal(t, "image/jpeg", string(item.Type))
	require.Equal(t, []int{200, 800}, []int{item.Width, item.Height}, "as it is shown")

	content := read(t, r, item, media.Content)
	require.Len(t, content, int(item.Bytes))
	require.NotContains(t, string(content), "canary", "places stay behind")
	small, kind, err := image.Decode(bytes.NewReader(read(t, r, item, media.Thumbnail)))
	require.NoError(t, err)
	require.Equal(t, "jpeg", kind)
	require.Equal(t, image.Pt(100, 400), small.Bounds().Size(), "upright, and in shape")
	above, _, _, _ := small.At(50, 50).RGBA()
	below, _, _, _ := small.At(50, 350).RGBA()
	require.Greater(t, above, uint32(0xE000), "what was left is above")
	require.Less(t, below, uint32(0x2000))
	require.Equal(t, 2, r.files(t))

	found, err := r.api.Find(t.Context(), r.workspace, []domain.MediaID{item.ID})
	require.NoError(t, err)
	require.Equal(t, item.Bytes, found[item.ID].Bytes)
	found, err = r.api.Find(t.Context(), domain.WorkspaceID{1}, []domain.MediaID{item.ID})
	require.NoError(t, err)
	require.Empty(t, found, "another workspace does not have it")
}

// What is refused leaves nothing in the store, and nothing that anybody finds.
func TestRefusedFiles(t *testing.T) {
	t.Parallel()
	r := open(t, func(l *media.Limits) { l.Image, l.Pixels = 64<<10, 40_000 })
	good := picture(t, 100, 100)
	bomb := bytes.Clone(good)
	copy(bomb[16:], "\x00\x00\xff\xff\x00\x00\xff\xff") // it says that it is large; its checksum is not looked at before its size
	for code, file := range map[string][]byte{
		"media_unsupported":     []byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
		"media_too_large":       append(bytes.Clone(good), make([]byte, 64<<10)...),
		"media_truncated":       good[:len(good)/2],
		"media_too_many_pixels": picture(t, 300, 200),
		"media_broken":          bomb,
	} {
		_, _, err := r.api.Receive(t.Context(), r.upload("key"), bytes.NewReader(file))
		require.ErrorIs(t, err, &domain.Refusal{Code: code})
		require.Zero(t, r.files(t), code)
	}
	u := r.upload("")
	u.Announced = 1 << 30
	_, _, err := r.api.Receive(t.Context(), u, bytes.NewReader(good))
	require.ErrorIs(t, err, &domain.Refusal{Code: "media_too_large"}, "it is not waited for")
	u = r.upload("")
	u.Alt = "a\x00b"
	_, _, err = r.api.Receive(t.Context(), u, bytes.NewReader(good))
	require.ErrorIs(t, err, &domain.Refusal{Code: "malformed_alt"})
	r.receive(t, good)
}

func TestQuota(t *testing.T) {
	t.Parallel()
	file := picture(t, 50, 50)
	r := open(t, func(l *media.Limits) { l.Quota = int64(len(file))*2 + 10 })
	r.receive(t, file)
	second := r.receive(t, file)
	_, _, err := r.api.Receive(t.Context(), r.upload(""), bytes.NewReader(file))
	require.ErrorIs(t, err, &domain.Refusal{Code: "media_quota"})
	require.Equal(t, 4, r.files(t))
	u := r.upload("")
	u.Announced = int64(len(file))
	_, _, err = r.api.Receive(t.Context(), u, failing{})
	require.ErrorIs(t, err, errFailing, "the first bytes tell what it is")
	require.NoError(t, r.api.Delete(t.Context(), r.workspace, second.ID))
	r.receive(t, file)
}

var errFailing = errors.New("the client went away")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errFailing }

// A file that is sent again with its key is not kept twice; another one is refused.
func TestReceiveAgain(t *testing.T) {
	t.Parallel()
	r := open(t, standard)
	file := picture(t, 30, 30)
	first, repeated, err := r.api.Receive(t.Context(), r.upload("one"), bytes.NewReader(file))
	require.NoError(t, err)
	require.False(t, repeated)
	again, repeated, err := r.api.Receive(t.Context(), r.upload("one"), bytes.NewReader(file))
	require.NoError(t, err)
	require.True(t, repeated)
	require.Equal(t, first.ID, again.ID)
	_, _, err = r.api.Receive(t.Context(), r.upload("one"), bytes.NewReader(picture(t, 31, 31)))
	require.ErrorIs(t, err, media.ErrKeyReused)
	require.Equal(t, 2, r.files(t))

	other := r.upload("one")
	other.Uploader = domain.UserID{9}
	theirs, _, err := r.api.Receive(t.Context(), other, bytes.NewReader(file))
	require.NoError(t, err)
	require.NotEqual(t, first.ID, theirs.ID, "a key is one person's")
}

// Of two that send one file with one key at the same moment, both are answered
// the same item.
func TestReceiveAtOnce(t *testing.T) {
	t.Parallel()
	r := open(t, standard)
	file := picture(t, 30, 30)
	both := make(chan media.Item, 2)
	for range 2 {
		go func() {
			item, _, err := r.api.Receive(context.WithoutCancel(t.Context()), r.upload("one"), bytes.NewReader(file))
			if err != nil {
				t.Error(err)
			}
			both <- item
		}()
	}
	one, other := <-both, <-both
	require.Equal(t, one.ID, other.ID)
	require.Equal(t, 2, r.files(t))
}

// A store that takes nothing more is told apart from a file that is wrong.
func TestStoreAway(t *testing.T) {
	t.Parallel()
	r := open(t, standard)
	item := r.receive(t, picture(t, 30, 30))
	require.NoError(t, os.RemoveAll(r.folder))
	require.NoError(t, os.WriteFile(r.folder, []byte("no folder"), 0o600))
	_, _, err := r.api.Receive(t.Context(), r.upload(""), bytes.NewReader(picture(t, 30, 30)))
	require.ErrorIs(t, err, media.ErrStore)
	_, err = r.follow(t, r.api.Address(item.ID, media.Content, time.Hour))
	require.ErrorIs(t, err, media.ErrStore)
	_, err = media.OpenStore(t.Context(), "file://"+r.folder)
	require.ErrorIs(t, err, media.ErrStore)
	for _, address := range []string{"ftp://x", "folder", "s3://", "%"} {
		_, err = media.OpenStore(t.Context(), address)
		require.ErrorIs(t, err, media.ErrStore, address)
	}
}

func TestArchiveAndNetworks(t *testing.T) {
	t.Parallel()
	r := open(t, standard)
	item := r.receive(t, picture(t, 30, 20))
	item, err := r.api.Describe(t.Context(), r.workspace, item.ID, "A kite")
	require.NoError(t, err)
	names := []string{}
	require.NoError(t, r.engine.Each(t.Context(), r.workspace, func(a media.Archived) error {
		names = append(names, a.Name)
		content, err := a.Open(t.Context())
		require.NoError(t, err)
		written, err := io.ReadAll(content)
		require.NoError(t, errors.Join(err, content.Close()))
		require.Len(t, written, int(a.Bytes))
		return nil
	}))
	require.Equal(t, []string{item.ID.String() + ".png"}, names)

	checked := media.ForLimits(item)
	require.Nil(t, checked.Open)
	require.Equal(t, "A kite", checked.Alt)
	given := r.engine.ForPublishing(item, "Something else")
	require.Equal(t, "Something else", given.Alt)
	require.Empty(t, r.engine.ForPublishing(item, "").Alt, "what a post said when it was approved is what it says (R54)")
	require.Equal(t, []int{30, 20}, []int{given.Width, given.Height})
	content, err := given.Open(t.Context())
	require.NoError(t, err)
	require.NoError(t, content.Close())
	require.True(t, strings.HasPrefix(given.Public(time.Minute), "https://behalf.example/media/med_"))
}
