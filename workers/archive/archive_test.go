package archive_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/post"
	"behalf/domain/post/writing"
	"behalf/domain/workspace/closing"
	"behalf/domain/workspace/invitation"
	"behalf/eventstore/seal/export"
	"behalf/internal/archives"
	"behalf/projections"
	"behalf/workers/archive"
	"behalf/workers/workerstest"
)

// R13: everything is in it, in plain words; no secret is; and the history in it
// verifies with the log's public key alone.
func TestAnArchiveHoldsEverything(t *testing.T) {
	t.Parallel()
	w := open(t)
	scheduled := w.Schedule(w.Carl, "What Carl wrote", time.Now().Add(time.Hour))
	w.As(w.Carl, &writing.CreateDraft{Private: true, Content: post.Content{
		Text: "What Carl keeps to himself", Targets: []post.Destination{{Account: w.Account}},
	}})
	w.As(w.Olivia, &invitation.InviteAuditor{Email: "ada@example.com", Person: domain.UserID{15: 9}})
	asked := w.ask()
	photo := archive.Medium{Name: "photo.jpg", Write: func(_ context.Context, to io.Writer) error {
		_, err := to.Write([]byte("a picture"))
		return err
	}}
	media := pictures(func(_ context.Context, do func(archive.Medium) error) error { return do(photo) })
	w.Background(archive.New(w.deps(media, 0)).Run)
	require.Eventually(t, func() bool { return len(w.finished()) > 0 }, time.Minute, 10*time.Millisecond)
	offered := w.finished()[0]
	require.Equal(t, asked.Export, offered.Export)
	require.Equal(t, w.Olivia, offered.Owner)

	files := w.unpacked(offered)
	require.Contains(t, string(files["README.txt"]), "Acme")
	require.Equal(t, "a picture", string(files["media/photo.jpg"]))
	require.Contains(t, read(t, files["data/workspace.json"]), "name")
	members := read(t, files["data/members.json"]).([]any)
	require.Len(t, members, 2)
	require.Contains(t, string(files["data/members.json"]), workerstest.CarlEmail)
	require.Contains(t, string(files["data/members.json"]), `"credential_mode": "owner"`)
	require.Contains(t, string(files["data/invitations.json"]), "ada@example.com")
	require.Contains(t, string(files["data/accounts.json"]), "Acme News")
	written := read(t, files["data/posts.jsonl"]).(map[string]any)
	require.Equal(t, scheduled.String(), written["id"])
	require.Contains(t, string(files["data/posts.jsonl"]), "What Carl wrote")
	require.NotContains(t, string(files["data/posts.jsonl"]), "keeps to himself", "R31")
	require.Contains(t, string(files["README.txt"]), "1 of them")
	require.Len(t, written["revisions"], 1)
	require.Len(t, written["targets"], 1)
	require.NotEmpty(t, written["happened"])

	summary, err := export.Check(bytes.NewReader(files["history/history.jsonl"]), w.known)
	require.NoError(t, err)
	require.Equal(t, w.Workspace, summary.Workspace)
	require.Contains(t, string(files["history/history.jsonl"]), "workspace.export_requested.v1")
	require.Len(t, files, 8)
}

// What the log says of an archive is what is stored.
func TestAnArchiveIsWhatTheLogSays(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.ask()
	require.NoError(t, archive.New(w.deps(nil, 0)).MakeWanted(w.Ctx))
	offered := w.finished()[0]
	reader, err := archives.New(w.bucket).Open(w.Ctx, w.Workspace, offered.Object)
	require.NoError(t, err)
	digest := sha256.New()
	size, err := io.Copy(digest, reader)
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	require.Equal(t, offered.Bytes, size)
	require.Equal(t, offered.SHA256, hex.EncodeToString(digest.Sum(nil)))
}

// Whoever dies in the middle leaves nothing that is offered; the next one
// begins again, and one archive comes of it.
func TestKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.ask()
	ctx, die := context.WithCancel(w.Ctx)
	media := pictures(func(ctx context.Context, _ func(archive.Medium) error) error {
		die()
		return ctx.Err()
	})
	require.Error(t, archive.New(w.deps(media, 0)).MakeWanted(ctx))
	require.Empty(t, w.finished())
	require.Empty(t, w.stored(), "what was not finished is not there")

	for range 2 { // once more changes nothing
		require.NoError(t, archive.New(w.deps(nil, 0)).MakeWanted(w.Ctx))
		require.Len(t, w.finished(), 1)
		require.Len(t, w.stored(), 1)
		w.CaughtUp(projections.Exports.Group())
	}
}

// Somebody who died without a word keeps others waiting no longer than a lease.
func TestDeadWithoutAWord(t *testing.T) {
	t.Parallel()
	w := open(t)
	asked := w.ask()
	take := func(until string) {
		_, err := w.Pool.Exec(w.Ctx, `
			insert into workers.exports (export_id, taken_until)
			values ($1, clock_timestamp() + $2::interval)
			on conflict (export_id) do update set taken_until = excluded.taken_until`, [16]byte(asked.Export), until)
		require.NoError(t, err)
	}
	take("1 hour")
	require.NoError(t, archive.New(w.deps(nil, 0)).MakeWanted(w.Ctx))
	require.Empty(t, w.finished(), "somebody is at it")
	take("-1 second")
	require.NoError(t, archive.New(w.deps(nil, 0)).MakeWanted(w.Ctx))
	require.Len(t, w.finished(), 1)
}

// Of two archives of one request the first is offered, and the other one goes.
func TestTwoOfOneRequest(t *testing.T) {
	t.Parallel()
	w := open(t)
	asked := w.ask()
	first := &closing.FinishExport{Export: asked.Export, Object: "first.zip"}
	media := pictures(func(context.Context, func(archive.Medium) error) error {
		w.AsSystem(first) // while this one is still being written
		return nil
	})
	require.NoError(t, archive.New(w.deps(media, 0)).MakeWanted(w.Ctx))
	require.Len(t, w.finished(), 1)
	require.Equal(t, "first.zip", w.finished()[0].Object)
	require.Empty(t, w.stored())
}

// A lease that is lost ends the making.
func TestLeaseLost(t *testing.T) {
	t.Parallel()
	w := open(t)
	asked := w.ask()
	media := pictures(func(ctx context.Context, _ func(archive.Medium) error) error {
		_, err := w.Pool.Exec(w.Ctx, "update workers.exports set tries = tries + 1 where export_id = $1", [16]byte(asked.Export))
		require.NoError(t, err)
		<-ctx.Done()
		return ctx.Err()
	})
	deps := w.deps(media, 0)
	deps.Lease = 200 * time.Millisecond
	require.Error(t, archive.New(deps).MakeWanted(w.Ctx))
	require.Empty(t, w.finished())
	require.Empty(t, w.stored())
}

// R13: kept until its time is over; what nobody offers is swept when it is old
// enough not to be somebody's who is about to.
func TestSweep(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.ask()
	require.NoError(t, archive.New(w.deps(nil, 0)).MakeWanted(w.Ctx))
	w.CaughtUp(projections.Exports.Group())
	shelf := archives.New(w.bucket)
	_, err := shelf.Put(w.Ctx, w.Workspace, func(to io.Writer) error { _, err := to.Write([]byte("half")); return err })
	require.NoError(t, err)
	require.NoError(t, archive.New(w.deps(nil, 0)).Sweep(w.Ctx))
	require.Len(t, w.stored(), 2, "the other one is a moment old")

	later := time.Now().Add(time.Hour)
	nothing := func(context.Context, []string) (map[string]bool, error) { return nil, nil }
	kept := func(context.Context, []string) (map[string]bool, error) {
		return map[string]bool{w.finished()[0].Object: true}, nil
	}
	swept, err := shelf.Sweep(w.Ctx, later, kept)
	require.NoError(t, err)
	require.Equal(t, 1, swept)
	require.Len(t, w.stored(), 1)
	swept, err = shelf.Sweep(w.Ctx, later, nothing)
	require.NoError(t, err)
	require.Equal(t, 1, swept)
	require.Empty(t, w.stored())
}

// R13: with the workspace go its archives, and its history still verifies.
func TestDeletedWithItsArchives(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.ask()
	require.NoError(t, archive.New(w.deps(nil, 0)).MakeWanted(w.Ctx))
	require.Len(t, w.stored(), 1)
	w.As(w.Olivia, &closing.DeleteWorkspace{})
	deps := w.Deps()
	deps.Archives, deps.History = archives.New(w.bucket), w.source()
	deps.Now = func() time.Time { return time.Now().Add(closing.DeletionGrace + time.Minute) }
	w.WorkWith(deps, workerstest.Times)
	require.Eventually(t, func() bool { return len(w.stored()) == 0 }, time.Minute, 20*time.Millisecond)
	var history bytes.Buffer
	require.Eventually(t, func() bool {
		history.Reset()
		_, err := w.source().Write(w.Ctx, &history, w.Workspace)
		return err == nil && bytes.Contains(history.Bytes(), []byte("workspace.deleted.v1"))
	}, time.Minute, 50*time.Millisecond)
	_, err := export.Check(&history, w.known)
	require.NoError(t, err)
}
