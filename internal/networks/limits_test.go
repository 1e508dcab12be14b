package networks_test

import (
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
)

var limits = networks.Limits{
	Text:     networks.TextLimit{Min: 1, Max: 20, Unit: "characters", Count: utf8.RuneCountInString},
	Link:     networks.LinkInText,
	Images:   networks.MediaLimit{Max: 2, Types: []string{"image/jpeg"}, MaxBytes: 100, MaxPixels: 50, MaxSide: 10},
	Videos:   networks.MediaLimit{Max: 1, Types: []string{"video/mp4"}, MinDuration: time.Second, MaxDuration: time.Minute},
	MaxMedia: 3, MaxAlt: 5,
}

// R60: every violation is named, in the content's order.
func TestEveryViolationIsNamed(t *testing.T) {
	t.Parallel()
	good := networks.Media{Kind: networks.Image, Type: "image/jpeg", Size: 100, Width: 10, Height: 5, Alt: "ääääa"}
	film := networks.Media{Kind: networks.Video, Type: "video/mp4", Duration: time.Minute}
	for name, tc := range map[string]struct {
		content networks.Content
		codes   []string
	}{
		"fits":            {networks.Content{Text: "ääääääääääääääääääää", Media: []networks.Media{good, good}}, nil},
		"nothing":         {networks.Content{}, []string{"text text_too_short"}},
		"media speak":     {networks.Content{Media: []networks.Media{good}}, nil},
		"the link counts": {networks.Content{Text: "hello", Link: "https://a.example"}, []string{"text text_too_long"}},
		"named already":   {networks.Content{Text: "https://a.example", Link: "https://a.example"}, nil},
		"everything wrong": {networks.Content{Text: "123456789012345678901", Media: []networks.Media{
			{Kind: networks.Image, Type: "image/tiff", Size: 101, Width: 11, Height: 5, Alt: "123456"}, good, good, film,
		}}, []string{
			"text text_too_long", "media too_many_media",
			"media[0] wrong_type", "media[0] too_large", "media[0] too_many_pixels", "media[0] too_wide", "media[0] alt_too_long",
			"media mixed_media",
		}},
		"films": {networks.Content{Media: []networks.Media{film, {Kind: networks.Video, Type: "video/mp4"}}},
			[]string{"media[1] too_short", "media too_many_videos"}},
		"a long film": {networks.Content{Media: []networks.Media{{Kind: networks.Video, Type: "video/mp4", Duration: time.Hour}}},
			[]string{"media[0] too_long"}},
	} {
		var codes []string
		for _, violation := range limits.Check(tc.content) {
			codes = append(codes, violation.Field+" "+violation.Code)
			require.NotContains(t, violation.Detail, "%!", name)
		}
		require.Equal(t, tc.codes, codes, name)
	}
	withMedia := limits
	withMedia.NeedsMedia = true
	require.Equal(t, "media_needed", withMedia.Check(networks.Content{Text: "x"})[0].Code)
}
