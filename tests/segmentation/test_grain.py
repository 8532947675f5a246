"""What one row is: a customer, or something of a customer's."""

import io

import pandas as pd
import pytest

from app.segmentation.errors import GrainError
from app.segmentation.tables import ReadOptions, Table, read_table, table_from_frame
from app.segmentation.tables.grain import check_customers


def read(header: str, row, n: int = 12, **options: object) -> Table:
    text = "\n".join([header, *(row(i) for i in range(n))]) + "\n"
    return read_table(io.BytesIO(text.encode()), overrides=ReadOptions(**options))


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "order_no,customer_id,date,product,quantity",
            "A{i},C{c},2024-05-{d},mug,{i}",
            "order_line",
        ),
        ("Bestellnummer;Kunde;Artikel;Menge", "{n};Ann{c};Stuhl{m};{i}", "order_line"),
        ("customer_id,product,amount", "C{c},mug{m},{i}", "order_line"),
        ("Kundennummer;Datum;Betrag", "{k};{d}.02.2024;4{i},50", "order"),
        ("клиент,дата,сумма", "K{c},2024-05-{d},7{i}", "order"),
        ("email,date,amount", "a{c}@x.de,2024-05-{d},7{i}", "order"),
        ("invoice,client,date,montant", "F{i},C{c},2024-05-{d},7{i}", "order"),
        ("user_id,event,timestamp", "u{c},click,2024-05-{d} 10:00:00", "event"),
        ("Kunde;Monat;Umsatz", "C{c};2024-0{m};4{i}", "customer_month"),
        ("customer_id,snapshot,balance", "C{c},2024-0{m}-01,7{i}", "customer_month"),
        ("order_id,date,amount", "{n},2024-05-{d},7{i}", "order"),
        ("sku,price,stock", "A{i},3{i},7{i}", "item"),
    ],
)
def test_rows_that_are_no_customers_are_called_what_they_are(header, row, expected):
    def of(i: int) -> str:
        return row.format(
            i=i, n=1000 + 3 * i, c=i // 3, k=1000 + i // 3, d=f"{i % 9 + 10}", m=i % 3 + 1
        )

    table = read(header, of)

    assert table.grain.one_row_is == expected
    told = next(w for w in table.warnings if w.code == "rows_are_not_customers")
    assert told.alternatives[0].overrides == {"one_row_is": "customer"}
    assert read(header, of, one_row_is="customer").grain.one_row_is == "customer"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("customer_id,age,orders,last_order,total_spend", "C{i},{a},{i},2024-05-{d},7{i}"),
        ("customer_type,age,orders", "retail,{a},{i}"),
        ("store_id,age,spend", "S{c},{a},5{i}"),
        ("household_id,customer_id,age,spend", "H{c},C{i},{a},5{i}"),
        ("account,age,spend,product", "A{i},{a},5{i},gold"),
        ("id,member,age,visits", "A{i},yes,{a},5{i}"),
        ("age,income,visits", "{a},4{i}00,{i}"),
    ],
)
def test_customers_stay_customers(header, row):
    table = read(header, lambda i: row.format(i=i, c=i // 3, a=20 + i * 2 % 50, d=f"{i % 9 + 10}"))

    assert table.grain.one_row_is == "customer"


def test_order_lines_are_not_taken_for_customers_unless_the_caller_says_so():
    records = pd.DataFrame(
        {
            "customer_id": [f"C{i // 4}" for i in range(40)],
            "order_date": [f"2024-05-{i % 28 + 1:02}" for i in range(40)],
            "product": ["mug" if i % 2 else "lamp" for i in range(40)],
            "quantity": [i % 7 for i in range(40)],
        }
    )

    with pytest.raises(GrainError, match="One row is a line of an order, not a customer"):
        check_customers(table_from_frame(records).grain)

    check_customers(table_from_frame(records, one_row_is="customer").grain)


def test_rows_that_stand_twice_are_counted_and_named():
    text = "customer,age,city\nAnn,30,Rome\nBob,41,Bonn\nAnn,30,Rome\nCid,52,Bern\nDan,27,Nice\n"

    table = read_table(io.BytesIO(text.encode()))

    told = [w for w in table.warnings if w.code == "duplicate_rows"]
    assert [(w.count, w.rows) for w in told] == [(1, (4,))]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mall_customers.csv", "customer"),
        ("wholesale_customers.csv", "customer"),
        ("telco_churn.csv", "customer"),
        ("bank_additional_semicolon.csv", "customer"),
        ("marketing_campaign_semicolon_bom.csv", "customer"),
        ("cdnow_sample.csv", "order"),
        ("online_retail_semicolon_decimalcomma_bom.csv", "order_line"),
        ("orders/superstore.csv", "order_line"),
        ("orders/rfm_orders.csv", "order"),
    ],
)
def test_real_tables_are_told_apart(shared_data, name, expected):
    with (shared_data / name).open("rb") as source:
        assert read_table(source).grain.one_row_is == expected


def rows(header: str, row: str, n: int = 36) -> Table:
    """Write orders of a dozen customers, two lines each: ``{n}`` is the order's number."""

    def of(i: int) -> str:
        order = i // 2
        return row.format(
            i=i, n=5001 + 17 * order, k=4300 + 7 * (order % 12), c=order % 12,
            d=f"{order % 27 + 1:02}", m=f"{order // 9 + 1:02}", q=i % 4 + 1, p=i % 7,
        )  # fmt: skip

    return read(header, of, n)


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("N° commande;Date de commande;Client;Produit;Montant TTC",
         "{n};{d}/{m}/2024;Durand {c};Vase {p};{i},50"),
        ("Numero ordine;Data ordine;Cliente;Articolo;Importo",
         "{n};{d}/{m}/2024;Rossi {c};Vaso {p};{i},50"),
        ("Número do pedido;Data do pedido;Cliente;Produto;Valor total",
         "{n};{d}/{m}/2024;Silva {c};Vaso {p};{i},50"),
        ("Nº pedido;Fecha;Cliente;Artículo;Importe", "{n};{d}/{m}/2024;Gil {c};Jarro {p};{i},50"),
        ("Bestelnummer;Besteldatum;Klantnummer;Artikel;Bedrag",
         "{n};{d}-{m}-2024;{k};Vaas {p};{i},50"),
        ("Belegnummer;Belegdatum;Debitor;Artikelnummer;Menge;Nettobetrag",
         "{n};{d}.{m}.2024;{k};A{p}7;{q};{i},50"),
        ("Nr zamówienia;Data zamówienia;Klient;Produkt;Kwota",
         "{n};{d}.{m}.2024;Nowak {c};Wazon {p};{i},50"),
        ("Sipariş No;Sipariş Tarihi;Müşteri;Ürün;Tutar",
         "{n};{d}.{m}.2024;Demir {c};Vazo {p};{i},50"),
        ("注文番号,注文日,顧客番号,商品名,金額", "{n},2024/{m}/{d},{k},花瓶{p},{i}50"),
        ("订单号,下单时间,用户,商品,金额", "{n},2024-{m}-{d} 10:00:00,u{k},花瓶{p},{i}.5"),
        ("Ordernr;Datum;Debiteur;Omschrijving;Totaal excl.", "{n};{d}-{m}-2024;{k};Vaas;{i},50"),
        ("Rendelés száma;Dátum;Vásárló;Összeg", "{n};2024.{m}.{d}.;Nagy {c};{i},50"),
        ("رقم الطلب,التاريخ,العميل,المبلغ", "{n},2024-{m}-{d},عميل{c},{i}.5"),
        ("user,day,spend", "{c},2024-{m}-{d},{i}.5"),
        ("Номер заказа;Дата;Клиент;Товар;Сумма", "{n};{d}.{m}.2024;Иванов {c};Ваза {p};{i},50"),
    ],
    ids=lambda each: each.split(";")[0].split(",")[0],
)  # fmt: skip
def test_orders_are_refused_in_the_usual_languages(header, row):
    grain = rows(header, row).grain

    assert grain.one_row_is in ("order", "order_line")
    with pytest.raises(GrainError, match="not a customer"):
        check_customers(grain)


@pytest.mark.parametrize(
    ("shop", "header", "row"),
    [
        ("woocommerce",
         "Order Number,Order Status,Order Date,First Name (Billing),Email (Billing),SKU,Item Name,"
         "Quantity,Item Cost,Order Total Amount",
         "{n},completed,2024-{m}-{d} 10:15,Ann,ann{c}@x.org,S{p},Mug {p},{q},{i}.50,{n}.00"),
        ("magento",
         "ID,Purchase Point,Purchase Date,Bill-to Name,Grand Total (Base),Status,Customer Email",
         "{n}{i:03},Main,2024-{m}-{d} 10:15:00,Ann {c},{i}.50,Complete,ann{c}@x.org"),
        ("shopify",
         "Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Lineitem quantity,"
         "Lineitem name,Lineitem price",
         "#{n},ann{c}@x.org,paid,2024-{m}-{d} 10:15:00 +0100,EUR,{i}.50,{i}.90,{q},Mug {p},{i}.10"),
        ("amazon",
         "amazon-order-id\tpurchase-date\torder-status\tsku\tquantity\titem-price\tbuyer-email",
         "302-{n}-11\t2024-{m}-{d}T10:15:00+00:00\tShipped\tS{p}\t{q}\t{i}.50\tb{c}@mp.amazon.de"),
        ("amazon without buyers",
         "amazon-order-id\tpurchase-date\torder-status\tsku\tquantity\titem-price\tship-city",
         "302-{n}-11\t2024-{m}-{d}T10:15:00+00:00\tShipped\tS{p}\t{q}\t{i}.50\tBonn"),
        ("ebay",
         "Sales Record Number,Order Number,Buyer Username,Item Title,Quantity,Sold For,Sale Date",
         "{i},{n}-01,ann_{c},Mug {p},{q},$ {i}.50,{d}-Mar-24"),
        ("etsy",
         "Sale Date,Item Name,Buyer,Quantity,Price,Transaction ID,Listing ID,Date Paid,Order ID",
         "{m}/{d}/24,Mug {p},ann{c},{q},{i}.50,9{n}{i},77{p},{m}/{d}/2024,{n}"),
        ("stripe",
         "id,Created date (UTC),Amount,Currency,Status,Customer ID,Customer Email,Card ID",
         "ch_3{n}{i},2024-{m}-{d} 10:15:00,{i}.50,eur,Paid,cus_{k},a{c}@x.org,card_{k}"),
        ("square",
         "Date,Time,Gross Sales,Net Sales,Transaction ID,Payment ID,Customer ID,Customer Name",
         "2024-{m}-{d},10:15:00,$ {i}.50,$ {i}.10,T{n}{i},P{n}{i},C{k},Ann {c}"),
        ("paypal",
         "Date,Time,Name,Type,Status,Currency,Gross,Fee,From Email Address,Transaction ID",
         "{d}/{m}/2024,10:15:00,Ann {c},Payment,Completed,EUR,{i}.50,0.50,a{c}@x.org,5{n}{i}X"),
    ],
    ids=lambda each: each if len(each) < 25 else "",
)  # fmt: skip
def test_orders_of_the_usual_shops_are_refused(shop, header, row):
    assert rows(header, row).grain.one_row_is in ("order", "order_line"), shop


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("aaa,bbb,ccc,ddd", "X{n},Y{k},2024-{m}-{d},{i}.50"),
        ("ref,kto,tag,wert", "{n}A,Z{k},{d}.{m}.2024,{i}.50"),
        ("alpha,beta,gamma", "Y{k}q,2024-{m}-{d},{i}.50"),
        ("eins,zwei,drei", "a{c}@x.org,2024-{m}-{d},{i}.50"),
    ],
)
def test_orders_are_known_by_their_shape_under_any_names(header, row):
    assert rows(header, row).grain.one_row_is in ("order", "order_line", "event")


def test_entries_of_an_account_and_days_of_a_series_are_no_customers():
    bank = rows(
        "Buchungstag;Valutadatum;Auftraggeber/Empfänger;Verwendungszweck;Betrag;Saldo",
        "{d}.{m}.2024;{d}.{m}.2024;Stadtwerke {c};Rechnung {n};-{i},50;{n},10",
    )
    days = read(
        "day,sales,visits", lambda i: f"2024-01-{i + 1:02},{50 + i * 7 % 11}.5,{i * 3 % 8}", 24
    )

    assert bank.grain.one_row_is != "customer"
    assert days.grain.one_row_is == "event"


@pytest.mark.parametrize(
    ("header", "row"),
    [
        # Contacts of a CRM: the account repeats, the person does not.
        ("Contact ID,First Name,Last Name,Email,Account Name,Created Date,Annual Revenue",
         "003{i:04}A,Ann,Lee{i},ann{i}@x.org,Acme {c},2024-{m}-{d},{i}000"),
        ("Record ID,First Name,Email,Contact owner,Associated Company,Create Date,Number of Deals",
         "77{i:03},Ann,ann{i}@x.org,Joe,Acme {c},2024-{m}-{d} 10:00,{q}"),
        ("Email Address,First Name,MEMBER_RATING,OPTIN_TIME,LAST_CHANGED,TAGS",
         "ann{i}@x.org,Ann,{q},2024-{m}-{d} 10:00:00,2024-{m}-{d} 11:00:00,vip"),
        # Who lives together, and who is served by whom.
        ("household_id,member,age,income", "H{c},{q},{i},{i}00"),
        ("household_id,person,birth_date,income", "H{c},P{i},19{i:02}-{m}-{d},{i}00"),
        ("policy_holder,agent_code,start_date,premium", "PH{i:04},AG{c},2024-{m}-{d},{i}.5"),
        ("hh,person,since,income", "H{c},P{i},2024-{m}-{d},{i}00"),
        ("id,branch,age,since,income", "P{i},B{c},{i},2024-{m}-{d},{i}00"),
        ("branch_code,age,since,income", "B{k}x,{i},2024-{m}-{d},{i}00"),
        ("id,city,since,spend", "P{i},Town{c},2024-{m}-{d},{i}00"),
        ("Customer ID,First Name,Email,City,Total Spent,Total Orders",
         "91{i:03},Ann,ann{i}@x.org,Bonn,{i}.50,{q}"),
        ("ResponseId,StartDate,EndDate,Duration (in seconds),Q1,Q2",
         "R_{n}{i},2024-{m}-{d} 10:00,2024-{m}-{d} 10:09,{i}1,{q},{p}"),
        ("Zeitstempel,Wie alt sind Sie?,Wie zufrieden sind Sie?",
         "2024/{m}/{d} 10:{i:02}:00 AM MEZ,{i},{q}"),
        ("customer_id,first_order_id,first_order_date,total_spend",
         "C{i},O{n},2024-{m}-{d},{i}.50"),
    ],
)  # fmt: skip
def test_tables_of_customers_with_things_that_repeat_stay_customers(header, row):
    assert rows(header, row).grain.one_row_is == "customer"
