"""Writes YAML as carelessly as people may: every way to indent, quote, comment and break lines, at random."""

from random import Random

PLAIN = (
    *("on", "1.10", "5319e7", "007", "-5", "~", "true", "a b", "a#b", "x:y", "https://a.b/c?d=e", "é中😀"),
    *("text-${var.x}", "2024-01-01", "x", "a'b", 'a"b', "-x", "?x", ":x"),
)
FLOW_PLAIN = tuple(text for text in PLAIN if text[0] not in "-?:," and "{" not in text)
QUOTED = (
    *("''", '""', "'on'", '"on"', "'1.10'", '"5319e7"', "'it''s'", "'say \"x\"'", "'\\n'", '"tab\\t"'),
    *(
        '"${var.x}"',
        "'${var.x}'",
        "'a: b'",
        '"# no comment"',
        "'# none, either'",
        '"\\u00e9\\\\"',
        '" a "',
        "'é'",
    ),
)
LINES = (
    "one",
    "two words",
    "  deeper",
    "trailing  ",
    "# no comment",
    "- dash",
    "k: v",
    "",
    "",
    "\ttab",
    "'",
    '"',
)


class Scribe:
    """Writes one document. ``comments`` are those that it has written, in their order."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._count = 0
        self._anchors: list[str] = []
        self._mappings: list[str] = []
        self._limit: int | None = None  # how far a comment may be indented, after a block of text
        self.comments: list[str] = []

    def document(self) -> str:
        """The text of a document."""
        lines = self._filler(0)
        if self._chance(5):
            lines.append("---" + self._tail())
        lines += self._mapping(self._random.choice((0, 0, 1, 4)), 0)
        lines += self._filler(0)
        if self._chance(9):
            lines.append("..." + self._tail())
        text = "\n".join(lines) + self._random.choice(("\n", "\n", "", "\n\n\n", "\n  \n"))
        self.comments.sort(key=text.index)
        return text.replace("\n", "\r\n") if self._chance(8) else text

    def _chance(self, one_in: int) -> bool:
        return self._random.randrange(one_in) == 0

    def _name(self, letter: str) -> str:
        self._count += 1
        return f"{letter}{self._count}"

    def _comment(self) -> str:
        self.comments.append(f"#{self._random.choice(('', ' ', '  ', '#'))}{self._name('c')}.")
        return self.comments[-1] + self._random.choice(("", "", " ", "\t"))

    def _tail(self) -> str:
        """What may stand at the end of a line."""
        gap = self._random.choice(("", "", "", " ", "    ", " " * 9))
        return (gap or " ") + self._comment() if self._chance(5) else gap

    def _filler(self, indent: int) -> list[str]:
        """Blank lines and comments between two lines."""
        lines = []
        for _ in range(self._random.choice((0, 0, 0, 1, 1, 2, 4))):
            most = indent + 8 if self._limit is None else self._limit
            column = self._random.choice((0, indent, self._random.randint(0, indent + 8)))
            is_comment = self._chance(2)
            lines.append(" " * min(column, most) + (self._comment() if is_comment else ""))
        return lines

    def _mapping(self, indent: int, depth: int) -> list[str]:
        lines = []
        for _ in range(self._random.randint(1, 4)):
            lines += self._filler(indent)
            self._limit = None
            lines += self._entry(indent, depth)
        return lines

    def _entry(self, indent: int, depth: int) -> list[str]:
        if self._mappings and self._chance(6):
            return [" " * indent + "<<:" + self._space() + f"*{self._mappings.pop()}" + self._tail()]
        name = self._random.choice(("{}", "{}", "'{}'", '"{}"')).format(self._name("k"))
        if self._chance(12):
            return [
                f"{' ' * indent}?{self._space()}{name}{self._tail()}",
                *self._value(" " * indent + ":", indent, depth),
            ]
        return self._value(" " * indent + name + self._random.choice((":", ":", " :")), indent, depth)

    def _sequence(self, indent: int, depth: int) -> list[str]:
        lines = []
        for _ in range(self._random.randint(1, 3)):
            lines += self._filler(indent)
            self._limit = None
            dash = " " * indent + "-"
            if depth < 4 and self._chance(3):
                gap = " " * self._random.choice((1, 1, 3))
                inner = (self._mapping if self._chance(2) else self._sequence)(len(dash + gap), depth + 1)
                while not inner[0].strip() or inner[0].lstrip().startswith("#"):
                    lines.append(inner.pop(0))  # what stands before the first line cannot stand beside a dash
                lines += [dash + gap + inner[0].lstrip(" "), *inner[1:]]
            else:
                lines += self._value(dash, indent, depth)
        return lines

    def _space(self) -> str:
        return self._random.choice((" ", " ", "  ", "     "))

    def _value(self, before: str, indent: int, depth: int) -> list[str]:
        """A value after a key or a dash; what goes on on further lines is indented further."""
        kind = self._random.randrange(9 if depth < 4 else 6)
        properties, anchor = "", ""
        if kind not in (0, 5) and self._chance(6):
            anchor = self._name("a")
            properties = f"{self._space()}&{anchor}"
        if kind == 0:
            lines = [before + self._tail()]
        elif kind == 1:
            tag = self._space() + "!!str" if self._chance(9) else ""
            text = self._random.choice(PLAIN + QUOTED) + self._random.choice(("", "", "\t"))
            lines = [before + tag + properties + self._space() + text + self._tail()]
        elif kind == 2:
            lines = self._long(before + properties + self._space(), indent)
        elif kind == 3:
            lines = self._block(before + properties + self._space(), indent)
        elif kind == 4:
            text = before + properties + self._space() + self._flow(indent, 0)
            lines = (text + self._tail()).split("\n")
        elif kind == 5:
            alias = self._random.choice(self._anchors) if self._anchors else ""
            lines = [before + (f"{self._space()}*{alias}" if alias else "") + self._tail()]
        elif kind == 6 and before.endswith(":"):
            inner = self._filler(indent)
            lines = [before + properties + self._tail(), *inner,
                     *self._sequence(indent + self._random.choice((0, 0, 2, 3)), depth + 1)]  # fmt: skip
        else:
            lines = [before + properties + self._tail(),
                     *self._mapping(indent + self._random.choice((1, 2, 2, 4, 7)), depth + 1)]  # fmt: skip
            if anchor:
                self._mappings.append(anchor)
        if anchor:
            self._anchors.append(anchor)
        return lines

    def _long(self, before: str, indent: int) -> list[str]:
        """A text over several lines, without a block's mark."""
        pad = " " * (indent + self._random.choice((1, 2, 6)))
        quote = self._random.choice(("", "'", '"'))
        words = [
            "one",
            "two words  ",
            *[""] * self._random.randrange(3),
            "it''s" if quote == "'" else "x",
            "last",
        ]
        if quote == '"':
            words.insert(
                2, self._random.choice(("escaped\\", "a blank\\  ", "a slash\\\\ ", 'a \\"quote\\"'))
            )
        rows = [
            quote + words[0],
            *(pad + word if word else self._random.choice(("", pad)) for word in words[1:]),
        ]
        return [before + rows[0], *rows[1:-1], rows[-1] + quote + self._tail()]

    def _block(self, before: str, indent: int) -> list[str]:
        """A text with a block's mark."""
        extra = self._random.choice((1, 2, 2, 5))
        lines = [self._random.choice(LINES) for _ in range(self._random.randrange(5))]
        first = next((line for line in lines if line.strip(" ")), "")
        is_told = first[:1] in (" ", "\t") or self._chance(6)
        chomping = self._random.choice(("", "", "-", "+"))
        header = self._random.choice("|>") + (str(extra) if is_told else "") + chomping
        pad = " " * (indent + extra)
        self._limit = indent
        # of a list that stands at its key's column, the key's mapping is what counts; so is it of all others
        return [before + header + self._tail(), *(pad + line if line else "" for line in lines)]

    def _flow(self, indent: int, depth: int) -> str:
        """A list or mapping in brackets, perhaps over several lines."""
        is_list = self._chance(2)
        parts = []
        for _ in range(self._random.randrange(4)):
            key = "" if is_list else self._name("k") + ":" + self._space()
            if depth < 2 and self._chance(4):
                part = self._flow(indent, depth + 1)
            elif self._anchors and self._chance(5):
                part = "*" + self._random.choice(self._anchors) + " "
            else:
                part = self._random.choice(FLOW_PLAIN + QUOTED)
            parts.append(self._flow_space(indent) + key + part + self._flow_space(indent))
        end = "," if parts and self._chance(5) else ""
        inside = ",".join(parts) + end + self._flow_space(indent)
        return f"[{inside}]" if is_list else f"{{{inside}}}"

    def _flow_space(self, indent: int) -> str:
        if not self._chance(6):
            return self._random.choice(("", " ", "  "))
        end = " " + self._comment() if self._chance(3) else self._random.choice(("", " "))
        line = f"   {self._comment()}\n" if self._chance(3) else ""
        return f"{end}\n{line}{' ' * (indent + self._random.randint(1, 6))}"
