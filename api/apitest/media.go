package apitest

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Picture is a PNG of that many pixels on each side.
func Picture(t testing.TB, side int) []byte {
	t.Helper()
	var written bytes.Buffer
	require.NoError(t, png.Encode(&written, image.NewNRGBA(image.Rect(0, 0, side, side))))
	return written.Bytes()
}

// Upload uploads a picture, and answers its id.
func (p *Person) Upload(workspace string) string {
	p.t.Helper()
	var made struct{ ID string }
	p.Send(http.MethodPost, "/v1/workspaces/"+workspace+"/media?alt=canary+of+Acme", Picture(p.t, 10), "Content-Type", "image/png").
		Is(http.StatusCreated).Read(&made)
	return made.ID
}
