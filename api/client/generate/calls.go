package main

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

func writeCalls(w *bytes.Buffer, described document) {
	w.WriteString("import (\n\"context\"\n\"io\"\n\"net/http\"\n\"net/url\"\n\"strconv\"\n)\n\n")
	w.WriteString("var (\n_ = strconv.Itoa\n_ = url.PathEscape\n_ io.Reader\n)\n\n")
	written, widest := map[string]bool{}, widestOf(described)
	for _, path := range slices.Sorted(maps.Keys(described.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(described.Paths[path])) {
			made := made(method, path, described.Paths[path][method])
			if made.binary {
				continue // its address is given out whole, and is anybody's to fetch
			}
			if made.in != "" && !written[made.in] {
				written[made.in] = true
				widest[made.in].writeIn(w)
			}
			made.write(w)
		}
	}
}

// widestOf is, for each type of parameters, the method that takes most: commands
// share one, and some of them take more than others.
func widestOf(described document) map[string]method {
	widest := map[string]method{}
	for _, path := range slices.Sorted(maps.Keys(described.Paths)) {
		for _, verb := range slices.Sorted(maps.Keys(described.Paths[path])) {
			one := made(verb, path, described.Paths[path][verb])
			if len(one.others) > len(widest[one.in].others) {
				widest[one.in] = one
			}
		}
	}
	return widest
}

// method is one method of the client.
type method struct {
	operation
	name, method, path string
	arguments          []parameter // in the path
	others             []parameter // in query and headers
	in                 string      // the type that holds the others; empty without any
	body, answer       string      // types; empty without any
	streams            bool
	file               bool // the body is one, sent as it is read
	binary             bool // the answer is no JSON
	answersFile        bool // as it is
}

func made(verb, path string, op operation) method {
	m := method{operation: op, name: goName(op.ID), method: verb, path: path}
	for _, p := range op.Parameters {
		if p.In == "path" {
			m.arguments = append(m.arguments, p)
		} else {
			m.others = append(m.others, p)
		}
	}
	slices.SortFunc(m.arguments, func(a, b parameter) int {
		return strings.Index(path, "{"+a.Name+"}") - strings.Index(path, "{"+b.Name+"}")
	})
	if len(m.others) > 0 {
		m.in = m.name + "In"
	}
	if strings.Contains(path, "/commands/") {
		m.in = "CommandIn"
	}
	if op.RequestBody != nil {
		if described, found := op.RequestBody.Content["application/json"]; found {
			m.body = goType(described.Schema)
		} else {
			m.body, m.file = "io.Reader", true
		}
	}
	for _, status := range []string{"200", "201"} {
		if response := op.Responses[status]; response != nil {
			_, m.streams = response.Content["text/event-stream"]
			_, m.binary = response.Content["application/octet-stream"]
			_, m.answersFile = response.Content["application/zip"]
			if answer, found := response.Content["application/json"]; found {
				m.answer = goType(answer.Schema)
			}
		}
	}
	return m
}

func (m method) writeIn(w *bytes.Buffer) {
	writeComment(w, m.in+" are parameters that may be left out.")
	fmt.Fprintf(w, "type %s struct {\n", m.in)
	for _, p := range m.others {
		writeComment(w, p.Description)
		fmt.Fprintf(w, "%s %s\n", goName(p.Name), goType(p.Schema))
	}
	w.WriteString("}\n\n")
}

func (m method) write(w *bytes.Buffer) {
	writeComment(w, m.name+": "+m.Summary)
	if m.Deprecated {
		w.WriteString("//\n// Deprecated: see the documentation.\n")
	}
	fmt.Fprintf(w, "func (c *Client) %s(ctx context.Context", m.name)
	path := `"` + m.path + `"`
	for _, p := range m.arguments {
		fmt.Fprintf(w, ", %s string", p.Name)
		path = strings.Replace(path, "{"+p.Name+"}", `" + url.PathEscape(`+p.Name+`) + "`, 1)
	}
	if m.body != "" {
		w.WriteString(", body " + m.body)
	}
	if m.in != "" {
		w.WriteString(", in " + m.in)
	}
	made := "call{method: " + constants[m.method] + ", path: " + strings.TrimSuffix(path, ` + ""`)
	switch {
	case m.file:
		made += ", file: body"
	case m.body != "":
		made += ", body: body"
	}
	switch {
	case m.streams:
		fmt.Fprintf(w, ") (*Stream, error) {\ncall := %s}\n%sreturn c.stream(ctx, call)\n}\n\n", made, m.parameters())
	case m.answersFile:
		fmt.Fprintf(w, ") (*File, error) {\ncall := %s}\n%sreturn c.file(ctx, call)\n}\n\n", made, m.parameters())
	case m.answer != "":
		fmt.Fprintf(w, ") (answer %s, err error) {\ncall := %s}\n%serr = c.do(ctx, call, &answer)\nreturn answer, err\n}\n\n", m.answer, made, m.parameters())
	default:
		fmt.Fprintf(w, ") error {\ncall := %s}\n%sreturn c.do(ctx, call, nil)\n}\n\n", made, m.parameters())
	}
}

var constants = map[string]string{
	strings.ToLower(http.MethodGet): "http.MethodGet", strings.ToLower(http.MethodPost): "http.MethodPost",
	strings.ToLower(http.MethodPut): "http.MethodPut", strings.ToLower(http.MethodPatch): "http.MethodPatch",
	strings.ToLower(http.MethodDelete): "http.MethodDelete",
}

// parameters are the statements that put what is left over into the call.
func (m method) parameters() string {
	var lines strings.Builder
	for _, p := range m.others {
		value := "in." + goName(p.Name)
		switch goType(p.Schema) {
		case "int64":
			fmt.Fprintf(&lines, "if %s != 0 {\n", value)
			value = "strconv.FormatInt(" + value + ", 10)"
		case "bool":
			fmt.Fprintf(&lines, "if %s {\n", value)
			value = `"true"`
		default:
			fmt.Fprintf(&lines, "if %s != \"\" {\n", value)
		}
		fmt.Fprintf(&lines, "call.parameter(%q, %q, %s)\n}\n", p.In, p.Name, value)
	}
	return lines.String()
}
