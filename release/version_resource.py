"""What Windows' Explorer says about a program: its version resource, in the format that PyInstaller reads."""

from __future__ import annotations

from packaging.version import Version

from release.project import Project

ENGLISH, UNICODE = 0x409, 0x4B0  # Windows' numbers for the language and the encoding


def version_resource(project: Project, program: str) -> str:
    """Return the text of PyInstaller's version file for a program, named without its ending: ``inkling``."""
    numbers = (*Version(project.version).release, 0, 0, 0)[:4]
    strings = {
        "CompanyName": project.authors,
        "FileDescription": project.title,  # what the task manager calls it
        "FileVersion": project.version,
        "InternalName": program,
        "LegalCopyright": f"{project.authors}; licence: {project.licence}",
        "OriginalFilename": f"{program}.exe",
        "ProductName": project.title,
        "ProductVersion": project.version,
        "Comments": project.description,
    }
    table = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in strings.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, OS=0x40004, fileType=1), "
        f"kids=[StringFileInfo([StringTable('{ENGLISH:04X}{UNICODE:04X}', [{table}])]), "
        f"VarFileInfo([VarStruct('Translation', [{ENGLISH}, {UNICODE}])])])\n"
    )
