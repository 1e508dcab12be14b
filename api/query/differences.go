package query

import (
	"slices"
	"strings"

	"behalf/domain"
	"behalf/domain/post"
)

// Change is one thing that differs between two revisions.
type Change struct {
	What    string           `json:"what" enum:"text,link,media,target_added,target_removed,identity" doc:"What differs."`
	Account domain.AccountID `json:"account,omitzero" doc:"On which account; absent for what it says everywhere."`
	Lines   []Line           `json:"lines,omitempty" doc:"Of a text: its lines, those that are gone and those that are new in their places."`
	From    string           `json:"from,omitempty" doc:"Of a link or an identity: what it was."`
	To      string           `json:"to,omitempty" doc:"What it is."`
	Added   []post.Media     `json:"added,omitempty" doc:"Of media: which are new, or described anew."`
	Removed []post.Media     `json:"removed,omitempty" doc:"Which are gone, or were described otherwise."`
}

// Line is a line of a text that two revisions have, or one of them.
type Line struct {
	In   string `json:"in" enum:"both,from,to" doc:"Which of the two has it."`
	Text string `json:"text" doc:"The line."`
}

// differences names what differs, in the order of the content.
func differences(from, to Revision) []Change {
	changes := said(domain.AccountID{}, Said{from.Text, from.Link, from.Media}, Said{to.Text, to.Link, to.Media})
	before := map[domain.AccountID]post.Destination{}
	for _, target := range from.Targets {
		before[target.Account] = target
	}
	for _, target := range to.Targets {
		was, known := before[target.Account]
		delete(before, target.Account)
		if !known {
			changes = append(changes, Change{What: "target_added", Account: target.Account})
		}
		if was.Identity != target.Identity {
			changes = append(changes, Change{What: "identity", Account: target.Account, From: was.Identity, To: target.Identity})
		}
		changes = append(changes, said(target.Account, Said{was.Text, was.Link, was.Media}, Said{target.Text, target.Link, target.Media})...)
	}
	for _, target := range from.Targets {
		if _, gone := before[target.Account]; gone {
			changes = append(changes, Change{What: "target_removed", Account: target.Account})
		}
	}
	if changes == nil {
		return []Change{}
	}
	return changes
}

func said(on domain.AccountID, from, to Said) (changes []Change) {
	if from.Text != to.Text {
		changes = append(changes, Change{What: "text", Account: on, Lines: lines(from.Text, to.Text)})
	}
	if from.Link != to.Link {
		changes = append(changes, Change{What: "link", Account: on, From: from.Link, To: to.Link})
	}
	if !slices.Equal(from.Media, to.Media) {
		without := func(all, others []post.Media) (left []post.Media) {
			for _, medium := range all {
				if !slices.Contains(others, medium) {
					left = append(left, medium)
				}
			}
			return left
		}
		changes = append(changes, Change{What: "media", Account: on, Added: without(to.Media, from.Media), Removed: without(from.Media, to.Media)})
	}
	return changes
}

// mostLines is how many lines of a text are compared one by one: the table of
// common lines grows with the square.
const mostLines = 1_000

// lines compares two texts line by line: by their longest common subsequence.
func lines(from, to string) (compared []Line) {
	a, b := strings.Split(from, "\n"), strings.Split(to, "\n")
	if len(a) > mostLines || len(b) > mostLines {
		return []Line{{"from", from}, {"to", to}}
	}
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for k := len(b) - 1; k >= 0; k-- {
			common[i][k] = max(common[i+1][k], common[i][k+1])
			if a[i] == b[k] {
				common[i][k] = common[i+1][k+1] + 1
			}
		}
	}
	i, k := 0, 0
	for i < len(a) || k < len(b) {
		switch {
		case i < len(a) && k < len(b) && a[i] == b[k]:
			compared = append(compared, Line{"both", a[i]})
			i, k = i+1, k+1
		case k == len(b) || i < len(a) && common[i+1][k] >= common[i][k+1]:
			compared = append(compared, Line{"from", a[i]})
			i++
		default:
			compared = append(compared, Line{"to", b[k]})
			k++
		}
	}
	return compared
}
