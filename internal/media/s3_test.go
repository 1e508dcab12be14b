package media_test

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/media"
)

// bucket speaks as much of S3 as is used here: whole objects, ranges, deleting.
// It is no proof of what a real one does; that what we say is S3 at all is.
type bucket struct {
	mutex   sync.Mutex
	objects map[string][]byte
	full    bool
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if !strings.HasPrefix(r.URL.Path, "/pictures/") || !strings.Contains(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256") {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/pictures/")
	switch r.Method {
	case http.MethodPut:
		content, err := payload(r)
		if err != nil || b.full {
			w.WriteHeader(http.StatusBadRequest) // one that is not tried again
			return
		}
		b.objects[name] = content
		sum := md5.Sum(content)
		w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:])+`"`)
	case http.MethodDelete:
		delete(b.objects, name)
		w.WriteHeader(http.StatusNoContent)
	default:
		content, found := b.objects[name]
		if !found {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `<Error><Code>NoSuchKey</Code><Message>none</Message></Error>`)
			return
		}
		http.ServeContent(w, r, "", time.Now(), bytes.NewReader(content))
	}
}

// payload takes off the frames that S3's clients put around a stream.
func payload(r *http.Request) ([]byte, error) {
	if !strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
		return io.ReadAll(r.Body)
	}
	var content bytes.Buffer
	framed := bufio.NewReader(r.Body)
	for {
		line, err := framed.ReadString('\n')
		if err != nil {
			return nil, err
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		length, err := strconv.ParseInt(size, 16, 64)
		if err != nil || length == 0 {
			return content.Bytes(), err
		}
		if _, err := io.CopyN(&content, framed, length); err != nil {
			return nil, err
		}
		if _, err := framed.ReadString('\n'); err != nil {
			return nil, err
		}
	}
}

// The same over S3: received, read in ranges, deleted; full, and refused at start.
func TestS3(t *testing.T) { //nolint:paralleltest // S3's client takes its credentials from the environment
	t.Setenv("AWS_ACCESS_KEY_ID", "behalf")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret-of-the-test")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	kept := &bucket{objects: map[string][]byte{}}
	server := httptest.NewServer(kept)
	t.Cleanup(server.Close)
	address := "?region=eu-central-1&use_path_style=true&endpoint=" + server.URL
	r := open(t, standard)
	store, err := media.OpenStore(t.Context(), "s3://pictures"+address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, store.Close()) })
	r.api = media.New(media.Options{Pool: as(t, r.admin, "behalf_api"), Store: store, Limits: media.Standard(), Key: [32]byte{1}, Public: "https://behalf.example"})
	r.engine = media.New(media.Options{Pool: as(t, r.admin, "behalf_engine"), Store: store, Limits: media.Standard()})

	item := r.receive(t, picture(t, 40, 40))
	require.Len(t, kept.objects, 2, "the probe is gone")
	content := read(t, r, item, media.Content)
	require.Len(t, content, int(item.Bytes))
	blob, err := r.follow(t, r.api.Address(item.ID, media.Content, time.Hour))
	require.NoError(t, err)
	_, err = blob.Seek(1, io.SeekStart)
	require.NoError(t, err)
	part := make([]byte, 3)
	_, err = io.ReadFull(blob, part)
	require.NoError(t, err)
	require.Equal(t, "PNG", string(part))
	require.NoError(t, blob.Close())

	kept.full = true
	_, _, err = r.api.Receive(t.Context(), r.upload(""), bytes.NewReader(picture(t, 40, 40)))
	require.ErrorIs(t, err, media.ErrStore)
	require.NoError(t, r.engine.DeleteWorkspace(t.Context(), r.workspace))
	require.Empty(t, kept.objects)
	_, err = media.OpenStore(t.Context(), "s3://others"+address)
	require.ErrorIs(t, err, media.ErrStore)
	require.NotContains(t, err.Error(), "secret-of-the-test")
}
