"""The words of what Markdown becomes."""

from app.ui.widgets.markdown_leaves import CodeLeaf, Leaf, ProseLeaf, TableLeaf, plain_runs


def plain_leaf(leaf: Leaf) -> str:
    """The text of a leaf as it is read and copied; cells are separated by tabs."""
    match leaf:
        case CodeLeaf():
            return leaf.code
        case TableLeaf():
            rows = (leaf.header, *leaf.rows) if leaf.header else leaf.rows
            return "\n".join("\t".join(map(plain_runs, row)) for row in rows)
        case ProseLeaf():
            return (
                f"{leaf.marker} {plain_runs(leaf.runs)}" if leaf.marker else plain_runs(leaf.runs)
            )
