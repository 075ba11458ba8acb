"""How Sphinx makes the website of the documents: ``sphinx-build -W -c docs/site . build/site``, in the checkout."""

from model.base.program import NAME
from model.base.project import version as this_version

extensions = ["myst_parser"]
project = NAME
version = release = this_version()
html_title = f"{project} {version}"
root_doc = "docs/index"

# The checkout itself is the source, so the links that work on a code host work here, too. README.md is its front page;
# the website has one of its own.
include_patterns = ["*.md", "docs/**.md", "benchmarks/README.md", "stress/README.md"]
exclude_patterns = ["README.md", "[!A-Zbds]*", "build", "dist", "shared"]
myst_heading_anchors = 4  # links to headings, as code hosts write them
nitpicky = True

html_theme = "furo"
html_show_copyright = False
html_copy_source = False
html_extra_path = ["root"]  # index.html, which leads to the root document
