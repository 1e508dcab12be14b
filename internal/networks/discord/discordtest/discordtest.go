// Package discordtest is Discord for tests: the calls of a webhook, by the
// documentation of its API. It is strict: what is not documented fails the test.
package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"behalf/internal/networks"
	"behalf/internal/networks/fake"
)

// PublicURL is what the installation calls itself.
const PublicURL = "https://behalf.example"

const guild = "41771983423143937"

// Hook is a webhook.
type Hook struct{ ID, Token, Channel string }

// Hooks are the webhooks, by who made them.
var Hooks = map[string]Hook{
	fake.Olivia: {"223704706495545344", "3d89bb7572e0fb30d8128367b3b1b44fecd1726de135", "199737254929760256"},
	fake.Carl:   {"223704706495545345", "4d89bb7572e0fb30d8128367b3b1b44fecd1726de136", "199737254929760257"},
}

// Address is the address as Discord shows it.
func (h Hook) Address() string { return "https://discord.com/api/webhooks/" + h.ID + "/" + h.Token }

// Account is what posts through it appear on.
func (h Hook) Account() string { return guild + "/" + h.Channel }

// Network is the fake.
type Network struct {
	mu    sync.Mutex
	posts []fake.Post
	gone  map[string]bool
}

// Handler is the network until the test ends.
func (n *Network) Handler(t testing.TB) http.Handler {
	t.Helper()
	n.gone = map[string]bool{}
	webhook, agent := "/api/v10/webhooks/{id}/{token}", map[string]string{"User-Agent": "DiscordBot (" + PublicURL + ", 1)"}
	return fake.Strict(t,
		fake.Endpoint{Pattern: "GET " + webhook, Headers: agent, Handle: n.as(n.show)},
		fake.Endpoint{
			Pattern: "POST " + webhook, Headers: agent, Query: []string{"wait"}, Form: []string{"payload_json", "files[]"},
			JSON: func() any { return &messageBody{} }, Handle: n.as(n.post),
		},
		fake.Endpoint{Pattern: "DELETE " + webhook + "/messages/{message}", Headers: agent, Handle: n.as(n.remove)},
	)
}

// Posts lists the messages, in the order of their making.
func (n *Network) Posts() []fake.Post {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]fake.Post{}, n.posts...)
}

// Remove deletes somebody's webhook.
func (n *Network) Remove(person string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.gone[Hooks[person].ID] = true
}

type messageBody struct {
	Content  string `json:"content"`
	Mentions struct {
		Parse []string `json:"parse"`
	} `json:"allowed_mentions"`
	Attachments []struct {
		ID          int    `json:"id"`
		Filename    string `json:"filename"`
		Description string `json:"description"`
	} `json:"attachments"`
}

func refuse(w http.ResponseWriter, status, code int) {
	fake.JSON(w, status, map[string]any{"message": "m", "code": code})
}

// as finds the webhook of an address.
func (n *Network) as(next func(http.ResponseWriter, *http.Request, Hook, any)) func(http.ResponseWriter, *http.Request, any) {
	return func(w http.ResponseWriter, r *http.Request, body any) {
		n.mu.Lock()
		defer n.mu.Unlock()
		for _, h := range Hooks {
			if h.ID == r.PathValue("id") && !n.gone[h.ID] {
				if h.Token != r.PathValue("token") {
					refuse(w, http.StatusUnauthorized, 50027)
					return
				}
				next(w, r, h, body)
				return
			}
		}
		refuse(w, http.StatusNotFound, 10015)
	}
}

func (n *Network) show(w http.ResponseWriter, _ *http.Request, h Hook, _ any) {
	fake.JSON(w, http.StatusOK, map[string]any{
		"id": h.ID, "type": 1, "name": "Spidey Bot", "channel_id": h.Channel, "guild_id": guild, "token": h.Token,
	})
}

func (n *Network) post(w http.ResponseWriter, r *http.Request, h Hook, body any) {
	sent, alone := body.(*messageBody)
	if !alone { // with files
		sent = &messageBody{}
		if json.Unmarshal([]byte(r.FormValue("payload_json")), sent) != nil || len(sent.Attachments) == 0 {
			refuse(w, http.StatusBadRequest, 50035)
			return
		}
	}
	if r.URL.Query().Get("wait") != "true" {
		refuse(w, http.StatusBadRequest, 50035)
		return
	}
	made := fake.Post{ID: strconv.Itoa(900000 + len(n.posts)), Account: h.Account(), Person: h.ID, Text: sent.Content}
	made.URL = "https://discord.com/channels/" + made.Account + "/" + made.ID
	for i, attachment := range sent.Attachments {
		_, header, err := r.FormFile(fmt.Sprintf("files[%d]", i))
		if err != nil || header.Filename != attachment.Filename {
			refuse(w, http.StatusBadRequest, 50035)
			return
		}
		kind := networks.Image
		if strings.HasSuffix(attachment.Filename, ".mp4") {
			kind = networks.Video
		}
		made.Media = append(made.Media, fake.Medium{Kind: kind, Alt: attachment.Description, Size: header.Size})
	}
	units := 0
	for _, c := range sent.Content {
		units += 1 + int(c>>16&1)
	}
	switch {
	case sent.Content == "" && len(made.Media) == 0:
		refuse(w, http.StatusBadRequest, 50006)
	case units > 2000 || sent.Mentions.Parse == nil:
		refuse(w, http.StatusBadRequest, 50035)
	default:
		n.posts = append(n.posts, made)
		fake.JSON(w, http.StatusOK, map[string]any{"id": made.ID, "channel_id": h.Channel, "webhook_id": h.ID, "content": made.Text})
	}
}

func (n *Network) remove(w http.ResponseWriter, r *http.Request, h Hook, _ any) {
	for i, p := range n.posts {
		if p.ID == r.PathValue("message") && p.Person == h.ID {
			n.posts = append(n.posts[:i:i], n.posts[i+1:]...)
			w.WriteHeader(http.StatusNoContent)
			return
		}
	}
	refuse(w, http.StatusNotFound, 10008)
}
