package notice

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"behalf/domain/workspace"
)

// access says what two flags allow (R15-R17).
func access(flags *workspace.ClientAccess, ws string) string {
	var may []string
	if flags != nil && flags.AddAccounts {
		may = append(may, "add social accounts")
	}
	if flags != nil && flags.ManagePosts {
		may = append(may, "create, change and delete posts")
	}
	if len(may) == 0 {
		return fmt.Sprintf("In %s you may neither add social accounts nor write posts now.", ws)
	}
	return fmt.Sprintf("In %s you may %s now.", ws, strings.Join(may, " and "))
}

// through says whose connection posts go out through (R34, R37).
func through(mode workspace.CredentialMode) string {
	switch mode {
	case workspace.OwnerMode:
		return "Your posts there go out through the Owner's connection."
	case workspace.MemberMode:
		return "Your posts there go out through your own connection: connect the account if you have not."
	}
	return ""
}

func may(granted bool, what string) string {
	if granted {
		return "You may " + what + " now."
	}
	return "You may not " + what + " any more."
}

func accountCount(accounts int) string {
	switch accounts {
	case 0:
		return ""
	case 1:
		return "One social account is assigned to you."
	}
	return fmt.Sprintf("%d social accounts are assigned to you.", accounts)
}

func postCount(posts int) string {
	if posts == 1 {
		return "one post"
	}
	return fmt.Sprintf("%d posts", posts)
}

// quoted is a name in a sentence, or what stands for one that is not known.
func quoted(name, unknown string) string {
	if name == "" {
		return unknown
	}
	return "“" + name + "”"
}

func bare(name, unknown string) string {
	if name == "" {
		return unknown
	}
	return name
}

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
