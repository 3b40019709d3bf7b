package main

import (
	"encoding/hex"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strconv"
	"time"

	"github.com/Azure/go-amqp"
)

// neutral is a value in the form of ../../neutral.mjs: the type, then its payload.
type neutral = []any

func integer[T any](text any, size int, convert func(int64) T) T {
	return convert(get(strconv.ParseInt(text.(string), 10, size)))
}

func natural[T any](text any, size int, convert func(uint64) T) T {
	return convert(get(strconv.ParseUint(text.(string), 10, size)))
}

func octets(text any) []byte { return get(hex.DecodeString(text.(string))) }

func bits(text any) uint64 { return get(strconv.ParseUint(text.(string), 16, 64)) }

func uuidOf(text any) (id amqp.UUID) {
	copy(id[:], octets(text))
	return id
}

// build makes the value that go-amqp writes for a neutral form. It panics where go-amqp has no such value.
func build(form neutral) any {
	switch form[0] {
	case "null":
		return nil
	case "boolean", "string":
		return form[1]
	case "ubyte":
		return natural(form[1], 8, func(n uint64) uint8 { return uint8(n) })
	case "ushort":
		return natural(form[1], 16, func(n uint64) uint16 { return uint16(n) })
	case "uint":
		return natural(form[1], 32, func(n uint64) uint32 { return uint32(n) })
	case "ulong":
		return natural(form[1], 64, func(n uint64) uint64 { return n })
	case "byte":
		return integer(form[1], 8, func(n int64) int8 { return int8(n) })
	case "short":
		return integer(form[1], 16, func(n int64) int16 { return int16(n) })
	case "int":
		return integer(form[1], 32, func(n int64) int32 { return int32(n) })
	case "long":
		return integer(form[1], 64, func(n int64) int64 { return n })
	case "float":
		return math.Float32frombits(uint32(bits(form[1])))
	case "double":
		return math.Float64frombits(bits(form[1]))
	case "timestamp":
		return integer(form[1], 64, time.UnixMilli)
	case "uuid":
		return uuidOf(form[1])
	case "binary":
		return octets(form[1])
	case "symbol":
		return amqp.Symbol(form[1].(string))
	case "list":
		return buildAll[any](form[1])
	case "map":
		return buildMap(form[1])
	case "array":
		return buildArray(form)
	}
	panic(fmt.Sprintf("no value of go-amqp is a %v", form[0]))
}

func buildAll[T any](forms any) []T {
	built := make([]T, 0, len(forms.([]any)))
	for _, form := range forms.([]any) {
		item, _ := build(form.(neutral)).(T)
		built = append(built, item)
	}
	return built
}

func buildMap(pairs any) map[any]any {
	built := map[any]any{}
	for _, pair := range pairs.([]any) {
		built[build(pair.([]any)[0].(neutral))] = build(pair.([]any)[1].(neutral))
	}
	return built
}

func buildArray(form neutral) any {
	if len(form) > 3 {
		panic("no array of go-amqp has a descriptor")
	}
	switch form[1] {
	case "boolean":
		return buildAll[bool](form[2])
	case "ushort":
		return buildAll[uint16](form[2])
	case "uint":
		return buildAll[uint32](form[2])
	case "ulong":
		return buildAll[uint64](form[2])
	case "byte":
		return buildAll[int8](form[2])
	case "short":
		return buildAll[int16](form[2])
	case "int":
		return buildAll[int32](form[2])
	case "long":
		return buildAll[int64](form[2])
	case "float":
		return buildAll[float32](form[2])
	case "double":
		return buildAll[float64](form[2])
	case "timestamp":
		return buildAll[time.Time](form[2])
	case "uuid":
		return buildAll[amqp.UUID](form[2])
	case "binary":
		return buildAll[[]byte](form[2])
	case "string":
		return buildAll[string](form[2])
	case "symbol":
		return buildAll[amqp.Symbol](form[2])
	case "map":
		return buildAll[map[any]any](form[2])
	}
	panic(fmt.Sprintf("no array of go-amqp holds %vs", form[1]))
}

// neutralOf is the neutral form of what go-amqp read.
func neutralOf(value any) neutral {
	switch found := value.(type) {
	case nil, amqp.Null:
		return neutral{"null"}
	case bool:
		return neutral{"boolean", found}
	case float32:
		return neutral{"float", fmt.Sprintf("%08x", math.Float32bits(found))}
	case float64:
		return neutral{"double", fmt.Sprintf("%016x", math.Float64bits(found))}
	case string:
		return neutral{"string", found}
	case amqp.Symbol:
		return neutral{"symbol", string(found)}
	case []byte:
		return neutral{"binary", hex.EncodeToString(found)}
	case amqp.UUID:
		return neutral{"uuid", hex.EncodeToString(found[:])}
	case time.Time:
		return neutral{"timestamp", strconv.FormatInt(found.UnixMilli(), 10)}
	case []any:
		return neutral{"list", neutralsOf(reflect.ValueOf(found))}
	}
	return neutralOfOther(reflect.ValueOf(value))
}

// names are those of AMQP for the integers of Go.
var names = map[reflect.Kind]string{
	reflect.Uint8: "ubyte", reflect.Uint16: "ushort", reflect.Uint32: "uint", reflect.Uint64: "ulong",
	reflect.Int8: "byte", reflect.Int16: "short", reflect.Int32: "int", reflect.Int64: "long",
}

func neutralOfOther(value reflect.Value) neutral {
	switch value.Kind() {
	case reflect.Map:
		return neutral{"map", neutralPairs(value)}
	case reflect.Slice:
		items := neutralsOf(value)
		return neutral{"array", neutralOf(reflect.Zero(value.Type().Elem()).Interface())[0], items}
	case reflect.Struct:
		// The type of described values is not exported, but its fields are.
		if descriptor := value.FieldByName("Descriptor"); descriptor.IsValid() {
			return neutral{"described", neutralOf(descriptor.Interface()), neutralOf(value.FieldByName("Value").Interface())}
		}
	}
	if name, found := names[value.Kind()]; found {
		return neutral{name, fmt.Sprint(value.Interface())}
	}
	panic(fmt.Sprintf("no neutral form of %v (%v)", value, value.Type()))
}

func neutralsOf(values reflect.Value) []neutral {
	forms := make([]neutral, 0, values.Len())
	for n := range values.Len() {
		forms = append(forms, neutralOf(values.Index(n).Interface()))
	}
	return forms
}

// neutralPairs are sorted, for a Go map has no order.
func neutralPairs(pairs reflect.Value) []any {
	forms := make([]any, 0, pairs.Len())
	for _, key := range pairs.MapKeys() {
		forms = append(forms, []any{neutralOf(key.Interface()), neutralOf(pairs.MapIndex(key).Interface())})
	}
	sort.Slice(forms, func(a, b int) bool { return fmt.Sprint(forms[a]) < fmt.Sprint(forms[b]) })
	return forms
}
