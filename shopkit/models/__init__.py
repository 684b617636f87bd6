"""The tables. Quotes and listings are kept whole, as they were said; money of orders is whole minor units."""

from shopkit.models.accounts import (
    ApiKey,
    Attempts,
    AuditEntry,
    Membership,
    OneTimeLink,
    Seller,
    SignIn,
    User,
    Verification,
)
from shopkit.models.base import Base
from shopkit.models.boxes import StoredBox
from shopkit.models.campaigns import AudienceFigure, Campaign, CampaignClick, CampaignLink
from shopkit.models.catalogs import CatalogChange, CatalogFeed, CatalogListing, CatalogRun
from shopkit.models.dashboard import Goal, PastSale, Plan, SaleImport
from shopkit.models.engines import EngineAnswer, EngineMonth, SellerEngineMonth
from shopkit.models.feeds import ShipmentFeed, TrackingAccount, TrackingMessage, TrackingPace
from shopkit.models.freight import CarrierAccount, ObservedParcel, StoredCard
from shopkit.models.idempotency import IdempotencyKey
from shopkit.models.invoices import InvoiceCounter, StoredInvoice
from shopkit.models.listings import ListingChange, ListingImport, StoredListing, StoredPhoto, StoredVariant
from shopkit.models.orders import OrderEvent, OrderLetter, OrderLine, ShopLeaving, StockHold, StoredOrder
from shopkit.models.papers import HandedNumber, NumberRange, PaperDetails, PrintedPaper
from shopkit.models.parcel_pages import MailStop, ParcelCharge, ParcelLetter, ParcelWish
from shopkit.models.parcels import ShipmentEvent, ShipmentOrder, StoredShipment
from shopkit.models.payments import PaymentAccount, PaymentEvent, StoredPayment, StoredRefund
from shopkit.models.pools import ParcelPool, PoolGroup, PoolInvitation, PoolMember, PoolParcel, PoolShare
from shopkit.models.pushes import ChannelAccount, Push, PushRow
from shopkit.models.quotes import StoredQuote
from shopkit.models.reputation import Rating, RatingWords
from shopkit.models.stores import Cart, Enquiry, FirmQuote, Store, StoreProduct
from shopkit.models.translations import (
    DraftRun,
    MemoryUnit,
    ReviewShare,
    StoredTerm,
    StoredTranslation,
    TranslationChange,
    TranslationComment,
    TranslationPlan,
)
from shopkit.models.wholesale import CasePack, Partner, WholesaleTerms

__all__ = [
    "ApiKey",
    "Attempts",
    "AudienceFigure",
    "AuditEntry",
    "Base",
    "Campaign",
    "CampaignClick",
    "CampaignLink",
    "CarrierAccount",
    "Cart",
    "CasePack",
    "CatalogChange",
    "CatalogFeed",
    "CatalogListing",
    "CatalogRun",
    "ChannelAccount",
    "DraftRun",
    "EngineAnswer",
    "EngineMonth",
    "Enquiry",
    "FirmQuote",
    "Goal",
    "HandedNumber",
    "IdempotencyKey",
    "InvoiceCounter",
    "ListingChange",
    "ListingImport",
    "MailStop",
    "Membership",
    "MemoryUnit",
    "NumberRange",
    "ObservedParcel",
    "OneTimeLink",
    "OrderEvent",
    "OrderLetter",
    "OrderLine",
    "PaperDetails",
    "ParcelCharge",
    "ParcelLetter",
    "ParcelPool",
    "ParcelWish",
    "Partner",
    "PastSale",
    "PaymentAccount",
    "PaymentEvent",
    "Plan",
    "PoolGroup",
    "PoolInvitation",
    "PoolMember",
    "PoolParcel",
    "PoolShare",
    "PrintedPaper",
    "Push",
    "PushRow",
    "Rating",
    "RatingWords",
    "ReviewShare",
    "SaleImport",
    "Seller",
    "SellerEngineMonth",
    "ShipmentEvent",
    "ShipmentFeed",
    "ShipmentOrder",
    "ShopLeaving",
    "SignIn",
    "StockHold",
    "Store",
    "StoreProduct",
    "StoredBox",
    "StoredCard",
    "StoredInvoice",
    "StoredListing",
    "StoredOrder",
    "StoredPayment",
    "StoredPhoto",
    "StoredQuote",
    "StoredRefund",
    "StoredShipment",
    "StoredTerm",
    "StoredTranslation",
    "StoredVariant",
    "TrackingAccount",
    "TrackingMessage",
    "TrackingPace",
    "TranslationChange",
    "TranslationComment",
    "TranslationPlan",
    "User",
    "Verification",
    "WholesaleTerms",
]
