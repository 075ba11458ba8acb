"""The kinds of stress by name, with their modules, which are imported only when they run."""

from __future__ import annotations

INPUTS = {  # each module has a WAY
    "arrays": "stress.inputs.arrays",
    "bundles": "stress.inputs.bundles",
    "checkpoints": "stress.inputs.checkpoints",
    "clipboard": "stress.inputs.clipboard",
    "database": "stress.inputs.database",
    "events": "stress.inputs.events",
    "ink": "stress.inputs.ink",
    "keras_files": "stress.inputs.keras_files",
    "litert_files": "stress.inputs.litert_files",
    "pages": "stress.inputs.pages",
    "pdfs": "stress.inputs.pdfs",
    "pictures": "stress.inputs.pictures",
    "settings": "stress.inputs.settings",
    "visits": "stress.inputs.visits",
    "words": "stress.inputs.words",
}

PROGRAMS = {"clipboard": ("Xvfb", "xclip")}  # the programs that a kind needs

FAULTS = {  # each module has run(seconds, seed) -> Report
    "clock": "stress.faults.clock",
    "errors": "stress.faults.errors",
    "full": "stress.faults.full",
    "keeps": "stress.faults.keeps",
    "kills": "stress.faults.kills",
    "permissions": "stress.faults.permissions",
    "power": "stress.faults.power",
    "programs": "stress.faults.programs",
    "together": "stress.faults.together",
    "trainers": "stress.faults.trainers",
    "versions": "stress.faults.versions",
}

LOADS = {  # likewise
    "hours": "stress.load.hours",
    "kept": "stress.load.kept",
    "monkey": "stress.load.monkey",
    "recognitions": "stress.load.recognitions",
    "retrainings": "stress.load.retrainings",
    "undo": "stress.load.undo",
}
