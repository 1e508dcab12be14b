package personal_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"behalf/domain"
	"behalf/domain/personal"
)

type inner struct {
	Name personal.Text `json:"name"`
}

type met struct {
	Count int           `json:"count"`
	Email personal.Text `json:"email,omitzero"`
	Who   inner         `json:"who"`
}

func (met) EventType() string { return "user.met.v1" }

type plain struct{ Count int }

func (plain) EventType() string { return "user.plain.v1" }

type misplaced struct{ Texts []personal.Text }

func (misplaced) EventType() string { return "user.misplaced.v1" }

func said() met {
	return met{Count: 1, Email: personal.New(carl, canary), Who: inner{Name: personal.New(carl, "<Carl>")}}
}

func TestEveryTextOfAnEventIsFound(t *testing.T) {
	t.Parallel()
	id := domain.EventID{15: 9}
	original := said()
	var places []personal.Place
	edited, err := personal.Edit(personal.Bind(original, id), func(texts []*personal.Text) error {
		for _, text := range texts {
			places = append(places, text.Place())
			*text = personal.Lost(text.Person())
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []personal.Place{{ID: id, Field: "email"}, {ID: id, Field: "who.name"}}, places)
	require.Equal(t, met{Count: 1, Email: personal.Lost(carl), Who: inner{Name: personal.Lost(carl)}}, edited)
	require.Equal(t, said(), original, "the event itself stays as it is")

	broken := errors.New("no key")
	_, err = personal.Edit(original, func([]*personal.Text) error { return broken })
	require.ErrorIs(t, err, broken)
}

func TestEventsWithoutTextsAreLeftAlone(t *testing.T) {
	t.Parallel()
	require.Equal(t, plain{1}, personal.Bind(plain{1}, domain.EventID{15: 9}))
	require.Equal(t, plain{1}, personal.Show(plain{1}))
	edited, err := personal.Edit(plain{1}, func([]*personal.Text) error { return errors.New("it has none") })
	require.NoError(t, err)
	require.Equal(t, plain{1}, edited)
}

func TestATextThatWouldNotBeSealedIsRefused(t *testing.T) {
	t.Parallel()
	require.PanicsWithValue(t,
		"personal_test.misplaced: the personal text in Texts stands behind a slice, where it is not sealed",
		func() { personal.Bind(misplaced{}, domain.EventID{}) })
}

func TestShow(t *testing.T) {
	t.Parallel()
	event := said()
	event.Who.Name = personal.Lost(carl)
	data, err := json.Marshal(personal.Show(event))
	require.NoError(t, err)
	require.JSONEq(t, `{"count":1,"email":"carl.canary@example.com","who":{"name":"erased person"}}`, string(data))
}

// words opens whatever is sealed.
type words struct{ asked int }

func (w *words) Open(_ context.Context, texts ...*personal.Text) error {
	for _, text := range texts {
		w.asked++
		*text = personal.New(text.Person(), string(text.Ciphertext()))
	}
	return nil
}

type row struct {
	Name   personal.Text
	Parts  []inner
	Link   *inner
	Number int
}

func TestOpenAll(t *testing.T) {
	t.Parallel()
	sealed := func(says string) personal.Text { return personal.Sealed(carl, personal.Place{}, []byte(says)) }
	rows := []row{{Name: sealed("a"), Parts: []inner{{sealed("b")}, {sealed("c")}}, Link: &inner{sealed("d")}}, {Name: sealed("e")}}
	opener := &words{}
	require.NoError(t, personal.OpenAll(t.Context(), opener, &rows))
	require.Equal(t, 5, opener.asked)
	require.Equal(t, "a", rows[0].Name.Reveal())
	require.Equal(t, "c", rows[0].Parts[1].Name.Reveal())
	require.Equal(t, "d", rows[0].Link.Name.Reveal())
	require.Equal(t, "e", rows[1].Name.Reveal())

	numbers := []int{1, 2}
	require.NoError(t, personal.OpenAll(t.Context(), nil, &numbers), "nothing to open, nobody to ask")

	opened, err := personal.Opened(t.Context(), opener, met{Email: sealed("f")})
	require.NoError(t, err)
	require.Equal(t, "f", opened.(met).Email.Reveal())
}
