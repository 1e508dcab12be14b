package pagestest

import (
	"net/http"
	"strconv"
	"strings"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
)

func (g *Graph) photo(w http.ResponseWriter, r *http.Request, t token) {
	_, header, err := r.FormFile("source")
	if !g.may(w, t) {
		return
	}
	if err != nil || r.FormValue("published") != "false" {
		refuse(w, http.StatusBadRequest, 100, 0)
		return
	}
	id := g.id()
	g.arrived++
	g.photos[id] = &fake.Medium{Kind: networks.Image, Size: header.Size, Alt: r.FormValue("alt_text_custom")}
	fake.JSON(w, http.StatusOK, map[string]any{"id": id})
}

func (g *Graph) video(w http.ResponseWriter, r *http.Request, t token) {
	size, known := g.films[r.FormValue("fbuploader_video_file_chunk")]
	if !g.may(w, t) {
		return
	}
	if !known {
		refuse(w, http.StatusBadRequest, 100, 0)
		return
	}
	g.put(w, t, fake.Post{Text: r.FormValue("description"), Media: []fake.Medium{{Kind: networks.Video, Size: size}}}, g.id())
}

func (g *Graph) session(w http.ResponseWriter, r *http.Request, _ token) {
	size, err := strconv.ParseInt(r.FormValue("file_length"), 10, 64)
	if err != nil || r.PathValue("app") != fake.ClientID || r.FormValue("file_type") != "video/mp4" {
		refuse(w, http.StatusBadRequest, 100, 0)
		return
	}
	id := "upload:" + g.id()
	g.films[id] = size
	fake.JSON(w, http.StatusOK, map[string]any{"id": id})
}

func (g *Graph) upload(w http.ResponseWriter, r *http.Request, _ any) {
	g.mu.Lock()
	defer g.mu.Unlock()
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "OAuth ")
	size, known := g.films[r.PathValue("upload")]
	if t, live := g.tokens[given]; !ok || !known || !live || t.subcode != 0 || r.ContentLength != size {
		refuse(w, http.StatusBadRequest, 100, 0)
		return
	}
	handle := "h" + g.id()
	g.arrived++
	g.films[handle] = size
	fake.JSON(w, http.StatusOK, map[string]any{"h": handle})
}
