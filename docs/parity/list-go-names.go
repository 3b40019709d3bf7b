//go:build ignore

// Lists what github.com/Azure/go-amqp exports: functions, types, their fields and methods, constants.
//
//	go run docs/parity/list-go-names.go VERSION MODULE_FOLDER > docs/parity/go-amqp-names.json
//
// VERSION is written into the list as it is; `go list -m -f '{{.Version}} {{.Dir}}' github.com/Azure/go-amqp` tells both.
package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

type entry struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

type list struct {
	Module  string  `json:"module"`
	Version string  `json:"version"`
	Names   []entry `json:"names"`
}

// lister collects the names of one package. Where only is set, it takes nothing but the fields and methods of these types.
type lister struct {
	names []entry
	// aliases are exported names for types of the internal package: name there, names here.
	aliases map[string][]string
	only    map[string][]string
}

func main() {
	version, folder := os.Args[1], os.Args[2]
	face := &lister{aliases: map[string][]string{}}
	face.read(folder)
	inner := &lister{aliases: map[string][]string{}, only: face.aliases}
	inner.read(filepath.Join(folder, "internal", "encoding"))
	names := append(face.names, inner.names...)
	slices.SortFunc(names, func(a, b entry) int { return strings.Compare(a.Name, b.Name) })
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(list{"github.com/Azure/go-amqp", version, names}); err != nil {
		panic(err)
	}
}

func (l *lister) read(folder string) {
	noTests := func(file fs.FileInfo) bool { return !strings.HasSuffix(file.Name(), "_test.go") }
	packages, err := parser.ParseDir(token.NewFileSet(), folder, noTests, 0)
	if err != nil {
		panic(err)
	}
	for _, files := range packages {
		for _, file := range files.Files {
			for _, declaration := range file.Decls {
				l.declaration(declaration)
			}
		}
	}
}

func (l *lister) declaration(declaration ast.Decl) {
	switch d := declaration.(type) {
	case *ast.FuncDecl:
		l.function(d)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				l.declaredType(s)
			case *ast.ValueSpec:
				for _, name := range s.Names {
					l.top(name.Name, strings.Replace(d.Tok.String(), "const", "constant", 1))
				}
			}
		}
	}
}

func (l *lister) function(f *ast.FuncDecl) {
	if f.Recv == nil {
		l.top(f.Name.Name, "function")
		return
	}
	receiver := f.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if owner, ok := receiver.(*ast.Ident); ok {
		l.member(owner.Name, f.Name.Name, "method")
	}
}

func (l *lister) declaredType(spec *ast.TypeSpec) {
	l.top(spec.Name.Name, "type")
	if selector, ok := spec.Type.(*ast.SelectorExpr); ok && spec.Assign != token.NoPos {
		l.aliases[selector.Sel.Name] = append(l.aliases[selector.Sel.Name], spec.Name.Name)
	}
	if structure, ok := spec.Type.(*ast.StructType); ok {
		for _, field := range structure.Fields.List {
			for _, name := range field.Names {
				l.member(spec.Name.Name, name.Name, "field")
			}
		}
	}
}

func (l *lister) top(name, kind string) {
	if l.only == nil && ast.IsExported(name) {
		l.names = append(l.names, entry{name, kind})
	}
}

func (l *lister) member(owner, name, kind string) {
	owners := []string{owner}
	if l.only != nil {
		owners = l.only[owner]
	}
	for _, exported := range owners {
		if ast.IsExported(exported) && ast.IsExported(name) {
			l.names = append(l.names, entry{exported + "." + name, kind})
		}
	}
}
