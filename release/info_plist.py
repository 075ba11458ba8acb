"""What macOS reads of the program: its Info.plist, beside what PyInstaller writes into it."""

from __future__ import annotations

from typing import Any

from release import ink_file
from release.project import Project


def info_plist(project: Project) -> dict[str, Any]:
    """Return the entries by their keys, as Apple's Information Property List reference names them."""
    ink = f"{project.identifier}.ink"
    return {
        "CFBundleDisplayName": project.title,
        "CFBundleShortVersionString": project.version,
        "CFBundleVersion": project.version,
        "NSHumanReadableCopyright": f"{project.authors}; licence: {project.licence}",
        "NSHighResolutionCapable": True,
        "LSBackgroundOnly": False,  # PyInstaller takes it for one without a window, because of inkling-cli
        "NSRequiresAquaSystemAppearance": False,  # windows may be dark
        "LSApplicationCategoryType": "public.app-category.education",
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": ink_file.NAME,
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [ink],
            },
            {  # pictures are other programs', and opened here when somebody says so
                "CFBundleTypeName": "Picture",
                "CFBundleTypeRole": "Viewer",
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": ["public.image"],
            },
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": ink,
                "UTTypeDescription": ink_file.NAME,
                "UTTypeConformsTo": ["public.json"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": [ink_file.ENDING.removeprefix(".")],
                    "public.mime-type": [ink_file.TYPE],
                },
            }
        ],
    }
