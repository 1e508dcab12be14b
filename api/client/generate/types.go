package main

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

func writeTypes(w *bytes.Buffer, described document) {
	w.WriteString("import (\n\"encoding/json\"\n\"time\"\n)\n\n")
	for _, name := range slices.Sorted(maps.Keys(described.Components.Schemas)) {
		shape := described.Components.Schemas[name]
		writeComment(w, name+" is part of the API.", shape.Description)
		fmt.Fprintf(w, "type %s struct {\n", name)
		for _, field := range slices.Sorted(maps.Keys(shape.Properties)) {
			inner := shape.Properties[field]
			tag := field
			if !slices.Contains(shape.Required, field) {
				tag += ",omitzero"
			}
			writeComment(w, inner.Description)
			fmt.Fprintf(w, "%s %s `json:%q`\n", goName(field), goType(inner), tag)
		}
		w.WriteString("}\n\n")
	}
}

// goType is the Go type of a schema's values.
func goType(s schema) string {
	switch {
	case s.Ref != "":
		return s.Ref[strings.LastIndex(s.Ref, "/")+1:]
	case s.Type == "string" && s.Format == "date-time":
		return "time.Time"
	case s.Type == "string":
		return "string"
	case s.Type == "integer":
		return "int64"
	case s.Type == "number":
		return "float64"
	case s.Type == "boolean":
		return "bool"
	case s.Type == "array" && s.Items != nil:
		return "[]" + goType(*s.Items)
	default:
		return "json.RawMessage"
	}
}

// initials are written in capitals.
var initials = map[string]string{"id": "ID", "url": "URL", "qr": "QR", "png": "PNG", "json": "JSON", "uri": "URI", "ip": "IP"}

// goName makes an exported name of one that is written with dashes or underscores.
func goName(name string) string {
	var parts []string
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		if capital, known := initials[strings.ToLower(part)]; known {
			part = capital
		}
		parts = append(parts, strings.ToUpper(part[:1])+part[1:])
	}
	return strings.Join(parts, "")
}

var spaces = regexp.MustCompile(`\s+`)

// writeComment writes the lines that say something, each on one line.
func writeComment(w *bytes.Buffer, lines ...string) {
	for _, line := range lines {
		if line = strings.TrimSpace(spaces.ReplaceAllString(line, " ")); line != "" {
			w.WriteString("// " + line + "\n")
		}
	}
}
