package pagestest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
)

func (g *Graph) feed(w http.ResponseWriter, r *http.Request, t token) {
	if !g.may(w, t) {
		return
	}
	made := fake.Post{Text: r.FormValue("message"), Link: r.FormValue("link")}
	for i := 0; r.Form.Has(fmt.Sprintf("attached_media[%d]", i)); i++ {
		var attached struct {
			ID string `json:"media_fbid"`
		}
		_ = json.Unmarshal([]byte(r.FormValue(fmt.Sprintf("attached_media[%d]", i))), &attached)
		photo := g.photos[attached.ID]
		if photo == nil {
			refuse(w, http.StatusBadRequest, 100, 33)
			return
		}
		g.used[attached.ID] = true
		made.Media = append(made.Media, *photo)
	}
	units := 0
	for _, c := range made.Text {
		units += 1 + int(c>>16&1)
	}
	if made.Text == "" && made.Link == "" && len(made.Media) == 0 || units > 63206 || made.Link != "" && len(made.Media) > 0 {
		refuse(w, http.StatusBadRequest, 100, 0)
		return
	}
	g.put(w, t, made, PageID+"_"+g.id())
}

func (g *Graph) put(w http.ResponseWriter, t token, p fake.Post, id string) {
	p.ID, p.Account, p.Person, p.URL = id, PageID, t.person, "https://www.facebook.com/"+id
	g.posts = append(g.posts, stored{p, time.Now()})
	fake.JSON(w, http.StatusOK, map[string]any{"id": id})
}

// published answers newest first, one a page.
func (g *Graph) published(w http.ResponseWriter, r *http.Request, _ token) {
	since, err := strconv.ParseInt(r.FormValue("since"), 10, 64)
	if err != nil || r.PathValue("page") != PageID {
		refuse(w, http.StatusBadRequest, 100, 0)
		return
	}
	var all []any
	for i := len(g.posts) - 1; i >= 0; i-- {
		p := g.posts[i]
		if p.at.Unix() < since {
			continue
		}
		message := strings.TrimSpace(strings.ReplaceAll(p.Text, "\r\n", "\n"))
		one := map[string]any{"id": p.ID, "message": message, "created_time": p.at.Format(time.RFC3339)}
		if len(p.Media) > 0 && p.Media[0].Kind == networks.Video {
			one["id"] = PageID + "_" + p.ID
			one["attachments"] = map[string]any{"data": []any{map[string]any{"type": "video_inline", "target": map[string]any{"id": p.ID}}}}
		}
		all = append(all, one)
	}
	at, _ := strconv.Atoi(r.FormValue("after"))
	answer := map[string]any{"data": all[min(at, len(all)):min(at+1, len(all))]}
	if at+1 < len(all) {
		answer["paging"] = map[string]any{"cursors": map[string]any{"after": strconv.Itoa(at + 1)}, "next": "https://graph.facebook.com/x"}
	}
	if answer["data"] == nil || len(all) == 0 {
		answer["data"] = []any{}
	}
	fake.JSON(w, http.StatusOK, answer)
}

func (g *Graph) remove(w http.ResponseWriter, r *http.Request, t token) {
	id := r.PathValue("id")
	if !g.may(w, t) {
		return
	}
	if _, photo := g.photos[id]; photo {
		delete(g.photos, id)
		fake.JSON(w, http.StatusOK, map[string]any{"success": true})
		return
	}
	for i, p := range g.posts {
		if p.ID == id {
			g.posts = append(g.posts[:i:i], g.posts[i+1:]...)
			fake.JSON(w, http.StatusOK, map[string]any{"success": true})
			return
		}
	}
	refuse(w, http.StatusBadRequest, 100, 33)
}
