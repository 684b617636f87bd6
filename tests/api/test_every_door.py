"""Every route, as nobody, as a viewer and as the owner of another shop; a route that is not in the list fails.

Whoever adds a route says here whom it is for: ``open`` (anybody), ``link`` (who holds a token), ``person`` (who is
signed in), a role, or ``key:`` with the scope that a program needs. An argument of its address gets, in ``IDS``, the id
of something that is the first shop's.
"""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import pytest
from PIL import Image

from listings.campaigns.cases import Case, Part
from listings.model import Listing
from listings.photos import FULL
from shopkit.models import Enquiry, Membership, Push, Seller, User
from shopkit.services import (
    accounts,
    boxes,
    campaign_links,
    catalog_runs,
    catalogs,
    commenting,
    draft_runs,
    goals,
    invoices,
    keys,
    listings,
    number_ranges,
    own_terms,
    partners,
    payment_accounts,
    photos,
    pool_groups,
    pools,
    reviewing,
    sales,
    sessions,
    shipments,
    team,
    wholesale,
)
from shopkit.services.actors import ROLES, Actor
from shopkit.services.sessions import Where
from tests.campaigns import planned
from tests.ordering import order
from tests.shop import NOW, open_shop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from shopkit.app import Shop
    from shopkit.services.context import Services

PASSWORD: Final = "tinta y papel amate"
ROOT: Final = "http://localhost"
DOORS: Final = {
    "static": "open",
    "api.static": "open",
    "api.create_quote": "open",
    "api.create_batch": "open",
    "api.create_comparison": "open",
    "api.read_quote": "open",
    "api.requote": "open",
    "api.read_quote_changes": "open",
    "api.read_changes": "open",
    "api.check_readiness": "open",
    "api.read_destinations": "open",
    "api.read_destination": "open",
    "api.read_freight": "open",
    "api.lay_side_by_side": "open",
    "api.read_origins": "open",
    "api.read_origin": "open",
    "api.ask_origin": "open",
    "api.ask_price": "open",
    "api.search_hs": "open",
    "api.read_reference": "open",
    "api.read_description": "open",
    "api.health": "open",
    "api.take_message": "open",
    "api.take_tracking": "open",
    "api.read_store": "open",
    "api.read_reputation": "open",
    "api.find_products": "open",
    "api.read_product": "open",
    "api.quote_basket": "open",
    "api.order_in_store": "open",
    "api.read_order_of_buyer": "open",
    "web.sandbox_page": "open",
    "web.press_sandbox": "open",
    "api.read_account": "key:account:read",
    "api.read_dashboard": "key:dashboard:read",
    "api.read_alerts": "key:dashboard:read",
    "api.find_campaigns": "key:dashboard:read",
    "api.read_campaign": "key:dashboard:read",
    "api.read_campaign_results": "key:dashboard:read",
    "api.create_campaign": "key:listings:write",
    "api.change_campaign": "key:listings:write",
    "api.archive_campaign": "key:listings:write",
    "api.restore_campaign": "key:listings:write",
    "api.find_orders": "key:orders:read",
    "api.find_invoices": "key:orders:read",
    "api.read_invoices": "key:orders:read",
    "api.read_invoice": "key:orders:read",
    "api.read_invoice_pdf": "key:orders:read",
    "api.read_invoice_ubl": "key:orders:read",
    "api.issue_invoices": "key:orders:write",
    "api.read_papers": "key:orders:read",
    "api.read_paper": "key:orders:read",
    "api.print_paper": "key:orders:read",
    "api.read_paper_xml": "key:orders:read",
    "api.read_paper_zpl": "key:orders:read",
    "api.take_number": "key:orders:write",
    "api.read_ranges": "key:orders:read",
    "api.note_range": "key:orders:write",
    "api.close_range": "key:orders:write",
    "web.take_number": "editor",
    "web.ranges_page": "viewer",
    "web.note_range": "editor",
    "web.close_range": "editor",
    "api.read_paper_boxes": "key:orders:read",
    "api.fill_paper_boxes": "key:orders:write",
    "api.read_order": "key:orders:read",
    "api.read_ways_of_order": "key:orders:read",
    "api.act_on_order": "key:orders:write",
    "api.read_boxes": "key:orders:read",
    "api.add_box": "key:orders:write",
    "api.remove_box": "key:orders:write",
    "api.pack_orders": "key:orders:read",
    "api.find_shipments": "key:orders:read",
    "api.read_shipment": "key:orders:read",
    "api.read_lanes": "key:orders:read",
    "api.open_shipment": "key:orders:write",
    "api.follow_shipment": "key:orders:write",
    "api.refresh_shipment": "key:orders:write",
    "api.read_tracking_accounts": "key:channels:read",
    "api.connect_tracking_account": "key:channels:write",
    "api.disconnect_tracking_account": "key:channels:write",
    "api.prefer_tracking_accounts": "key:channels:write",
    "api.read_pool_groups": "key:pools:read",
    "api.found_pool_group": "key:pools:write",
    "api.join_pool_group": "key:pools:write",
    "api.read_pool_group": "key:pools:read",
    "api.invite_to_pool_group": "key:pools:write",
    "api.leave_pool_group": "key:pools:write",
    "api.close_pool_group": "key:pools:write",
    "api.open_pool": "key:pools:write",
    "api.read_pool": "key:pools:read",
    "api.add_pool_parcel": "key:pools:write",
    "api.remove_pool_parcel": "key:pools:write",
    "api.close_pool": "key:pools:write",
    "api.compare_consolidation": "key:orders:read",
    "api.judge_split": "key:orders:read",
    "api.read_channel_accounts": "key:channels:read",
    "api.connect_channel_account": "key:channels:write",
    "api.disconnect_channel_account": "key:channels:write",
    "api.read_push_plan": "key:listings:read",
    "api.push_catalog": "key:listings:write",
    "api.settle_row": "key:listings:write",
    "api.read_push": "key:listings:read",
    "api.read_push_rows": "key:listings:read",
    "api.stop_push": "key:listings:write",
    "api.read_order_payments": "key:orders:read",
    "api.refund_order": "key:orders:write",
    "api.answer_dispute": "key:orders:write",
    "api.read_evidence": "key:orders:read",
    "api.read_payment_accounts": "key:payments:read",
    "api.connect_payment_account": "key:payments:write",
    "api.read_payment_account": "key:payments:read",
    "api.change_payment_account": "key:payments:write",
    "api.forget_payment_account": "key:payments:write",
    "api.read_payment_methods": "key:payments:read",
    "api.read_payment_report": "key:payments:read",
    "api.find_listings": "key:listings:read",
    "api.create_listing": "key:listings:write",
    "api.read_listing_of_shop": "key:listings:read",
    "api.replace_listing": "key:listings:write",
    "api.change_listing": "key:listings:write",
    "api.archive_listing": "key:listings:write",
    "api.read_history": "key:listings:read",
    "api.undo_change": "key:listings:write",
    "api.read_quality": "key:listings:read",
    "api.create_drafts": "key:translations:write",
    "api.read_texts": "key:listings:read",
    "api.write_text": "key:translations:write",
    "api.review_text": "key:translations:write",
    "api.read_catalogs": "key:listings:read",
    "api.create_catalog": "key:listings:write",
    "api.read_catalog": "key:listings:read",
    "api.change_catalog": "key:listings:write",
    "api.remove_catalog": "key:listings:write",
    "api.open_catalog": "key:listings:write",
    "api.close_catalog": "key:listings:write",
    "api.read_left_out": "key:listings:read",
    "api.read_catalog_runs": "key:listings:read",
    "api.run_catalog": "key:listings:write",
    "api.read_catalog_run": "key:listings:read",
    "api.stop_catalog_run": "key:listings:write",
    "api.read_catalog_changes": "key:listings:read",
    "api.create_photo": "key:listings:write",
    "api.read_photo": "key:listings:read",
    "store.enter": "open",
    "store.home": "open",
    "store.policies": "open",
    "store.product": "open",
    "store.price": "open",
    "store.pages": "open",
    "store.enquiry": "open",
    "store.send_enquiry": "open",
    "store.enquiry_sent": "open",
    "store.firm_quote": "open",
    "store.order_firm_quote": "open",
    "store.firm_quote_paper": "open",
    "store.cart": "open",
    "store.change_cart": "open",
    "store.checkout": "open",
    "store.check_out": "open",
    # Who holds an order's link sees it; any other is told that there is nothing.
    "store.order": "open",
    "store.onward": "open",
    "store.pay": "open",
    "store.invoice": "open",
    "store.invoice_file": "open",
    "web.robots": "open",
    "web.try_it": "open",
    "web.quote_it": "open",
    "web.show_quote": "open",
    "web.requote": "open",
    "web.evidence": "open",
    "web.ask_price": "open",
    "web.compare": "open",
    "web.markets": "open",
    "web.market": "open",
    "web.ask_origin": "open",
    "web.sign_up": "open",
    "web.sign_up_now": "open",
    "web.sign_in": "open",
    "web.sign_in_now": "open",
    "web.sign_in_demo": "open",
    "web.sign_out": "open",
    "web.ask_reset": "open",
    "web.ask_reset_now": "open",
    "web.gone": "open",
    "web.confirm": "link",
    "web.confirm_now": "link",
    "web.reset": "link",
    "web.reset_now": "link",
    "web.answer_invitation": "link",
    "web.accept_invitation": "link",
    "web.choose_shop": "person",
    "web.no_shop": "person",
    "web.sessions_page": "person",
    "web.end_session": "person",
    "web.end_other_sessions": "person",
    "web.change_password": "person",
    "web.dashboard": "viewer",
    "web.changed": "viewer",
    "web.campaigns_page": "viewer",
    "web.plan_campaign": "editor",
    "web.campaign_page": "viewer",
    "web.campaign_catalog": "viewer",
    "web.campaign_feed": "viewer",
    "web.change_campaign": "editor",
    "web.campaign_spread": "viewer",
    "web.save_campaign_words": "editor",
    "web.make_campaign_links": "editor",
    "web.campaign_newsletter": "viewer",
    "web.follow_link": "open",
    "web.link_code": "viewer",
    "web.wholesale_page": "viewer",
    "web.keep_case": "editor",
    "web.change_case": "editor",
    "web.keep_wholesale_terms": "editor",
    "web.wholesale_pdf": "viewer",
    "web.keep_partner": "editor",
    "web.change_partner": "editor",
    "web.partner_pdf": "viewer",
    "web.partner_list": "link",
    "web.product_markets": "viewer",
    "web.choose_markets": "editor",
    "web.first_steps": "editor",
    "web.undo_sales": "editor",
    "web.bring_sales": "editor",
    "web.me": "person",
    "web.save_me": "person",
    "web.set_goal": "editor",
    "web.change_goal": "editor",
    "web.assess_company": "viewer",
    "web.keep_assessment": "editor",
    "web.translations_page": "viewer",
    "web.save_translation_plan": "editor",
    "web.outgoing_page": "viewer",
    "web.terms_page": "viewer",
    "web.keep_term": "editor",
    "web.remove_term": "editor",
    "web.start_drafts": "editor",
    "web.export_texts": "editor",
    "web.take_texts": "editor",
    "web.replace_texts": "editor",
    "web.show_drafts": "viewer",
    "web.act_on_drafts": "editor",
    "web.share_texts": "editor",
    "web.revoke_share": "editor",
    "web.catalogs_page": "viewer",
    "web.create_catalog": "editor",
    "web.catalog_page": "viewer",
    "web.save_catalog": "editor",
    "web.act_on_catalog": "editor",
    "web.catalog_file": "viewer",
    "web.show_catalog_run": "viewer",
    "web.act_on_catalog_run": "editor",
    "web.feed": "link",
    "web.feed_photo": "open",
    "web.desk_page": "viewer",
    "web.save_texts": "editor",
    "web.check_text": "viewer",
    "web.text_history": "viewer",
    "web.undo_text": "editor",
    "web.resolve_comment": "editor",
    "web.review_list": "link",
    "web.review_page": "link",
    "web.review_texts": "link",
    "web.listings_page": "viewer",
    "web.change_many": "editor",
    "web.new_listing": "editor",
    "web.create_listing": "editor",
    "web.edit_listing": "viewer",
    "web.save_listing": "editor",
    "web.listing_history": "viewer",
    "web.undo_change": "editor",
    "web.listing_doors": "viewer",
    "web.show_photo": "viewer",
    "web.import_listings": "editor",
    "web.upload_listings": "editor",
    "web.show_import": "viewer",
    "web.choose_import": "editor",
    "web.act_on_import": "editor",
    "web.import_problems": "viewer",
    "web.export_listings": "viewer",
    "web.settings": "viewer",
    "web.save_settings": "editor",
    "web.rate_page": "open",
    "web.rate": "open",
    "web.ratings_page": "viewer",
    "web.answer_rating": "editor",
    "web.orders_page": "viewer",
    "web.shipments_page": "viewer",
    "web.shipment_page": "viewer",
    "web.lanes_page": "viewer",
    "web.act_on_shipment": "editor",
    "web.orders_ledger": "viewer",
    "web.order_page": "viewer",
    "web.invoices_page": "viewer",
    "web.invoice_page": "viewer",
    "web.invoice_file": "viewer",
    "web.issue_invoice": "editor",
    "web.customs_page": "viewer",
    "web.packing_page": "viewer",
    "web.together_page": "viewer",
    "web.boxes_page": "viewer",
    "web.pools_page": "viewer",
    "web.found_pool_group": "owner",
    "web.pool_group_page": "viewer",
    "web.act_on_pool_group": "editor",
    "web.pool_page": "viewer",
    "web.act_on_pool": "editor",
    "web.join_pool": "link",
    "web.accept_pool": "link",
    "web.add_box": "editor",
    "web.remove_box": "editor",
    "web.ways_page": "viewer",
    "web.customs_file": "viewer",
    "web.fill_paper_boxes": "editor",
    "web.sales_history_page": "viewer",
    "web.sales_history_file": "viewer",
    "web.order_evidence": "viewer",
    "web.act_on_order": "editor",
    # Who holds a parcel's link sees it; any other is told that there is nothing.
    "web.parcel_page": "open",
    "web.parcel_json": "open",
    "web.open_parcel": "open",
    "web.note_charge": "open",
    "web.choose_letters": "open",
    "web.letters_page": "open",
    "web.end_letters": "open",
    "web.parcel_receipt": "viewer",
    "web.act_on_parcel": "editor",
    "web.store_page": "viewer",
    "web.enquiries_page": "viewer",
    "web.enquiry_page": "viewer",
    "web.answer_enquiry": "editor",
    "web.save_store": "editor",
    "web.payments_page": "viewer",
    "web.channels_page": "viewer",
    "web.connect_channel": "owner",
    "web.disconnect_channel": "owner",
    "web.tracking_page": "viewer",
    "web.connect_tracking": "owner",
    "web.prefer_tracking": "owner",
    "web.disconnect_tracking": "owner",
    "web.payment_methods": "viewer",
    "web.payment_report_page": "viewer",
    "web.payment_report_file": "viewer",
    "web.connect_payments": "owner",
    "web.change_payments": "owner",
    "web.team_page": "viewer",
    "web.invite": "owner",
    "web.withdraw": "owner",
    "web.set_role": "owner",
    "web.remove": "viewer",
    "web.keys_page": "owner",
    "web.create_key": "owner",
    "web.revoke_key": "owner",
    "web.audit_page": "owner",
    "web.data": "owner",
    "web.export_data": "owner",
    "web.delete_data": "owner",
}
# Words in addresses that name nothing of a shop's.
WORDS: Final = {
    "channel": "mercadolibre",
    "act": "undo",
    "form": "pdf",
    "locale": "en-US",
    "name": "own.csv",
    "kind": "zip",
    "dispute_id": "dp_1",
    "size": FULL,
    "paper": "cn23",
    "provider": "sandbox",
}
# What a form needs to be looked at at all.
FORMS: Final[dict[str, dict[str, str]]] = {
    "web.set_role": {"role": "viewer"},
    "web.answer_rating": {"words": "Gracias"},
    "web.choose_shop": {"shop": "s_1"},
    "web.change_goal": {"do": "remove"},
    "web.change_campaign": {"do": "remove"},
}
SOLD: Final = "order,market,listing,date,quantity,value,currency\n1,US,a,2026-11-01,1,100.00,MXN\n"
SAFE: Final = {"GET", "HEAD", "OPTIONS"}


class Town:
    """Two shops: the first with an owner, a viewer, a key and an invitation; the second with an owner."""

    def __init__(self, app: Shop) -> None:
        self.app = app
        self.services: Services = app.extensions["shopkit"]
        kept = self.services.passwords.hash(PASSWORD)
        with self.services.database.writing.begin() as session:
            for seller in ("s_1", "s_2"):
                session.add(Seller(id=seller, created_at=NOW, name=seller, country="MX", currency="MXN"))
            session.flush()
            for user, seller, role in (
                ("u_ana", "s_1", "owner"),
                ("u_rosa", "s_1", "viewer"),
                ("u_eva", "s_2", "owner"),
            ):
                email = f"{user[2:]}@taller.mx"
                session.add(
                    User(
                        id=user,
                        created_at=NOW,
                        email=email,
                        name=user,
                        language="es",
                        password_hash=kept,
                        confirmed_at=NOW,
                    )
                )
                session.flush()
                session.add(Membership(seller_id=seller, user_id=user, role=role, since=NOW))
        ana = Actor("s_1", "owner", "u_ana")
        self.ids = {
            "user_id": "u_ana",
            "key_id": keys.create_key(self.services, ana, "one", keys.SCOPES, 60).key.id,
            "session_id": self.session_of("ana"),
            "range_id": number_ranges.note(self.services, ana, "RB 00000000-00001000 MX").id,
        }
        team.invite(self.services, ana, "nueva@taller.mx", "viewer", "es", ROOT)
        self.ids["invitation_id"] = team.invitations(self.services, ana)[0].id
        kept_listing = listings.create_listing(self.services, ana, Listing(key="a", title="Playera"))
        listings.save_listing(self.services, ana, kept_listing.id, Listing(key="a", title="Otra"), 1)
        self.ids["listing_id"] = kept_listing.id
        self.ids["change_id"] = str(listings.history(self.services, ana, kept_listing.id)[0].id)
        self.ids["comment_id"] = str(commenting.comment(self.services, ana, kept_listing.id, "en-US", "title", "?").id)
        self.ids["run_id"] = draft_runs.create(self.services, ana, ["en-US"]).id
        self.ids["account_id"] = payment_accounts.create(
            self.services, ana, "sandbox", country="MX", is_live=False, secrets={}
        ).id
        settings = catalogs.Settings("https://taller.example/{key}")
        self.ids["feed_id"] = catalogs.keep(self.services, ana, catalogs.Said("google", "US", "es", settings, "rss")).id
        self.ids["catalog_run_id"] = catalog_runs.create(self.services, ana, self.ids["feed_id"]).id
        self.ids |= {"push_id": self.pushed(self.ids["feed_id"]), "shipment_id": self.posted(ana)}
        self.ids["share_id"] = reviewing.share(self.services, ana, [kept_listing.id], "en-US", "Jane", 7).id
        (word,) = own_terms.keep_term(self.services, ana, own_terms.Said("keep", "Oax"))
        self.ids["term_key"] = word.key
        self.ids["order_id"] = order(self.services, ana, kept_listing.id).id
        parcel = shipments.create(self.services, ana, "RR000000014MX", posted_on=NOW.date(), destination="US")
        self.ids["shipment_id"] = parcel.id
        self.ids["number"] = invoices.issue(self.services, ana, self.ids["order_id"]).document.number
        self.add_packing(ana)
        picture = io.BytesIO()
        Image.new("RGB", (800, 800), "white").save(picture, "PNG")
        self.ids["photo_id"] = photos.add_photo(self.services, ana, picture.getvalue()).id
        sold = sales.import_sales(self.services, ana, SOLD, "ventas.csv")
        self.ids["import_id"] = str(sold.id)
        asked = goals.Asked("goal", "US", 100_000, "MXN", NOW.date(), date(2027, 11, 23))
        self.ids["campaign_id"] = planned(self.services, ana).id
        page = "https://taller.example/"
        (link,) = campaign_links.make_links(self.services, ana, self.ids["campaign_id"], page, ["flyer"])
        self.ids["code"] = link.code
        self.add_wholesale(ana, kept_listing.id)
        with self.services.database.writing.begin() as session:
            row = Enquiry(id="e_1", seller_id="s_1", created_at=NOW, market="US", language="es", state="open")
            row.asked = dict.fromkeys(("name", "email", "phone", "postal_code", "message"), "x")
            session.add(row)
        self.ids["enquiry_id"] = "e_1"
        self.ids["goal_id"] = goals.create_goal(self.services, ana, asked, NOW.date()).id

    def add_wholesale(self, ana: Actor, listing_id: str) -> None:
        """Give the first shop a case and a partner."""
        piece = Part(listing_id, None, 12, Decimal(5))
        self.ids["pack_id"] = wholesale.keep_pack(self.services, ana, Case("A-12", (piece,), "USD")).id
        said = partners.Said("shop", "Bodega La Esperanza")
        self.ids["partner_id"] = partners.keep_partner(self.services, ana, said).id

    def add_packing(self, ana: Actor) -> None:
        """Give the first shop what it packs with."""
        box = boxes.SaidBox("Mediana", (320, 240, 100), 150, 10_000)
        self.ids["box_id"] = boxes.add_box(self.services, ana, box).it.id
        self.ids["group_id"] = pool_groups.create_group(self.services, ana, "Vecinas", "MX", "Toluca").id
        pool = pools.open_pool(self.services, ana, self.ids["group_id"], "Viernes", "Carga del Valle")
        self.ids["pool_id"] = pool.id
        self.ids["parcel_id"] = pools.add_parcel(self.services, ana, pool.id, 550).parcels[0].id

    def pushed(self, feed_id: str) -> str:
        """Keep a push of a catalog and return its id."""
        said = {"id": "pu_1", "seller_id": "s_1", "feed_id": feed_id, "account_id": "ca_1", "created_at": NOW}
        with self.services.database.writing.begin() as session:
            session.add(Push(**said, state="done", done=0, total=0, counts={}))
        return "pu_1"

    def posted(self, actor: Actor) -> str:
        """Open a parcel and return its id."""
        number = "RR123456785MX"
        return shipments.create(self.services, actor, number, posted_on=NOW.date(), destination="US").id

    def session_of(self, name: str) -> str:
        """Return the id of a session of somebody's."""
        found = accounts.sign_in(self.services, f"{name}@taller.mx", PASSWORD, Where("192.0.2.1"))
        present = sessions.find(self.services, found.token, "")
        assert present is not None
        return present.session_id

    def browser(self, name: str | None) -> FlaskClient:
        """Return a browser in which somebody is signed in; nobody without a name."""
        client = self.app.test_client()
        if name is not None:
            found = accounts.sign_in(self.services, f"{name}@taller.mx", PASSWORD, Where("192.0.2.1"))
            client.set_cookie("sign_in", found.token)
        return client

    def names_something(self, address: str) -> bool:
        """Return whether a part of an address is an id of the first shop's."""
        return not set(self.ids.values()).isdisjoint(address.split("?", maxsplit=1)[0].replace(".jpg", "").split("/"))

    def routes(self, *whom: str) -> list[tuple[str, str, str]]:
        """Return endpoint, method and address, with the first shop's ids, of the routes that are for these."""
        found = []
        # Not a generator: a request in here would share its context with those that the test makes.
        with self.app.test_request_context():
            for rule in self.app.url_map.iter_rules():
                if DOORS.get(rule.endpoint, "?").partition(":")[0] in whom:
                    address = rule.build({name: (self.ids | WORDS).get(name, "none") for name in rule.arguments})
                    assert address is not None
                    methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
                    found += [(rule.endpoint, method, address[1]) for method in methods]
        return found

    def ask(self, client: FlaskClient, route: tuple[str, str, str], *, with_token: bool = True) -> TestResponse:
        """Send a request as a form of ours would, or without its token."""
        endpoint, method, address = route
        headers = {}
        if method not in SAFE and with_token:
            page = client.get("/sign-up" if client.get_cookie("sign_in") is None else "/settings").get_data(
                as_text=True
            )
            found = re.search(r'name="csrf_token" value="([^"]+)"', page)
            assert found is not None
            headers["X-CSRFToken"] = found[1]
        return client.open(address, method=method, data=FORMS.get(endpoint), headers=headers)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Return the two shops; nothing in here changes them, for everything is refused."""
    app = open_shop(tmp_path_factory.mktemp("town"))
    yield Town(app)
    app.extensions["shopkit"].database.dispose()


def test_every_route_says_whom_it_is_for(town: Town) -> None:
    """A route that is in no list is a door that nobody thought of."""
    assert {rule.endpoint for rule in town.app.url_map.iter_rules()} == set(DOORS)


def test_every_id_of_a_shop_is_tried(town: Town) -> None:
    """An argument in the address of a route that is not for everybody is an id in this test."""
    closed = {end for end, whom in DOORS.items() if whom not in {"open", "link"}}
    named = {name for rule in town.app.url_map.iter_rules() if rule.endpoint in closed for name in rule.arguments}

    assert named == set(town.ids) | set(WORDS)


def test_nobody_is_sent_to_sign_in(town: Town) -> None:
    """A page leads to the sign-in page and back, a form is 401 and stays where the browser goes back to."""
    found = {}
    for route in town.routes("person", *ROLES):
        answer = town.ask(town.browser(None), route)
        found[route] = (answer.status_code, answer.headers.get("Location", ""))

    wanted = {
        (endpoint, method, address): (303, f"/sign-in?next={address}") if method == "GET" else (401, "")
        for endpoint, method, address in town.routes("person", *ROLES)
    }
    assert found == wanted


def test_a_viewer_changes_nothing(town: Town) -> None:
    """What is for editors and owners is 403."""
    rosa = town.browser("rosa")
    found = {route: town.ask(rosa, route).status_code for route in town.routes("editor", "owner")}

    assert found == dict.fromkeys(found, 403)
    assert len(found) > 9


def test_another_shops_id_is_not_there(town: Town) -> None:
    """Whatever id of the first shop an owner of the second asks for: 404, as if it had never been."""
    eva = town.browser("eva")
    routes = [route for route in town.routes("person", *ROLES) if town.names_something(route[2])]
    found = {route: town.ask(eva, route).status_code for route in routes}

    assert found == dict.fromkeys(found, 404)
    assert len(found) > 4


def test_another_shop_in_a_form_is_not_there(town: Town) -> None:
    """Nor can it be looked at by naming it."""
    route = ("web.choose_shop", "POST", "/shop")

    assert town.ask(town.browser("eva"), route).status_code == 404


def test_a_form_of_somebody_elses_is_refused(town: Town) -> None:
    """Without the token of our forms nothing is done: 400."""
    ana = town.browser("ana")
    routes = [route for route in town.routes("person", *ROLES) if route[1] not in SAFE]
    found = {route: town.ask(ana, route, with_token=False).status_code for route in routes}

    assert found == dict.fromkeys(found, 400)
    assert len(found) > 9


def test_a_link_that_is_none_opens_nothing(town: Town) -> None:
    """Whoever follows it is told that it is over."""
    found = {route: town.ask(town.browser("eva"), route).status_code for route in town.routes("link")}

    assert found == dict.fromkeys(found, 410) | {
        route: 422 for route in found if route[0] in {"web.confirm_now", "web.reset_now"}
    }


def test_a_program_shows_a_key_that_is_good_for_it(town: Town) -> None:
    """No key, a wrong one: 401. One that is good for nothing here: 403. Another shop's ids: 404 or its own."""
    client = town.app.test_client()
    eva = Actor("s_2", "owner", "u_eva")
    nothing = {"Authorization": f"Bearer {keys.create_key(town.services, eva, 'x', [], 60).secret}"}
    found: dict[Any, Any] = {}
    for endpoint, method, address in town.routes("key"):
        found[endpoint, method] = tuple(
            client.open(address, method=method, json={} if method not in SAFE else None, headers=headers).status_code
            for headers in ({}, {"Authorization": "Bearer sk_live_wrong"}, nothing)
        )

    assert found == dict.fromkeys(found, (401, 401, 403))
    assert found


def test_a_key_finds_nothing_of_another_shop(town: Town) -> None:
    """Whatever id of the first shop a key of the second asks for, reading or changing: 404."""
    client = town.app.test_client()
    eva = Actor("s_2", "owner", "u_eva")
    secret = keys.create_key(town.services, eva, "all", keys.SCOPES, 60).secret
    headers = {"Authorization": f"Bearer {secret}", "If-Match": '"2"'}
    found: dict[Any, Any] = {}
    for endpoint, method, address in town.routes("key"):
        if town.names_something(address):
            body = {"key": "a", "title": "Mía"} if method not in SAFE else None
            found[endpoint, method] = client.open(address, method=method, json=body, headers=headers).status_code

    assert found == dict.fromkeys(found, 404)
    assert len(found) > 7
