"""The description of the routes of campaigns."""

from __future__ import annotations

from typing import Any, Final

from shopkit.api import campaign_schemas as shapes
from shopkit.api.dashboard import SCOPE
from shopkit.api.listings import WRITE
from shopkit.api.operations import Operation, parameter

_ID: Final = parameter(
    "campaign_id", "path", "The id of a campaign.", required=True, pattern="^cm_[0-9A-HJKMNP-TV-Z]{26}$"
)
_TAG: Final = "Campaigns"
_PATH: Final = "/api/v1/campaigns"
_ONE: Final = f"{_PATH}/{{campaign_id}}"
_MOTHERS: Final[dict[str, Any]] = {
    "name": "Madres 2027",
    "group": "mx",
    "states": ["US-CA", "US-TX", "US-IL"],
    "event": "mothers-day",
}

OPERATIONS: Final = {
    (_PATH, "get"): Operation("findCampaigns", _TAG, {200: shapes.CampaignsResponse}, (503,), scope=SCOPE),
    (_PATH, "post"): Operation(
        "createCampaign",
        _TAG,
        {201: shapes.CampaignHead},
        (400, 413, 415, 422, 503),
        asks=shapes.CampaignToMake,
        example=_MOTHERS,
        shows=("mothers", "Mexicans in three states before Mother's Day"),
        scope=WRITE,
    ),
    (_ONE, "get"): Operation(
        "readCampaign", _TAG, {200: shapes.CampaignResponse}, (404, 503), parameters=(_ID,), scope=SCOPE
    ),
    (_ONE, "put"): Operation(
        "changeCampaign",
        _TAG,
        {200: shapes.CampaignHead},
        (400, 404, 409, 413, 415, 422, 503),
        asks=shapes.CampaignChange,
        example=_MOTHERS | {"version": 1, "locales": ["es-US", "en-US"], "margin_days": 5},
        parameters=(_ID,),
        shows=("bilingual", "The same in two languages, with five days to spare"),
        scope=WRITE,
    ),
    (_ONE, "delete"): Operation("archiveCampaign", _TAG, {204: None}, (404, 503), parameters=(_ID,), scope=WRITE),
    (f"{_ONE}/results", "get"): Operation(
        "readCampaignResults",
        _TAG,
        {200: shapes.CampaignResultsResponse},
        (404, 503),
        parameters=(_ID,),
        scope=SCOPE,
    ),
    (f"{_ONE}/restore", "post"): Operation(
        "restoreCampaign", _TAG, {200: shapes.CampaignHead}, (404, 503), parameters=(_ID,), scope=WRITE
    ),
}
