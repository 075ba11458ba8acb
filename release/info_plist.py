"""What macOS reads about the program: the entries in its Info.plist, besides those that PyInstaller writes."""

from __future__ import annotations

from typing import Any

from release import ink_file
from release.project import Project


def info_plist(project: Project) -> dict[str, Any]:
    """Return the entries by the keys of Apple's Information Property List reference."""
    ink = f"{project.identifier}.ink"
    return {
        "CFBundleDisplayName": project.title,
        "CFBundleShortVersionString": project.version,
        "CFBundleVersion": project.version,
        "NSHumanReadableCopyright": f"{project.authors}; licence: {project.licence}",
        "NSHighResolutionCapable": True,
        "LSBackgroundOnly": False,  # because of inkling-cli, PyInstaller assumes that it has no window
        "NSRequiresAquaSystemAppearance": False,  # windows may be dark
        "LSApplicationCategoryType": "public.app-category.education",
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": ink_file.NAME,
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [ink],
            },
            {  # pictures belong to other programs, and are only opened here on request
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
