package page_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/api/page"
	"behalf/api/problem"
)

type key struct {
	Name string `json:"n"`
	ID   int    `json:"i"`
}

func keyOf(n int) key { return key{Name: "n" + strconv.Itoa(n), ID: n} }

func TestPages(t *testing.T) {
	t.Parallel()
	in, list := page.In{Limit: 2}, page.List{"members", "ws_1", "editor"}
	shown, out, err := page.Cut(in, list, []int{1, 2, 3}, keyOf)
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, shown)
	after, err := page.After[key](page.In{Cursor: out.Next, Limit: 2}, list)
	require.NoError(t, err)
	require.Equal(t, &key{"n2", 2}, after)

	_, out, err = page.Cut(in, list, []int{3, 4}, keyOf)
	require.NoError(t, err)
	require.Empty(t, out.Next, "the last page")
	first, err := page.After[key](in, list)
	require.NoError(t, err)
	require.Nil(t, first)
}

// A cursor is good for nothing but the list that it was made for.
func TestForeignCursors(t *testing.T) {
	t.Parallel()
	list := page.List{"members", "ws_1", "editor"}
	_, out, err := page.Cut(page.In{Limit: 1}, list, []int{1, 2}, keyOf)
	require.NoError(t, err)
	last := byte('A')
	if out.Next[5] == last {
		last = 'B'
	}
	for name, foreign := range map[string]struct {
		cursor string
		list   page.List
	}{
		"another list":      {out.Next, page.List{"accounts", "ws_1", "editor"}},
		"another workspace": {out.Next, page.List{"members", "ws_2", "editor"}},
		"another filter":    {out.Next, page.List{"members", "ws_1", "admin"}},
		"changed":           {out.Next[:5] + string(last) + out.Next[6:], list},
		"cut off":           {out.Next[:len(out.Next)-4], list},
		"too short":         {"AAAA", list},
		"no base64":         {"***", list},
	} {
		_, err := page.After[key](page.In{Cursor: foreign.cursor}, foreign.list)
		var refused *problem.Problem
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, "bad_cursor", refused.Code, name)
		require.Equal(t, "query.cursor", refused.Errors[0].Location, name)
	}
}

// Whatever arrives as a cursor: it is refused, or it names a place.
func FuzzCursor(f *testing.F) {
	list := page.List{"members", "ws_1"}
	_, out, err := page.Cut(page.In{Limit: 1}, list, []int{1, 2}, keyOf)
	require.NoError(f, err)
	f.Add(out.Next)
	f.Add("")
	f.Add("AAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, cursor string) {
		after, err := page.After[key](page.In{Cursor: cursor}, list)
		if err != nil {
			var refused *problem.Problem
			require.ErrorAs(t, err, &refused)
			return
		}
		if after != nil {
			_, again, err := page.Cut(page.In{Limit: 1}, list, []int{after.ID, 0}, func(int) key { return *after })
			require.NoError(t, err)
			require.Equal(t, cursor, again.Next)
		}
	})
}
