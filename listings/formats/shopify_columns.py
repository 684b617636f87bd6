"""The columns of Shopify's product CSV in both generations of its header."""

from __future__ import annotations

from typing import Final

# Field, header of the template of 2025, header of the generation before ("" where it had none); in the new file order.
COLUMNS: Final = (
    ("title", "Title", "Title"),
    ("handle", "URL handle", "Handle"),
    ("description", "Description", "Body (HTML)"),
    ("vendor", "Vendor", "Vendor"),
    ("product_category", "Product category", ""),
    ("type", "Type", "Type"),
    ("tags", "Tags", "Tags"),
    ("published", "Published on online store", "Published"),
    ("status", "Status", "Status"),
    ("sku", "SKU", "Variant SKU"),
    ("barcode", "Barcode", "Variant Barcode"),
    ("option1_name", "Option1 name", "Option1 Name"),
    ("option1_value", "Option1 value", "Option1 Value"),
    ("option1_linked", "Option1 Linked To", ""),
    ("option2_name", "Option2 name", "Option2 Name"),
    ("option2_value", "Option2 value", "Option2 Value"),
    ("option2_linked", "Option2 Linked To", ""),
    ("option3_name", "Option3 name", "Option3 Name"),
    ("option3_value", "Option3 value", "Option3 Value"),
    ("option3_linked", "Option3 Linked To", ""),
    ("price", "Price", "Variant Price"),
    ("compare_at", "Compare-at price", "Variant Compare At Price"),
    ("cost", "Cost per item", "Cost per item"),
    ("taxable", "Charge tax", "Variant Taxable"),
    ("tax_code", "Tax code", "Variant Tax Code"),
    ("unit_total", "Unit price total measure", ""),
    ("unit_total_unit", "Unit price total measure unit", ""),
    ("unit_base", "Unit price base measure", ""),
    ("unit_base_unit", "Unit price base measure unit", ""),
    ("tracker", "Inventory tracker", "Variant Inventory Tracker"),
    ("quantity", "Inventory quantity", "Variant Inventory Qty"),
    ("policy", "Continue selling when out of stock", "Variant Inventory Policy"),
    ("grams", "Weight value (grams)", "Variant Grams"),
    ("weight_unit", "Weight unit for display", "Variant Weight Unit"),
    ("requires_shipping", "Requires shipping", "Variant Requires Shipping"),
    ("fulfillment", "Fulfillment service", "Variant Fulfillment Service"),
    ("image", "Product image URL", "Image Src"),
    ("image_position", "Image position", "Image Position"),
    ("image_alt", "Image alt text", "Image Alt Text"),
    ("variant_image", "Variant image URL", "Variant Image"),
    ("gift_card", "Gift card", "Gift Card"),
    ("seo_title", "SEO title", "SEO Title"),
    ("seo_description", "SEO description", "SEO Description"),
    ("google_category", "Google Shopping / Google product category", "Google Shopping / Google Product Category"),
    ("google_gender", "Google Shopping / Gender", "Google Shopping / Gender"),
    ("google_age", "Google Shopping / Age group", "Google Shopping / Age Group"),
    ("google_mpn", "Google Shopping / Manufacturer part number (MPN)", "Google Shopping / MPN"),
    ("google_group", "Google Shopping / Ad group name", "Google Shopping / AdWords Grouping"),
    ("google_labels", "Google Shopping / Ads labels", "Google Shopping / AdWords Labels"),
    ("google_condition", "Google Shopping / Condition", "Google Shopping / Condition"),
    ("google_custom", "Google Shopping / Custom product", "Google Shopping / Custom Product"),
    *(
        (f"google_label{n}", f"Google Shopping / Custom label {n}", f"Google Shopping / Custom Label {n}")
        for n in range(5)
    ),
)
# The generation before in its own order; what it did not have is not in it.
OLD_ORDER: Final = (
    *("handle", "title", "description", "vendor", "type", "tags", "published", "option1_name", "option1_value"),
    *("option2_name", "option2_value", "option3_name", "option3_value", "sku", "grams", "tracker", "quantity"),
    *("policy", "fulfillment", "price", "compare_at", "requires_shipping", "taxable", "barcode", "image"),
    *("image_position", "image_alt", "gift_card", "seo_title", "seo_description", "google_category"),
    *("google_gender", "google_age", "google_mpn", "google_group", "google_labels", "google_condition"),
    *("google_custom", "google_label0", "google_label1", "google_label2", "google_label3", "google_label4"),
    *("variant_image", "weight_unit", "tax_code", "cost", "status"),
)
