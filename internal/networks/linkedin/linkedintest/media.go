package linkedintest

import (
	"fmt"
	"io"
	"net/http"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
)

type imageBody struct {
	Begin struct {
		Owner string `json:"owner"`
	} `json:"initializeUploadRequest"`
}

type videoBody struct {
	Begin *struct {
		Owner     string `json:"owner"`
		Bytes     int64  `json:"fileSizeBytes"`
		Captions  bool   `json:"uploadCaptions"`
		Thumbnail bool   `json:"uploadThumbnail"`
	} `json:"initializeUploadRequest"`
	Finish *struct {
		Video string   `json:"video"`
		Token string   `json:"uploadToken"`
		Parts []string `json:"uploadedPartIds"`
	} `json:"finalizeUploadRequest"`
}

func (n *network) image(w http.ResponseWriter, r *http.Request, person string, body any) {
	sent := body.(*imageBody)
	if r.FormValue("action") != "initializeUpload" || !n.may(person, sent.Begin.Owner) {
		refuse(w, http.StatusForbidden, 100, "ACCESS_DENIED", "owner")
		return
	}
	urn := "urn:li:image:C5" + n.id()
	n.media[urn] = &fake.Medium{Kind: networks.Image}
	fake.JSON(w, http.StatusOK, map[string]any{"value": map[string]any{
		"uploadUrlExpiresAt": 1650567510704, "uploadUrl": "http://" + r.Host + "/dms-uploads/" + urn, "image": urn,
	}})
}

const partSize = 2000

func (n *network) video(w http.ResponseWriter, r *http.Request, person string, body any) {
	sent := body.(*videoBody)
	switch {
	case r.FormValue("action") == "initializeUpload" && sent.Begin != nil && n.may(person, sent.Begin.Owner):
		urn := "urn:li:video:C5" + n.id()
		n.media[urn] = &fake.Medium{Kind: networks.Video}
		var parts []any
		for first := int64(0); first < sent.Begin.Bytes; first += partSize {
			parts = append(parts, map[string]any{
				"uploadUrl": fmt.Sprintf("http://%s/dms-uploads/%s", r.Host, urn),
				"firstByte": first, "lastByte": min(first+partSize, sent.Begin.Bytes) - 1,
			})
		}
		fake.JSON(w, http.StatusOK, map[string]any{"value": map[string]any{
			"video": urn, "uploadToken": "", "uploadInstructions": parts, "uploadUrlsExpireAt": 1633234495377,
		}})
	case r.FormValue("action") == "finalizeUpload" && sent.Finish != nil && n.media[sent.Finish.Video] != nil &&
		int64(len(sent.Finish.Parts)) == (n.media[sent.Finish.Video].Size+partSize-1)/partSize:
		n.arrived[sent.Finish.Video] = true
		w.WriteHeader(http.StatusOK)
	default:
		refuse(w, http.StatusBadRequest, 100, "ILLEGAL_ARGUMENT", "invalid")
	}
}

func (n *network) videoStatus(w http.ResponseWriter, r *http.Request, _ string, _ any) {
	status := "PROCESSING"
	if n.media[r.PathValue("urn")].Alt == "seen" {
		status = "AVAILABLE"
	}
	n.media[r.PathValue("urn")].Alt = "seen"
	fake.JSON(w, http.StatusOK, map[string]any{"id": r.PathValue("urn"), "status": status})
}

func (n *network) put(w http.ResponseWriter, r *http.Request, _ any) {
	size, err := io.Copy(io.Discard, r.Body)
	n.mu.Lock()
	defer n.mu.Unlock()
	medium := n.media[r.PathValue("urn")]
	if err != nil || medium == nil || (medium.Kind == networks.Image) != (r.Header.Get("Authorization") != "") {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	medium.Size += size
	if medium.Kind == networks.Image {
		n.arrived[r.PathValue("urn")] = true
	}
	w.Header().Set("ETag", "part"+n.id())
	w.WriteHeader(http.StatusCreated)
}
