"""What shops call the columns of their orders, in the usual languages."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal, get_args

from app.segmentation.tables.roles import ID, WORDS, plain_name

Role = Literal[
    "customer", "date", "order", "amount", "quantity", "price", "product", "product_name",
    "category", "currency", "status",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)

_NAMES: Mapping[Role, str] = {
    "customer": """
        customerid customerno customernumber customernr customercode customerkey custid custno
        customer clientid clientno clientnumber client userid memberid buyerid shopperid householdid
        accountid contactid kundennummer kundennr kundenid kundeid kunde kdnr idclient codeclient
        numeroclient numclient noclient idcliente codigocliente numerocliente cliente codicecliente
        codcliente klantnummer klantid klantnr klant user buyer member shopper customeremail email
        emailaddress mail customername clientname kundenname""",
    "date": """
        orderdate invoicedate purchasedate transactiondate saledate salesdate datetime orderdatetime
        ordertime ordertimestamp orderedat purchasedat createdat transactiontime
        orderpurchasetimestamp bestelldatum rechnungsdatum kaufdatum auftragsdatum belegdatum
        buchungsdatum datecommande datedecommande datefacture dateachat datedachat fechapedido
        fechadepedido fechafactura fechacompra fechadecompra dataordine datafattura dataacquisto
        datapedido datacompra orderdatum factuurdatum besteldatum date datum fecha data timestamp
        day tag""",
    "order": """
        orderid orderno ordernumber ordernr invoiceid invoiceno invoicenumber invoicenr
        transactionid transactionno transactionnumber receiptid receiptno receiptnumber
        receipt basketid order
        invoice transaction bestellnummer bestellnr bestellid rechnungsnummer rechnungsnr
        auftragsnummer auftragsnr belegnummer belegnr bonnummer numerocommande numcommande
        idcommande commande numerofacture facture idpedido numeropedido pedido numerofactura factura
        idordine numeroordine ordine fattura ordernummer factuurnummer bestelling""",
    "amount": """
        linetotal ordertotal totalamount orderamount orderproductamount netamount grossamount amount
        totalprice totalsales sales revenue turnover ordervalue transactionvalue transactionamount
        dollarvalue salesamount netsales grosssales total subtotal totalvalue value spend spent
        payment paymentvalue nettobetrag bruttobetrag gesamtbetrag gesamtpreis betrag umsatz
        nettoumsatz summe wert montant montanttotal montantht montantttc chiffredaffaires ca importe
        importetotal ventas monto valor valortotal importo importototale totale valore ricavo bedrag
        totaalbedrag omzet""",
    "quantity": """
        quantity qty units unitssold itemquantity orderquantity quantityordered menge anzahl
        stuck stueck stuckzahl stueckzahl quantite qte cantidad quantita quantidade aantal
        pieces""",
    "price": """
        unitprice priceperunit itemprice priceeach price einzelpreis stuckpreis stueckpreis preis
        prixunitaire prix preciounitario precio prezzounitario prezzo precounitario preco
        stuksprijs prijs""",
    "product": """
        productid productcode productno productnumber sku stockcode itemid itemcode itemno articleid
        articlecode articleno article asin ean produktid produktnummer artikelnummer artikelnr
        artikelid artikel produkt codeproduit idproduit produit codigoproducto idproducto producto
        codiceprodotto idprodotto prodotto product item""",
    "product_name": """
        description productname productdescription producttitle itemname itemdescription
        artikelbezeichnung artikelname produktname bezeichnung beschreibung designation libelle
        nomproduit descripcion nombreproducto descrizione nomeprodotto descricao omschrijving""",
    "category": """
        category productcategory categoryname itemcategory department productline producttype
        kategorie produktkategorie warengruppe produktgruppe categorie categorieproduit categoria
        categoriaproducto categoriaprodotto rubrique""",
    "currency": """
        currency currencycode ordercurrency wahrung waehrung devise moneda divisa valuta moeda""",
    "status": """
        orderstatus status statusorder paymentstatus fulfillmentstatus bestellstatus auftragsstatus
        statut statutcommande estado estadopedido stato statoordine""",
}
NAMES: Mapping[Role, Mapping[str, int]] = {
    role: {name: rank for rank, name in enumerate(names.split())} for role, names in _NAMES.items()
}
_UNIT = re.compile(r"[\s_]*[(\[][^)\]]*[)\]]\s*$|[\s_]+(eur|usd|gbp|chf)$", re.IGNORECASE)
_NUMBER_OF = re.compile(r"^(no|nr|num|numero|nummer)(?=...)")
_COUNT_OF = re.compile(r"(numberof|numof|noof|nombrede|anzahlder)")


def name_rank(role: Role, name: str) -> int | None:
    """How well a column's name says a role: 0 is best, None where it does not."""
    plain = squashed(_UNIT.sub("", name)) or squashed(name)
    if role == "quantity" and _COUNT_OF.match(plain):
        return len(NAMES[role])
    rank = NAMES[role].get(plain)
    rank = rank if rank is not None else NAMES[role].get(_NUMBER_OF.sub("", plain))
    if rank is not None or role not in ("customer", "order", "product"):
        return rank
    # Further languages, as the tables' own reading knows them.
    known = re.fullmatch(rf"({WORDS[role]})(s|n|en|e)?( ?{ID})?", plain_name(name))
    return len(NAMES[role]) + 1 if known else None


def squashed(name: str) -> str:
    """Write a name in small letters and digits alone: ``Währung_ID`` as ``wahrungid``."""
    folded = unicodedata.normalize("NFKD", name.casefold().replace("°", "o"))
    return "".join(letter for letter in folded if letter.isalnum() and letter.isascii())
