#!/usr/bin/env python3
"""Turns files into a C++ source: embed.py OUTPUT NAMESPACE::NAME FILE... -> a list of {file name, text}."""
import pathlib
import sys


def literal(text: str) -> str:
    # Raw string literals are limited in length by some compilers: cut into pieces.
    pieces = [text[i:i + 8000] for i in range(0, len(text), 8000)] or [""]
    return "\n".join(f'R"embed({piece})embed"' for piece in pieces)


def main() -> None:
    output, symbol, *files = sys.argv[1:]
    namespace, name = symbol.rsplit("::", 1)
    rows = ",\n".join(
        f'{{"{pathlib.Path(file).name}", {literal(pathlib.Path(file).read_text("utf-8"))}}}' for file in files)
    pathlib.Path(output).write_text(
        '#include "base/embedded.h"\n'
        f"namespace {namespace} {{\n"
        f"extern const std::vector<cvemu::EmbeddedFile> {name};\n"
        f"const std::vector<cvemu::EmbeddedFile> {name} = {{\n{rows}}};\n"
        f"}}  // namespace {namespace}\n", "utf-8")


main()
