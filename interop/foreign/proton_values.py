"""Neutral values (see ../neutral.mjs) as Qpid Proton reads and writes them.

Proton's Data is a cursor over a tree: next() steps, enter() and exit() change the level. Its typed getters and setters
are used throughout, for in plain Python values 1, True and uint(1) are the same key.
"""

import struct
import uuid

from proton import Data, char, decimal128

# Types whose neutral form is decimal text.
INTEGERS = ("ubyte", "ushort", "uint", "ulong", "byte", "short", "int", "long", "timestamp")
FLOATS = {"float": ">f", "double": ">d"}
DECIMALS = {"decimal32": 4, "decimal64": 8}
NAMES = dict(Data.type_names)
NAMES[Data.BOOL] = "boolean"
CODES = {name: code for code, name in NAMES.items()}


def read(data):
    """The neutral form of the value that the cursor is on."""
    name = NAMES[data.type()]
    if name == "null":
        return ["null"]
    if name == "boolean":
        return [name, bool(data.get_bool())]
    if name in INTEGERS:
        return [name, str(int(getattr(data, "get_" + name)()))]
    if name in FLOATS:
        return [name, struct.pack(FLOATS[name], getattr(data, "get_" + name)()).hex()]
    if name in DECIMALS:
        return [name, int(getattr(data, "get_" + name)()).to_bytes(DECIMALS[name], "big").hex()]
    if name == "char":
        return [name, str(ord(data.get_char()))]
    if name == "uuid":
        return [name, data.get_uuid().hex]
    if name in ("binary", "decimal128"):
        return [name, bytes(getattr(data, "get_" + name)()).hex()]
    if name in ("string", "symbol"):
        return [name, str(getattr(data, "get_" + name)())]
    return COMPOUND[name](data)


def children(data):
    """The neutral forms of what is inside the compound value that the cursor is on."""
    found = []
    data.enter()
    while data.next() is not None:
        found.append(read(data))
    data.exit()
    return found


def read_map(data):
    found = children(data)
    return ["map", [list(pair) for pair in zip(found[::2], found[1::2])]]


def read_array(data):
    _, described, kind = data.get_array()
    found = children(data)
    if described:
        return ["array", NAMES[kind], found[1:], found[0]]
    return ["array", NAMES[kind], found]


COMPOUND = {
    "list": lambda data: ["list", children(data)],
    "map": read_map,
    "array": read_array,
    "described": lambda data: ["described", *children(data)],
}


def write(data, neutral):
    """Puts the value of a neutral form at the cursor."""
    name, payload, *more = [*neutral, None][: max(2, len(neutral))]
    if name == "null":
        data.put_null()
    elif name == "boolean":
        data.put_bool(payload)
    elif name in INTEGERS:
        getattr(data, "put_" + name)(int(payload))
    elif name in FLOATS:
        getattr(data, "put_" + name)(struct.unpack(FLOATS[name], bytes.fromhex(payload))[0])
    elif name in DECIMALS:
        getattr(data, "put_" + name)(int(payload, 16))
    elif name == "decimal128":
        data.put_decimal128(decimal128(bytes.fromhex(payload)))
    elif name == "char":
        data.put_char(char(chr(int(payload))))
    elif name == "uuid":
        data.put_uuid(uuid.UUID(hex=payload))
    elif name == "binary":
        data.put_binary(bytes.fromhex(payload))
    elif name in ("string", "symbol"):
        getattr(data, "put_" + name)(payload)
    else:
        write_compound(data, name, payload, more)


def write_compound(data, name, payload, more):
    if name == "list":
        data.put_list()
        inner = payload
    elif name == "map":
        data.put_map()
        inner = [item for pair in payload for item in pair]
    elif name == "array":
        items, *descriptor = more
        data.put_array(bool(descriptor), CODES[payload])
        inner = [*descriptor, *items]
    else:
        data.put_described()
        inner = [payload, *more]
    data.enter()
    for item in inner:
        write(data, item)
    data.exit()


def encode(neutral):
    """The octets that Proton writes for a neutral form."""
    data = Data()
    write(data, neutral)
    return data.encode()


def sections(octets):
    """The neutral forms of a message's sections by descriptor."""
    found = {}
    while octets:
        data = Data()
        size = data.decode(octets)
        octets = octets[size:]
        data.rewind()
        data.next()
        _, descriptor, value = read(data)
        found[int(descriptor[1])] = value
    return found


def decode(octets):
    """The neutral form of what Proton reads in the octets of one value."""
    data = Data()
    data.decode(octets)
    data.rewind()
    data.next()
    return read(data)
