"""The demonstration: five shops as there are many, each with people whose password is in the program.

They may sign in only while ``SHOPKIT_DEMO`` is set, and ``shopkit serve --demo`` sets it for a server that only this
machine reaches.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml
from sqlalchemy import select

from landed_cost.freight import ILLUSTRATIVE
from landed_cost.money import Money
from shopkit.models import Membership, Seller, User
from shopkit.services import boxes, catalogs, payment_accounts, stores
from shopkit.services.actors import Actor
from shopkit.services.demo_orders import make_orders
from shopkit.services.samples import VIA, load_samples
from shopkit.services.sessions import DEMO_DOMAIN
from shopkit.services.tokens import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from shopkit.services.actors import Role
    from shopkit.services.context import Services

# No secret: it opens nothing but the demonstration.
PASSWORD: Final = "regalos de Toluca"  # noqa: S105
SLUG: Final = "demo"


@dataclass(frozen=True, slots=True)
class DemoShop:
    """A shop of the demonstration, and who works there: (name before the @, name, role)."""

    slug: str
    name: str
    country: str
    currency: str
    language: str
    people: tuple[tuple[str, str, Role], ...]
    city: str
    story: str
    email: str
    street: str = ""
    postal_code: str = ""


SHOPS: Final = (
    DemoShop(
        SLUG,
        "Regalos Xinantécatl",
        "MX",
        "MXN",
        "es",
        (("ana", "Ana Hernández", "owner"), ("luis", "Luis Ortega", "editor"), ("rosa", "Rosa Medina", "viewer")),
        "Toluca",
        "Diez personas que graban, bordan e imprimen regalos con el nombre de quien los recibe.",
        "hola@xinantecatl.example",
        "Avenida de los Esmaltadores 12",
        "50000",
    ),
    DemoShop(
        "queso-boaco",
        "Cooperativa Lechera Valle de Boaco",
        "NI",
        "NIO",
        "es",
        (("martha", "Martha Flores", "owner"),),
        "Boaco",
        "Ciento veinte familias ganaderas y una quesería: queso seco, morolique y ahumado.",
        "ventas@valledeboaco.example",
    ),
    DemoShop(
        "esparrago-ica",
        "Asociación de Espárragos del Valle de Ica",
        "PE",
        "PEN",
        "es",
        (("julio", "Julio Quispe", "owner"),),
        "Ica",
        "Espárrago verde y blanco de cuarenta chacras, fresco y en conserva.",
        "contacto@esparragosica.example",
    ),
    DemoShop(
        "editoras-brasil",
        "Editoras Reunidas do Brasil",
        "BR",
        "BRL",
        "pt",
        (("clara", "Clara Nogueira", "owner"),),
        "São Paulo",
        "Seis editoras independentes que vendem juntas: literatura, infantil e fotografia.",
        "ola@editorasreunidas.example",
    ),
    DemoShop(
        "flores-sabana",
        "Flores de la Sabana",
        "CO",
        "COP",
        "es",
        (("diego", "Diego Rojas", "owner"),),
        "Madrid, Cundinamarca",
        "Rosas, claveles y alstroemerias cortadas el día en que se empacan.",
        "pedidos@floresdelasabana.example",
    ),
)


def make_demo(services: Services, *, has_orders: bool = True) -> tuple[str, ...]:
    """Make the shops that are not there yet and return the short names of those that were made."""
    now = services.now()
    made = []
    ids: dict[str, str] = {}
    with services.database.writing.begin() as session:
        there = set(session.scalars(select(Seller.slug)))
        for shop in SHOPS:
            if shop.slug in there:
                continue
            said = {"street": shop.street, "postal_code": shop.postal_code, "city": shop.city}
            profile: dict[str, object] = {name: text for name, text in said.items() if text}
            profile |= {"story": shop.story, "email": shop.email}
            seller = Seller(
                id=new_id("s", now),
                slug=shop.slug,
                created_at=now,
                name=shop.name,
                country=shop.country,
                currency=shop.currency,
                profile=profile,
            )
            session.add(seller)
            session.flush()
            for person in shop.people:
                _add_person(services, session, seller, shop, person)
            made.append(shop.slug)
            ids[shop.slug] = seller.id
    for slug, id_ in ids.items():
        actor = Actor(id_, "owner", None, VIA)
        load_samples(services, actor, slug)
        if slug == SLUG:
            _make_catalog(services, actor)
            _add_boxes(services, actor)
            account = _open_store(services, actor)
            if has_orders:
                make_orders(services, actor, account)
    return tuple(made)


def _make_catalog(services: Services, actor: Actor) -> None:
    """Keep a catalog for who reads Spanish in the United States; its freight is that of the illustrative card."""
    settings = catalogs.Settings(
        link="https://xinantecatl.example/{key}?idioma={language}",
        estimates="highest",
        card=ILLUSTRATIVE,
        service="express",
        packing_grams=80,
    )
    catalogs.keep(services, actor, catalogs.Said("google", "US", "es", settings, "rss"))


def _add_boxes(services: Services, actor: Actor) -> None:
    """Keep a box for one mug, one for a few things and one for many."""
    for said in (
        boxes.SaidBox("Una taza", (160, 130, 120), 90, 3_000, 3, Money(650, "MXN")),
        boxes.SaidBox("Mediana", (320, 240, 120), 180, 10_000, 4, Money(1_450, "MXN")),
        boxes.SaidBox("Grande", (450, 320, 300), 420, 20_000, 5, Money(2_900, "MXN")),
    ):
        boxes.add_box(services, actor, said)


def _open_store(services: Services, actor: Actor) -> str:
    """Open the store, and return the account that its buyers pay to.

    Charges are collected with the purchase for the United States, and paid at the door elsewhere.
    """
    words: dict[str, dict[str, str]] = yaml.safe_load(
        files("shopkit").joinpath("samples/store.yaml").read_text("utf-8")
    )
    freight: dict[str, Any] = {"card": ILLUSTRATIVE, "service": "express", "packing_grams": 80}
    openings = (
        stores.Opening("US", ("es", "en"), "DDP", "likely", **freight),
        stores.Opening("CL", ("es",), "DAP", "likely", **freight),
        stores.Opening("BR", ("pt",), "DAP", "likely", **freight),
    )
    stores.save_store(services, actor, stores.Said(SLUG, is_open=True, openings=openings, words=words), 0)
    # Buyers of the demonstration pay at a provider where no money moves.
    return payment_accounts.create(services, actor, "sandbox", country="MX", is_live=False, secrets={}).id


def shops(services: Services) -> tuple[DemoShop, ...]:
    """Return the shops of the demonstration that are there."""
    with services.database.reading() as session:
        there = set(session.scalars(select(Seller.slug).where(Seller.slug.in_([shop.slug for shop in SHOPS]))))
    return tuple(shop for shop in SHOPS if shop.slug in there)


def _add_person(
    services: Services, session: Session, seller: Seller, shop: DemoShop, person: tuple[str, str, Role]
) -> None:
    local, name, role = person
    now = services.now()
    user = User(
        id=new_id("u", now),
        created_at=now,
        email=local + DEMO_DOMAIN,
        name=name,
        language=shop.language,
        password_hash=services.passwords.hash(PASSWORD),
        confirmed_at=now,
    )
    session.add(user)
    session.flush()
    session.add(Membership(seller_id=seller.id, user_id=user.id, role=role, since=now))
