"""Files as shops export them, of one and the same orders: columns, languages and habits."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

PRICES = [Decimal(text) for text in ("9.90", "12.50", "1234.00", "3.25", "20.10", "49.95", "7.35")]
FATES = 4


@dataclass(frozen=True)
class Line:
    """One line of 40 orders of 25 customers; a quarter of the orders were taken back."""

    order: int
    customer: int
    at: dt.datetime
    product: int
    quantity: int
    first: bool

    @property
    def price(self) -> Decimal:
        return PRICES[self.product % len(PRICES)]

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.price

    def fate(self, *words: str) -> str:
        return words[self.order % FATES]


def _lines() -> list[Line]:
    lines = []
    for i in range(40):
        at = dt.datetime(2025, 1, 3, 9, 12, tzinfo=dt.UTC) + dt.timedelta(days=8 * i, minutes=7 * i)
        for j in range(1 + i % 4):
            quantity, product = 1 + (i + j * 3) % 5, (3 * i + 7 * j) % 21
            lines.append(Line(1001 + i, i * 7 % 25, at, product, quantity, j == 0))
    return lines


LINES = _lines()
TOTALS = {
    order: sum(line.amount for line in LINES if line.order == order)
    for order in {line.order for line in LINES}
}
TAKEN_BACK = {line.order for line in LINES if line.order % FATES == 3}


def german(number: Decimal | int) -> str:
    return f"{number:,.2f}".translate(str.maketrans(",.", ".,"))


def blank(number: Decimal | int) -> str:
    return german(number).replace(".", " ")


def once(line: Line, value: object) -> object:
    """What an export writes on the first line of an order alone."""
    return value if line.first else ""


Row = Callable[[Line], Sequence[object]]


@dataclass(frozen=True)
class Export:
    header: str
    row: Row
    roles: str
    delimiter: str = ","
    one_per_order: bool = False
    taken_back: str = "cancelled"

    @property
    def lines(self) -> list[Line]:
        return [line for line in LINES if line.first or not self.one_per_order]

    def text(self) -> str:
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=self.delimiter)
        writer.writerow(self.header.split("|"))
        writer.writerows(self.row(line) for line in self.lines)
        return buffer.getvalue()


EXPORTS = {
    "Shopify, one total and one status per order": Export(
        "Name|Email|Financial Status|Currency|Subtotal|Shipping|Total|Created at|"
        "Lineitem quantity|Lineitem name|Lineitem price|Lineitem sku",
        lambda line: (
            f"#{line.order}",
            f"c{line.customer}@example.com",
            once(line, line.fate("paid", "paid", "partially_refunded", "refunded")),
            once(line, "EUR"),
            once(line, TOTALS[line.order]),
            once(line, "4.90"),
            once(line, TOTALS[line.order] + Decimal("4.90")),
            f"{line.at:%Y-%m-%d %H:%M:%S} +0100",
            line.quantity,
            f"Thing {line.product}",
            line.price,
            f"SKU-{line.product}",
        ),
        "customer=Email order=Name date=Created at status=Financial Status currency=Currency "
        "quantity=Lineitem quantity price=Lineitem price",
    ),
    "WooCommerce, the order's total on each line": Export(
        "Order Number|Order Status|Order Date|Email (Billing)|Order Total Amount|Item Name|"
        "Quantity|Item Cost|SKU",
        lambda line: (
            line.order,
            line.fate("wc-completed", "wc-processing", "wc-on-hold", "wc-refunded"),
            f"{line.at:%Y-%m-%d %H:%M}",
            f"c{line.customer}@example.com",
            TOTALS[line.order],
            f"Thing {line.product}",
            line.quantity,
            line.price,
            f"S{line.product}",
        ),
        "customer=Email (Billing) order=Order Number date=Order Date status=Order Status "
        "quantity=Quantity price=Item Cost",
    ),
    "totals on each line and nothing else": Export(
        "order_id|customer_id|order_date|product_name|order_total|status",
        lambda line: (
            line.order,
            f"K{line.customer}",
            f"{line.at:%Y-%m-%d}",
            f"Thing {line.product}",
            TOTALS[line.order],
            line.fate("paid", "paid", "sent", "returned"),
        ),
        "customer=customer_id order=order_id amount=order_total",
    ),
    "Magento, one row per order": Export(
        "ID|Purchase Point|Purchase Date|Bill-to Name|Grand Total (Base)|Status|Customer Email",
        lambda line: (
            f"{line.order:09}",
            "Main Website",
            f"{line.at:%b %d, %Y, %I:%M:%S %p}",
            f"Name {line.customer}",
            TOTALS[line.order],
            line.fate("complete", "processing", "pending", "canceled"),
            f"c{line.customer}@example.com",
        ),
        "customer=Customer Email order=ID date=Purchase Date amount=Grand Total (Base)",
        one_per_order=True,
    ),
    "Amazon, a price that is the line's amount": Export(
        "amazon-order-id|merchant-order-id|purchase-date|last-updated-date|order-status|sku|asin|"
        "product-name|quantity|currency|item-price|buyer-email",
        lambda line: (
            f"302-{line.order * 37:07}-{line.order * 131:07}",
            f"M{line.order}",
            f"{line.at:%Y-%m-%dT%H:%M:%S}+00:00",
            f"{line.at + dt.timedelta(days=1):%Y-%m-%dT%H:%M:%S}+00:00",
            line.fate("Shipped", "Shipped", "Pending", "Cancelled"),
            f"SKU{line.product}",
            f"B00{line.product:07}",
            f"Thing {line.product}",
            line.quantity,
            "EUR",
            line.amount,
            f"b{line.customer}@marketplace.example.com",
        ),
        "customer=buyer-email order=amazon-order-id date=purchase-date amount=item-price",
        "\t",
    ),
    "Etsy": Export(
        "Sale Date|Item Name|Buyer|Quantity|Price|Item Total|Currency|Order ID|Listing ID|Status",
        lambda line: (
            f"{line.at:%m/%d/%y}",
            f"Thing {line.product}",
            f"buyer{line.customer}",
            line.quantity,
            line.price,
            line.amount,
            "USD",
            line.order * 99_991,
            line.product * 77 + 1_000_000,
            line.fate("Paid", "Paid", "Shipped", "Refunded"),
        ),
        "customer=Buyer order=Order ID date=Sale Date amount=Item Total",
    ),
    "German": Export(
        "Auftragsnummer|Auftragsdatum|Kundennr.|Artikelnr|Artikelbezeichnung|Menge|Einzelpreis|"
        "Gesamtsumme|Bestellstatus",
        lambda line: (
            line.order,
            f"{line.at:%d.%m.%Y}",
            f"K{line.customer:04}",
            f"ART{line.product}",
            f"Ding {line.product}",
            line.quantity,
            german(line.price),
            german(line.amount),
            line.fate("versendet", "bezahlt", "teilweise storniert", "storniert"),
        ),
        "customer=Kundennr. order=Auftragsnummer date=Auftragsdatum amount=Gesamtsumme",
        ";",
    ),
    "French": Export(
        "N° commande|Date de commande|N° client|Désignation|Quantité|Prix unitaire HT|Total TTC|"
        "Statut",
        lambda line: (
            f"CMD{line.order}",
            f"{line.at:%d/%m/%Y}",
            f"CL{line.customer}",
            f"Chose {line.product}",
            line.quantity,
            blank(line.price),
            blank(line.amount),
            line.fate("Livrée", "Payée", "Partiellement remboursée", "Remboursée"),
        ),
        "customer=N° client order=N° commande date=Date de commande amount=Total TTC",
        ";",
    ),
    "Spanish": Export(
        "Nº pedido|Fecha|Cliente|Artículo|Cantidad|Precio unitario|Total|Estado",
        lambda line: (
            line.order,
            f"{line.at:%d/%m/%Y}",
            f"C{line.customer}",
            f"Artículo {line.product}",
            line.quantity,
            german(line.price),
            german(line.amount),
            line.fate("Enviado", "Pagado", "Entregado", "Reembolsado"),
        ),
        "customer=Cliente order=Nº pedido date=Fecha amount=Total",
        ";",
    ),
    "Portuguese": Export(
        "Nº Pedido|Data do Pedido|Código do Cliente|Produto|Quantidade|Preço Unitário|Valor Total|"
        "Situação",
        lambda line: (
            line.order,
            f"{line.at:%d/%m/%Y}",
            f"C{line.customer}",
            f"Produto {line.product}",
            line.quantity,
            german(line.price),
            german(line.amount),
            line.fate("Enviado", "Pago", "Entregue", "Cancelado"),
        ),
        "customer=Código do Cliente order=Nº Pedido date=Data do Pedido amount=Valor Total",
        ";",
    ),
    "Italian": Export(
        "Numero ordine|Data ordine|Codice cliente|Prodotto|Quantità|Prezzo unitario|Totale|Stato",
        lambda line: (
            line.order,
            f"{line.at:%d/%m/%Y}",
            f"C{line.customer}",
            f"Prodotto {line.product}",
            line.quantity,
            german(line.price),
            german(line.amount),
            line.fate("Spedito", "Pagato", "Consegnato", "Rimborsato"),
        ),
        "customer=Codice cliente order=Numero ordine date=Data ordine amount=Totale",
        ";",
    ),
    "Dutch": Export(
        "Bestelnummer|Besteldatum|Klantnummer|Artikel|Aantal|Stukprijs|Totaal|Status",
        lambda line: (
            line.order,
            f"{line.at:%d-%m-%Y}",
            f"C{line.customer}",
            f"Ding {line.product}",
            line.quantity,
            german(line.price),
            german(line.amount),
            line.fate("Verzonden", "Betaald", "Verzonden", "Terugbetaald"),
        ),
        "customer=Klantnummer order=Bestelnummer date=Besteldatum amount=Totaal",
        ";",
    ),
    "Polish": Export(
        "Numer zamówienia|Data zamówienia|Klient|Produkt|Ilość|Cena|Wartość|Status",
        lambda line: (
            line.order,
            f"{line.at:%Y-%m-%d}",
            f"C{line.customer}",
            f"Rzecz {line.product}",
            line.quantity,
            german(line.price).replace(".", ""),
            german(line.amount).replace(".", ""),
            line.fate("Wysłane", "Zapłacone", "Wysłane", "Anulowane"),
        ),
        "customer=Klient order=Numer zamówienia date=Data zamówienia amount=Wartość",
        ";",
    ),
    "letters before the numbers of cancellations": Export(
        "InvoiceNo|StockCode|Quantity|InvoiceDate|UnitPrice|CustomerID",
        lambda line: (
            f"C{line.order}" if line.order in TAKEN_BACK else line.order,
            f"{line.product:05}A",
            -line.quantity if line.order in TAKEN_BACK else line.quantity,
            f"{line.at:%Y-%m-%d %H:%M}",
            line.price,
            12_000 + line.customer,
        ),
        "customer=CustomerID order=InvoiceNo date=InvoiceDate quantity=Quantity price=UnitPrice",
        taken_back="return",
    ),
    "credit notes without a minus": Export(
        "invoice|customer|date|amount",
        lambda line: (
            f"GS-{line.order}" if line.order in TAKEN_BACK else line.order,
            f"K{line.customer}",
            f"{line.at:%Y-%m-%d}",
            TOTALS[line.order],
        ),
        "customer=customer date=date amount=amount order=invoice",
        one_per_order=True,
        taken_back="return",
    ),
}
