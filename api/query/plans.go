package query

import (
	"context"
	"time"
	_ "time/tzdata" // zones are known wherever this runs

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/page"
	"behalf/api/problem"
	"behalf/domain"
	"behalf/domain/post"
	"behalf/projections/reading"
	"behalf/projections/reading/posts"
)

func (d *Desk) mountPlans(api huma.API) {
	inside(d, api, "board", "/v1/workspaces/{workspace}/board", "How much of what you see is in which state.",
		"The posts themselves are listed by state= (GET posts).", d.board)
	inside(d, api, "calendar", "/v1/workspaces/{workspace}/calendar", "What goes out, or was to go out, on some days of a time zone.",
		"By day, the earliest first; what waits for an approval without a moment of its own is in none. Of the accounts that you see (R27).", d.calendar)
}

// Lane is how much is in a state.
type Lane struct {
	State   post.TargetState `json:"state" enum:"draft,waiting,declined,scheduled,claimed,handed_over,published,failed,unknown,needs_reauthentication,missed,deleting" doc:"The state."`
	Posts   int64            `json:"posts" doc:"Posts with a target in this state."`
	Targets int64            `json:"targets" doc:"Their targets in this state."`
}

type boardOutput struct {
	Body struct {
		Reached
		Lanes []Lane `json:"lanes" doc:"All states, in the order of a target's life."`
	} `nameHint:"Board"`
}

func (d *Desk) board(ctx context.Context, admission access.Admission, views *reading.Reader, input *In) (*boardOutput, error) {
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[[]posts.Lane], error) {
		return posts.Board(ctx, views, admission.Scope(), input.Position, seenBy(admission))
	})
	if err != nil {
		return nil, err
	}
	output := &boardOutput{}
	output.Body.Reached = reached
	for _, state := range post.States() {
		lane := Lane{State: state}
		for _, counted := range found {
			if counted.State == state {
				lane.Posts, lane.Targets = counted.Posts, counted.Targets
			}
		}
		output.Body.Lanes = append(output.Body.Lanes, lane)
	}
	return output, nil
}

type calendarInput struct {
	In
	Pages
	From    string           `query:"from" required:"true" format:"date" doc:"The first day, like 2026-11-01."`
	To      string           `query:"to" required:"true" format:"date" doc:"The last day; at most 366 days in all."`
	Zone    string           `query:"zone" default:"UTC" maxLength:"64" doc:"IANA name of the time zone whose days these are."`
	Account domain.AccountID `query:"account" doc:"Only on this account."`
	Author  domain.UserID    `query:"author" doc:"Only what is this member's."`
}

// Slot is a target in a calendar.
type Slot struct {
	Post    domain.PostID    `json:"post" doc:"The post."`
	Author  domain.UserID    `json:"author" doc:"Whose it is."`
	Account domain.AccountID `json:"account" doc:"Where it goes."`
	Name    string           `json:"name" doc:"What that is called."`
	Network string           `json:"network" doc:"Where that is."`
	State   post.TargetState `json:"state" enum:"waiting,declined,scheduled,claimed,handed_over,published,failed,unknown,needs_reauthentication,missed,deleting" doc:"How far it has come."`
	Due     time.Time        `json:"due" doc:"When."`
	Day     string           `json:"day" doc:"On which day of the zone."`
	Local   string           `json:"local" doc:"The same moment in the zone, RFC 3339 with its offset."`
	Text    string           `json:"text" doc:"What it says there."`
}

type calendarOutput struct {
	Body struct {
		Reached
		Slots []Slot `json:"slots" doc:"The earliest first."`
		page.Out
	} `nameHint:"Calendar"`
}

// longestRange is how many days are asked for at most.
const longestRange = 366

func (input *calendarInput) days() (from, to time.Time, zone *time.Location, err error) {
	if zone, err = time.LoadLocation(input.Zone); err != nil || input.Zone == "Local" {
		return from, to, nil, problem.Invalid(problem.Fault{Location: "query.zone", Message: "there is no such time zone; they have names like Europe/Berlin"})
	}
	if from, err = time.ParseInLocation(time.DateOnly, input.From, zone); err == nil {
		to, err = time.ParseInLocation(time.DateOnly, input.To, zone)
	}
	if err != nil || to.Before(from) || to.After(from.AddDate(0, 0, longestRange)) {
		return from, to, nil, problem.Invalid(problem.Fault{Location: "query.to", Message: "name a first and a last day, like 2026-11-01, at most 366 days apart"})
	}
	return from, to.AddDate(0, 0, 1), zone, nil
}

func (d *Desk) calendar(ctx context.Context, admission access.Admission, views *reading.Reader, input *calendarInput) (*calendarOutput, error) {
	from, to, zone, err := input.days()
	if err != nil {
		return nil, err
	}
	list := page.List{"calendar", admission.ID, admission.Member.User, input.From, input.To, input.Zone, input.Account, input.Author}
	after, err := page.After[posts.SlotKey](input.Pages, list)
	if err != nil {
		return nil, err
	}
	found, reached, err := ask(ctx, d.Persons, input.Position, func(ctx context.Context) (reading.Answer[[]posts.Slot], error) {
		return posts.Calendar(ctx, views, admission.Scope(), input.Position, posts.CalendarPage{
			SeenBy: seenBy(admission), From: from, To: to, Account: input.Account, Author: input.Author, After: after, Limit: input.Limit + 1,
		})
	})
	if err != nil {
		return nil, err
	}
	output := &calendarOutput{}
	output.Body.Reached = reached
	found, output.Body.Out, err = page.Cut(input.Pages, list, found, func(s posts.Slot) posts.SlotKey {
		return posts.SlotKey{Due: s.Due, Post: s.Post, Account: s.Account}
	})
	output.Body.Slots = make([]Slot, len(found))
	for i, s := range found {
		content, _ := contentOf(s.Content, s.Text)
		local := s.Due.In(zone)
		output.Body.Slots[i] = Slot{
			Post: s.Post, Author: s.Author, Account: s.Account, Name: s.AccountName, Network: s.Network, State: s.State,
			Due: s.Due, Day: local.Format(time.DateOnly), Local: local.Format(time.RFC3339), Text: content.On(s.Account).Text,
		}
	}
	return output, err
}
