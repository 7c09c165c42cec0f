"""Hierarchical levels: numbered 1, 2, 3 in each transaction, each below the level it names as its parent."""

from __future__ import annotations

from collections.abc import Iterator

from medguild.x12.bind.tree import Node
from medguild.x12.errors import IssueLog
from medguild.x12.read.elements import PAD


def check_levels(log: IssueLog, root: Node) -> None:
    """Nodes come in the order of the file, so a count is enough; the parent is the next level up in the tree."""
    for expected, (node, above) in enumerate(_levels(root, None), start=1):
        position, hl = node.segments[0]
        _, number, parent, _, children = (hl + PAD)[:5]
        if number != str(expected):
            _say(log, "hl.number", f"HL01 is {number[:6] or 'empty'}, expected {expected}.", position, node, "HL01")
        wanted = above.segments[0][1][1] if above else ""
        if parent != wanted:
            named, above_it = parent[:6] or "nothing", wanted[:6] or "none"
            text = f"HL02 names parent {named}, but the level above is {above_it}. Correct HL02."
            _say(log, "hl.parent", text, position, node, "HL02")
        has_children = sum(1 for _ in _levels(node, None)) > 1
        if children and (children == "1") != has_children:
            text = "HL04 does not agree with the levels that follow: 1 with lower levels, 0 without."
            _say(log, "hl.child", text, position, node, "HL04")


def _levels(node: Node, above: Node | None) -> Iterator[tuple[Node, Node | None]]:
    """Each level with the level above it, in the order of the file."""
    if node.segments[0][1][0] == "HL":
        yield node, above
        above = node
    for child in node.children:
        yield from _levels(child, above)


def _say(log: IssueLog, rule: str, text: str, position: int, node: Node, element: str) -> None:
    log.add(rule, text, position=position, segment="HL", loop=node.loop, element=element)
