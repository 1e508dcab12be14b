package fake

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// heldAnswer is an answer that is complete before anybody sees it.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (h *heldAnswer) Header() http.Header         { return h.header }
func (h *heldAnswer) WriteHeader(status int)      { h.status = status }
func (h *heldAnswer) Write(b []byte) (int, error) { return h.body.Write(b) }

func (h *heldAnswer) passOn(w http.ResponseWriter) {
	maps.Copy(w.Header(), h.header)
	w.WriteHeader(h.status)
	_, _ = w.Write(h.body.Bytes())
}

// add puts members into every object that nobody documents.
func (h *heldAnswer) add() {
	var answer any
	decoder := json.NewDecoder(bytes.NewReader(h.body.Bytes()))
	decoder.UseNumber()
	if decoder.Decode(&answer) != nil {
		return // no JSON: nothing to add to
	}
	extend(answer)
	written, err := json.Marshal(answer)
	if err != nil {
		return
	}
	h.body.Reset()
	h.body.Write(written)
	if h.header.Get("Content-Length") != "" {
		h.header.Set("Content-Length", strconv.Itoa(len(written)))
	}
}

func extend(value any) {
	switch v := value.(type) {
	case map[string]any:
		for _, member := range v {
			extend(member)
		}
		v["zz_new_member"] = map[string]any{"since": "tomorrow", "list": []any{1, nil}}
	case []any:
		for _, element := range v {
			extend(element)
		}
	}
}
