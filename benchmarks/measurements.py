"""The contents of the benchmarks' page: each measurement with its command and its meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One measurement of the page."""

    name: str
    title: str
    command: str  # after `python -m benchmarks`
    text: str


ENTRIES = (
    Entry(
        "side-by-side",
        "From their sources",
        "side-by-side --runs 9",
        "Both started with `python -m`, in turn.",
    ),
    Entry(
        "freeze",
        "Frozen: the builds",
        "freeze",
        "The plain program is frozen the usual way, `pyinstaller --windowed benchmarks/plain.py`, where nothing is "
        "installed but `tensorflow`, `pillow`, `matplotlib` and `pyinstaller`, and the model that it loads is put "
        "next to it; Inkling's two bundles by `build.spec`. Each without anything left from an earlier build. The "
        "command makes the three environments too where there are none, which isn't counted. A folder's size is that "
        "of its files, a hard link once, a symbolic link as itself.",
    ),
    Entry(
        "bundles",
        "Frozen: in use",
        "bundles --runs 7 --cold",
        "The same folders. Each program ran once before, uncounted, so that the disk cache had them all; *read from "
        "disk* is measured with the disk cache emptied before each start (a virtual machine's host may still "
        "have had it).",
    ),
    Entry(
        "archives",
        "Frozen: packed",
        "archives",
        "The same folders packed as `python -m release packages` does it: `.tar.xz` at xz's usual level, `.zip` at "
        "Deflate's highest.",
    ),
    Entry(
        "placements",
        "Where and how large it is drawn",
        "placements",
        "The judges' pen ink, which nothing was trained on or chosen by, placed on the pad in four ways: how "
        "much of it is read right. The plain program sees pictures alone.",
    ),
    Entry(
        "training",
        "Training",
        "training",
        "Compared with Keras' plain `fit` of the same network, data, batch and epochs, in turn, in images a second, "
        "the first epoch left out. Deforming is work that plain `fit` doesn't do.",
    ),
    Entry(
        "speedrun",
        "Training, from scratch to a goal",
        "speedrun",
        "MNIST alone, on two cores, each training in its own process: seconds from building the network to having "
        "it trained, what is compiled included, TensorFlow's import apart. How long each training takes was settled "
        "beforehand by validation images; the 10,000 test images are read once, at the end. *Reached* counts the "
        "seeds. CPU seconds are those of both cores, and tell more where other programs run too.",
    ),
    Entry(
        "numbers",
        "Numbers",
        "numbers",
        "Numbers of four digits of the judges' ink read whole (*exact*), next to what their digits read one by one "
        "would give (*product*), the difference in points, and how many were accepted.",
    ),
    Entry(
        "doubt",
        "What isn't a digit",
        "doubt",
        "At each threshold of doubt: the judges' digits accepted, and people's letters and signs, and scribbles, "
        "rejected.",
    ),
    Entry(
        "teaching",
        "Teaching",
        "teaching --people judge",
        "Five drawings of a person taught: errors on that person's other drawings before and after, how many of the "
        "five are read before and after, the change on MNIST's 10,000 test images, and the seconds of each command.",
    ),
    Entry(
        "pages",
        "Pages of numbers",
        "pages --pages 2",
        "Made-up pages of each kind, written by the judges and photographed. *Layout*: as many rows and cells as there "
        "are; *of numbers*: where rows and columns without a number are left out. The cells are those of pages whose "
        "numbers are in their places: *right* with their signs, *doubtful* those that a person is asked to look at, "
        "and *corrected* are right after the truth was put in there alone.",
    ),
    Entry(
        "pages-corrected",
        "Pages that are corrected",
        "pages --pages 4 --least 20 --kinds marks table rows frame open gaps full log",
        "The same of tables and logs that have 20 to 200 cells.",
    ),
    Entry(
        "pages-speed",
        "A large page",
        "pages --speed",
        "A page of 200 cells and 12 megapixels, in its own process.",
    ),
    Entry(
        "live",
        "The answer follows the pen",
        "live",
        "From a pointer event at the X server to bars that moved on the screen; *moved* counts the events after which "
        "they did. The last line is about the ink under the pen, over loose strokes that take long to read.",
    ),
    Entry(
        "bulk",
        "Many pictures",
        "bulk",
        "5,000 of MNIST's test images, each a PNG, read by whole processes, their start included: by Inkling in one "
        "process and in one a core, by [twenty lines](peer.py) with OpenCV and ONNX Runtime, and by [a "
        "dozen](predict.py) with Keras, both in batches of 256. The network is the same in all. Inkling takes a "
        "picture as it comes: it looks for paper, ink and numbers, and doubts; the others take it that each has one "
        "digit, and Keras that it is 28x28 pixels already. CPU time and memory are those of all processes and cores.",
    ),
    Entry(
        "pauses", "While it trains", "pauses", "The window's pauses and answers while a training has both cores busy."
    ),
    Entry(
        "holds",
        "While it learns",
        "holds",
        "How long the window's thread handles an event while the pen moves and a correction is learned, or isn't. CPU "
        "time is what Inkling itself takes; wall time has in it what the machine did meanwhile.",
    ),
)
NAMES = tuple(entry.name for entry in ENTRIES)
PAGE_KINDS = (  # of made-up pages; here, since what makes them takes long to load
    *("marks", "table", "rows", "frame", "open", "gaps", "full", "meters", "form", "log"),
    *("lines", "lined", "squared", "sum", "columns", "several", "one-lined", "one-squared"),
)
