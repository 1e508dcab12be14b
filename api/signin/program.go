package signin

import (
	"strings"
	"unicode"
)

// What browsers and systems are recognised by in a User-Agent, the more
// particular word first: every browser also names those that it is like.
var (
	browsers = [][2]string{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"},
		{"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
	}
	systems = [][2]string{
		{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"},
		{"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	}
)

// maxProgram is how many characters are kept of what a program calls itself.
const maxProgram = 40

// Program says in words what a User-Agent stands for: "Firefox on Linux", or
// how a program calls itself. Versions are left out: an update makes no new
// client of a browser.
func Program(userAgent string) string {
	browser, system := first(browsers, userAgent), first(systems, userAgent)
	switch {
	case browser != "" && system != "":
		return browser + " on " + system
	case browser != "":
		return browser
	}
	name, _, _ := strings.Cut(userAgent, "/")
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name))
	if name == "" {
		return "an unnamed program"
	}
	return strings.TrimSpace(name[:min(len(name), maxProgram)])
}

func first(known [][2]string, userAgent string) string {
	for _, one := range known {
		if strings.Contains(userAgent, one[0]) {
			return one[1]
		}
	}
	return ""
}
