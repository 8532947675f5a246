"""Further exports of the same orders, with what each shop's program does in its own way."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tests.segmentation.orders.exports import LINES, TAKEN_BACK, TOTALS, Line, german, once

Row = Sequence[object]
FIRST = {line.order: line for line in LINES if line.first}


@dataclass(frozen=True, kw_only=True)
class Case:
    """A file, and what its owner means by it.

    Attributes
    ----------
    states : mapping of str to int
        Lines that are no orders, by what they count as.
    all_kept : bool
        Whether the orders that were taken back count as orders, and lines of their own give back.
    settings : mapping
        What the owner chose.
    """

    header: str
    rows: list[Row]
    states: dict[str, int] = field(default_factory=dict)
    all_kept: bool = True
    delimiter: str = ","
    settings: dict[str, str] = field(default_factory=dict)

    def text(self) -> str:
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=self.delimiter)
        writer.writerow(self.header.split("|"))
        writer.writerows(self.rows)
        return buffer.getvalue()


def each_line(row: Callable[[Line], Row]) -> list[Row]:
    return [row(line) for line in LINES]


def each_order(row: Callable[[Line], Row]) -> list[Row]:
    return [row(line) for line in FIRST.values()]


def back() -> list[Line]:
    return [line for line in LINES if line.order in TAKEN_BACK]


def _after(line: Line) -> dt.datetime:
    return line.at + dt.timedelta(days=3)


def _square() -> Iterator[Row]:
    for line in LINES:
        yield (
            f"{line.at:%Y-%m-%d}", f"{line.at:%H:%M:%S}", "Eastern Time (US & Canada)", "None",
            f"Thing {line.product}", line.quantity, f"SKU{line.product}", f"${line.amount:,.2f}",
            "$0.00", f"${line.amount:,.2f}", "$0.00", f"tx{line.order * 977:x}", "Payment",
            f"CUST{line.customer:03}",
        )  # fmt: skip
    for line in back():
        yield (
            f"{_after(line):%Y-%m-%d}", f"{line.at:%H:%M:%S}", "Eastern Time (US & Canada)", "None",
            f"Thing {line.product}", -line.quantity, f"SKU{line.product}",
            f"-${line.amount:,.2f}", "$0.00", f"-${line.amount:,.2f}", "$0.00",
            f"rx{line.order * 977:x}", "Refund", f"CUST{line.customer:03}",
        )  # fmt: skip


def _sap(minus: str) -> Iterator[Row]:
    for line in LINES:
        yield (
            f"{line.order:010}", 10, f"{line.at:%d.%m.%Y}", f"{line.customer + 1:010}",
            f"M-{line.product:05}", line.quantity, german(line.amount), "EUR", "TA",
        )  # fmt: skip
    for line in back():
        yield (
            f"{line.order + 60000:010}", 10, f"{_after(line):%d.%m.%Y}", f"{line.customer + 1:010}",
            f"M-{line.product:05}", f"{line.quantity}{minus}", f"{german(line.amount)}{minus}",
            "EUR", "G2",
        )  # fmt: skip


def _xero() -> Iterator[Row]:
    for line in LINES:
        yield (
            f"Contact {line.customer}", f"INV-{line.order}", f"{line.at:%d/%m/%Y}",
            f"{_after(line):%d/%m/%Y}", TOTALS[line.order], f"T{line.product}",
            f"Thing {line.product}", line.quantity, line.price, line.amount, "EUR",
            "Sales invoice", "Paid",
        )  # fmt: skip
    for line in back():
        yield (
            f"Contact {line.customer}", f"CR-{line.order}", f"{_after(line):%d/%m/%Y}",
            f"{_after(line):%d/%m/%Y}", TOTALS[line.order], f"T{line.product}",
            f"Thing {line.product}", line.quantity, line.price, line.amount, "EUR",
            "Sales credit note", "Paid",
        )  # fmt: skip


def _with_charges(product: str, amount: str) -> Iterator[Row]:
    for line in LINES:
        who = f"K{line.customer}"
        day = f"{line.at:%Y-%m-%d}"
        yield line.order, who, day, f"Thing {line.product}", line.amount
        if line.first:
            yield line.order, who, day, product, amount


def _plain(line: Line) -> Row:
    return line.order, f"K{line.customer}", f"{line.at:%Y-%m-%d}", line.amount


PLAIN = "order_id|customer_id|order_date|amount"
CHARGED = "order_id|customer|order_date|description|amount"
NAMED = "Order Number|Customer|Order Date|Product|Quantity|Unit Price|Type"


def _anonymous(who: object) -> list[Row]:
    return [
        (90_000 + i, who, f"{dt.date(2025, 1, 4) + dt.timedelta(days=i % 300)}", "5.00")
        for i in range(400)
    ]


def _line_types() -> Iterator[Row]:
    for line in LINES:
        start = (line.order, f"c{line.customer}@example.com", f"{line.at:%Y-%m-%d %H:%M}")
        yield *start, f"Thing {line.product}", "line_item", line.amount
        if line.first:
            yield *start, "DHL Paket", "shipping", "4.90"
            yield *start, "DE-VAT-1", "tax", "1.20"
            yield *start, "WELCOME10", "coupon", "-2.00"


def _receipts_of_each_day() -> Iterator[Row]:
    numbers = {order: 1 + i % 3 for i, order in enumerate(sorted(FIRST))}
    for line in LINES:
        yield (
            numbers[line.order], f"K{line.customer}", f"{line.at:%Y-%m-%d}",
            f"Thing {line.product}", line.amount,
        )  # fmt: skip


def _states(*words: str) -> Callable[[Line], Row]:
    return lambda line: (*_plain(line), line.fate(*words))


N_BACK = len(back())
CALLED_OFF = {"cancelled": N_BACK}
RETURNED = {"return": N_BACK}
STATE = PLAIN + "|Status"

MORE = {
    "Square, refunds as events with a minus": Case(
        header="Date|Time|Time Zone|Category|Item|Qty|SKU|Gross Sales|Discounts|Net Sales|Tax|"
        "Transaction ID|Event Type|Customer ID",
        rows=list(_square()),
        states=RETURNED,
    ),
    "Stripe": Case(
        header="id|Created date (UTC)|Amount|Amount Refunded|Currency|Customer ID|Status",
        rows=each_order(
            lambda line: (
                f"ch_{line.order * 7919:x}",
                f"{line.at:%Y-%m-%d %H:%M:%S}",
                TOTALS[line.order],
                TOTALS[line.order] if line.order in TAKEN_BACK else "0.00",
                "eur",
                f"cus_{line.customer:04}",
                line.fate("Paid", "Paid", "Paid", "Refunded"),
            )
        ),
        states={"cancelled": len(TAKEN_BACK)},
        all_kept=False,
    ),
    "eBay, the order's total on its first line": Case(
        header="Sales Record Number|Order Number|Buyer Username|Item Title|Quantity|Sold For|"
        "Total Price|Paid On Date",
        rows=each_line(
            lambda line: (
                line.order - 900,
                f"12-{line.order * 31:05}-{line.order * 17:05}",
                f"buyer_{line.customer}",
                f"Thing {line.product}",
                line.quantity,
                f"EUR {line.amount}",
                once(line, f"EUR {TOTALS[line.order]}"),
                f"{line.at:%b-%d-%y}",
            )
        ),
    ),
    "Lightspeed": Case(
        header="Receipt number|Date|Customer code|SKU|Description|Quantity|Total|Status",
        rows=each_line(
            lambda line: (
                line.order,
                f"{line.at:%m/%d/%Y %I:%M %p}",
                f"{line.customer:05}-AB",
                f"1000{line.product}",
                f"Thing {line.product}",
                line.quantity,
                f"${line.amount:,}",
                line.fate("Completed", "Completed", "Parked", "Voided"),
            )
        ),
        states=CALLED_OFF,
        all_kept=False,
    ),
    "SAP, credit memos by their type": Case(
        header="VBELN|POSNR|AUDAT|KUNNR|MATNR|KWMENG|NETWR|WAERK|AUART",
        rows=list(_sap("")),
        delimiter=";",
        states=RETURNED,
    ),
    "SAP, with the minus behind": Case(
        header="Verkaufsbeleg|Position|Belegdatum|Auftraggeber|Material|Menge|Nettowert|Währung|Art",
        rows=list(_sap("-")),
        delimiter=";",
        states=RETURNED,
    ),
    "JTL": Case(
        header="Auftragsnummer|Erstelldatum|Kundennummer|Artikelnummer|Artikelname|Menge|VK Brutto|"
        "Gesamt Brutto|Auftragsstatus",
        rows=each_line(
            lambda line: (
                f"AU-{line.order}",
                f"{line.at:%d.%m.%Y %H:%M}",
                10_000 + line.customer,
                f"A{line.product}",
                f"Ding {line.product}",
                line.quantity,
                german(line.price),
                german(line.amount),
                line.fate("Versendet", "Bezahlt", "Offen", "Storniert"),
            )
        ),
        delimiter=";",
        states=CALLED_OFF,
        all_kept=False,
    ),
    "Shopware, the order's amount on each line": Case(
        header="orderNumber|orderTime|customerEmail|invoiceAmount|statusDescription|articleNumber|"
        "articleName|price|quantity",
        rows=each_line(
            lambda line: (
                line.order,
                f"{line.at:%Y-%m-%d %H:%M:%S}",
                f"c{line.customer}@example.com",
                TOTALS[line.order],
                line.fate("Offen", "Komplett", "Komplett", "Abgebrochen"),
                f"SW{line.product}",
                f"Ding {line.product}",
                line.price,
                line.quantity,
            )
        ),
        delimiter=";",
        states=CALLED_OFF,
        all_kept=False,
    ),
    "PrestaShop": Case(
        header="ID|Référence|Client|Total|Paiement|État|Date",
        rows=each_order(
            lambda line: (
                line.order - 1000,
                f"{line.order * 7:X}QWERT",
                f"N. Client{line.customer}",
                f"{german(TOTALS[line.order])} €",
                "Carte",
                line.fate("Paiement accepté", "Livré", "Expédié", "Remboursé"),
                f"{line.at:%d/%m/%Y %H:%M:%S}",
            )
        ),
        delimiter=";",
        states={"cancelled": len(TAKEN_BACK)},
        all_kept=False,
    ),
    "Xero, credit notes by their type": Case(
        header="ContactName|InvoiceNumber|InvoiceDate|DueDate|Total|InventoryItemCode|Description|"
        "Quantity|UnitAmount|LineAmount|Currency|Type|Status",
        rows=list(_xero()),
        states=RETURNED,
    ),
    "Japanese": Case(
        header="注文番号|注文日時|会員番号|商品コード|商品名|単価|数量|小計|注文状況",
        rows=each_line(
            lambda line: (
                f"{line.order}-2025",
                f"{line.at:%Y/%m/%d %H:%M}",
                f"M{line.customer:05}",
                f"S{line.product}",
                f"商品{line.product}",
                line.price,
                line.quantity,
                line.amount,
                line.fate("発送済", "処理済", "発送済", "キャンセル"),
            )
        ),
        states=CALLED_OFF,
        all_kept=False,
    ),
    "Chinese": Case(
        header="订单编号|下单时间|买家会员名|商品编码|宝贝标题|购买数量|实付款|订单状态",
        rows=each_order(
            lambda line: (
                line.order * 1_000_003,
                f"{line.at:%Y-%m-%d %H:%M:%S}",
                f"买家{line.customer}",
                f"S{line.product}",
                f"宝贝{line.product}",
                1,
                TOTALS[line.order],
                line.fate("交易成功", "已发货", "交易成功", "已退款"),
            )
        ),
        states={"cancelled": len(TAKEN_BACK)},
        all_kept=False,
    ),
    "Allegro": Case(
        header="Numer zamówienia|Data złożenia|Login kupującego|Nazwa produktu|Liczba sztuk|Cena|"
        "Razem|Waluta|Status zamówienia",
        rows=each_line(
            lambda line: (
                f"{line.order * 101:x}-ab",
                f"{line.at:%d.%m.%Y %H:%M}",
                f"kupiec{line.customer}",
                f"Rzecz {line.product}",
                line.quantity,
                german(line.price),
                german(line.amount),
                "PLN",
                line.fate("Wysłane", "Odebrane", "Nowe", "Zwrot"),
            )
        ),
        delimiter=";",
        states=CALLED_OFF,
        all_kept=False,
    ),
    "Russian": Case(
        header="Номер заказа|Дата заказа|Покупатель|Товар|Количество|Цена|Сумма|Статус",
        rows=each_line(
            lambda line: (
                line.order,
                f"{line.at:%d.%m.%Y}",
                f"Покупатель {line.customer}",
                f"Товар {line.product}",
                line.quantity,
                german(line.price).replace(".", " "),
                german(line.amount).replace(".", " "),
                line.fate("Доставлен", "Оплачен", "Новый", "Отменен"),
            )
        ),
        delimiter=";",
        states=CALLED_OFF,
        all_kept=False,
    ),
    "addresses of mail in small and large letters": Case(
        header="order_id|email|created_at|amount",
        rows=each_line(
            lambda line: (
                line.order,
                f"{'Anna' if line.order % 2 else 'anna'}{line.customer}@Example.com",
                f"{line.at:%Y-%m-%d}",
                line.amount,
            )
        ),
    ),
    "customers' numbers with and without a fraction": Case(
        header=PLAIN,
        rows=each_line(
            lambda line: (
                line.order,
                f"{17000 + line.customer}{'.0' if line.order % 2 else ''}",
                f"{line.at:%Y-%m-%d}",
                line.amount,
            )
        ),
    ),
    "a till where 0 is everyone without a card": Case(
        header=PLAIN,
        rows=[
            *each_line(
                lambda line: (line.order, 500 + line.customer, f"{line.at:%Y-%m-%d}", line.amount)
            ),
            *_anonymous(0),
        ],
        states={"no_customer": 400},
    ),
    "a till with walk-in customers": Case(
        header=PLAIN,
        rows=[*each_line(_plain), *_anonymous("Walk In Customer")],
        states={"no_customer": 400},
    ),
    "shipping as a line": Case(
        header=CHARGED,
        rows=list(_with_charges("Standard Shipping", "4.90")),
        states={"no_product": len(FIRST)},
    ),
    "tax as a line": Case(
        header=CHARGED,
        rows=list(_with_charges("MwSt 19%", "4.90")),
        states={"no_product": len(FIRST)},
    ),
    "discounts as lines": Case(
        header=CHARGED,
        rows=list(_with_charges("Discount SUMMER10", "-1.50")),
        states={"no_product": len(FIRST)},
    ),
    "paid with gift cards, as lines": Case(
        header=CHARGED,
        rows=list(_with_charges("Gutschein-Einlösung", "-5.00")),
        states={"no_product": len(FIRST)},
    ),
    "WooCommerce, lines of several types": Case(
        header="Order ID|Billing Email|Order Date|Item Name|Item Type|Item Total",
        rows=list(_line_types()),
        states={"no_product": 3 * len(FIRST)},
    ),
    "receipts that begin again each day": Case(
        header="Receipt|Customer|Date|Item|Amount",
        rows=list(_receipts_of_each_day()),
    ),
    "totals on each line, without order numbers": Case(
        header="customer|purchased_at|product|order_total",
        rows=each_line(
            lambda line: (
                f"K{line.customer}",
                f"{line.at:%Y-%m-%d %H:%M}",
                f"P{line.product}",
                TOTALS[line.order],
            )
        ),
    ),
    "one of several currencies": Case(
        header=PLAIN + "|currency",
        rows=[
            *each_line(lambda line: (*_plain(line), "EUR")),
            *((90_000 + i, f"K{i}", "2025-02-03", 3, "USD") for i in range(9)),
        ],
        states={"other_currency": 9},
        settings={"currency": "eur"},
    ),
    "cents": Case(
        header="order_id|customer_id|created|amount_cents",
        rows=each_line(lambda line: (*_plain(line)[:3], int(line.amount * 100))),
    ),
    "returns by a price with a minus": Case(
        header="Order Number|Customer|Order Date|Product|Quantity|Unit Price",
        rows=[
            *each_line(
                lambda line: (
                    line.order,
                    f"K{line.customer}",
                    f"{line.at:%Y-%m-%d}",
                    f"P{line.product}",
                    line.quantity,
                    line.price,
                )
            ),
            *(
                (
                    line.order + 5000,
                    f"K{line.customer}",
                    f"{_after(line):%Y-%m-%d}",
                    f"P{line.product}",
                    line.quantity,
                    -line.price,
                )
                for line in back()
            ),
        ],
        states=RETURNED,
    ),
    "sales and returns by their type": Case(
        header=NAMED.replace("Type", "Belegart"),
        rows=[
            *(
                (
                    line.order + shift,
                    f"K{line.customer}",
                    f"{line.at:%Y-%m-%d}",
                    f"P{line.product}",
                    line.quantity,
                    line.price,
                    word,
                )
                for lines, shift, word in ((LINES, 0, "Rechnung"), (back(), 5000, "Gutschrift"))
                for line in lines
            ),
        ],
        states=RETURNED,
    ),
    "cancelled orders and refunds with a minus": Case(
        header=STATE,
        rows=[
            *each_line(_states("Completed", "Completed", "Completed", "Completed")),
            *((*_plain(line)[:3], -line.amount, "Refunded") for line in back()),
            *((70_000 + i, f"K{i % 25}", "2025-03-03", 8, "Cancelled") for i in range(10)),
        ],
        states={"return": N_BACK, "cancelled": 10},
    ),
    "Odoo, with quotations": Case(
        header="Order Reference|Order Date|Customer|Total|Status",
        rows=each_order(
            lambda line: (
                f"S0{line.order}",
                f"{line.at:%Y-%m-%d %H:%M:%S}",
                f"Company {line.customer}",
                TOTALS[line.order],
                line.fate("Sales Order", "Sales Order", "Locked", "Quotation"),
            )
        ),
        states={"cancelled": len(TAKEN_BACK)},
        all_kept=False,
    ),
    "invoices of subscriptions": Case(
        header="Invoice Number|Customer ID|Invoice Date|Amount Paid|Status",
        rows=each_order(
            lambda line: (
                f"INV-{line.order}",
                f"cus_{line.customer}",
                f"{line.at:%Y-%m-%d}",
                TOTALS[line.order],
                line.fate("paid", "paid", "paid", "uncollectible"),
            )
        ),
        states={"cancelled": len(TAKEN_BACK)},
        all_kept=False,
    ),
    "Gumroad, refunds marked with yes or no": Case(
        header="Purchase Date|Purchase ID|Buyer Email|Item Name|Item Price ($)|Refunded?",
        rows=each_order(
            lambda line: (
                f"{line.at:%Y-%m-%d}",
                f"{line.order * 7919:x}==",
                f"c{line.customer}@example.com",
                f"Thing {line.product}",
                TOTALS[line.order],
                line.fate("0", "0", "0", "1"),
            )
        ),
        states={"cancelled": len(TAKEN_BACK)},
        all_kept=False,
    ),
    "a till that marks what was voided": Case(
        header=PLAIN + "|Storniert",
        rows=each_line(lambda line: (*_plain(line), line.fate("nein", "nein", "nein", "ja"))),
        states=CALLED_OFF,
        all_kept=False,
    ),
    "Rakuten": Case(
        header="注文番号|注文日時|ステータス|注文者メールアドレス|商品名|単価|個数|合計金額",
        rows=each_line(
            lambda line: (
                f"263122-2025{line.order}-{line.order * 31:09}",
                f"{line.at:%Y-%m-%d %H:%M:%S}",
                line.fate("処理済", "発送待ち", "処理済", "キャンセル確定"),
                f"c{line.customer}@fw.example.com",
                f"商品 {line.product}",
                line.price,
                line.quantity,
                TOTALS[line.order],
            )
        ),
        states=CALLED_OFF,
        all_kept=False,
    ),
    "Mercado Libre": Case(
        header="N.º de venta|Fecha de venta|Estado|Comprador|Título de la publicación|Unidades|"
        "Precio unitario|Total (MXN)",
        rows=each_order(
            lambda line: (
                f"20000{line.order * 7919}",
                f"{line.at:%d/%m/%Y %H:%M}",
                line.fate("Entregado", "En camino", "Entregado", "Cancelada por el comprador"),
                f"COMPRADOR{line.customer}",
                f"Cosa {line.product}",
                1,
                TOTALS[line.order],
                TOTALS[line.order],
            )
        ),
        delimiter=";",
        states={"cancelled": len(TAKEN_BACK)},
        all_kept=False,
    ),
    "bol.com": Case(
        header="Bestelnummer|Besteldatum|Klant e-mail|EAN|Titel|Aantal|Verkoopprijs|Retour",
        rows=each_line(
            lambda line: (
                f"A000{line.order}",
                f"{line.at:%d-%m-%Y}",
                f"klant{line.customer}@verkopen.example.nl",
                f"87200{line.product:08}",
                f"Ding {line.product}",
                line.quantity,
                german(line.price),
                line.fate("nee", "nee", "nee", "ja"),
            )
        ),
        delimiter=";",
        states=CALLED_OFF,
        all_kept=False,
    ),
    "BigCommerce": Case(
        header="Order ID|Customer ID|Customer Name|Order Date|Order Time|Order Status|"
        "Subtotal (inc tax)|Shipping Cost (inc tax)|Order Total (inc tax)|Total Quantity",
        rows=each_order(
            lambda line: (
                line.order,
                3000 + line.customer,
                f"Name {line.customer}",
                f"{line.at:%d/%m/%Y}",
                f"{line.at:%H:%M:%S}",
                line.fate("Completed", "Shipped", "Awaiting Payment", "Refunded"),
                TOTALS[line.order],
                0,
                TOTALS[line.order],
                3,
            )
        ),
        states={"cancelled": len(TAKEN_BACK)},
        all_kept=False,
    ),
    "Wix": Case(
        header="Order number|Date created|Time|Contact email|Item|SKU|Qty|Price|Payment status",
        rows=each_line(
            lambda line: (
                line.order,
                f"{line.at:%b %-d, %Y}",
                f"{line.at:%-I:%M:%S %p}",
                f"c{line.customer}@example.com",
                f"Thing {line.product}",
                f"W{line.product}",
                line.quantity,
                line.price,
                line.fate("Paid", "Paid", "Paid", "Fully refunded"),
            )
        ),
        states=CALLED_OFF,
        all_kept=False,
    ),
    "times with the zone of the customer": Case(
        header=PLAIN,
        rows=each_line(
            lambda line: (
                line.order,
                f"K{line.customer}",
                f"{line.at:%Y-%m-%d}T23:30:00{'-08:00' if line.order % 2 else '-05:00'}",
                line.amount,
            )
        ),
    ),
    "seconds since 1970": Case(
        header=PLAIN.replace("order_date", "created"),
        rows=each_line(
            lambda line: (line.order, f"K{line.customer}", int(line.at.timestamp()), line.amount)
        ),
    ),
    "an American date and time": Case(
        header=PLAIN,
        rows=each_line(
            lambda line: (
                line.order,
                f"K{line.customer}",
                f"{line.at:%-m/%-d/%Y %-I:%M %p}",
                line.amount,
            )
        ),
    ),
    "a Japanese date": Case(
        header=PLAIN,
        rows=each_line(
            lambda line: (line.order, f"K{line.customer}", f"{line.at:%Y年%-m月%-d日}", line.amount)
        ),
    ),
}
TOTAL = sum(TOTALS.values(), Decimal(0))
BACK_TOTAL = sum((TOTALS[order] for order in TAKEN_BACK), Decimal(0))
