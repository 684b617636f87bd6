"""The one blueprint of the JSON door."""

from typing import Final

from apiflask import APIBlueprint

bp: Final = APIBlueprint(
    "api", __name__, static_folder="static", static_url_path="/api/static", template_folder="templates"
)
