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
        emailaddress mail buyeremail billingemail emailbilling buyername buyeruserid buyerusername
        customername clientname kundenname kontonummer debitor debitorennummer debitornr
        codigodocliente codigocliente numerodocliente codcliente klient idklienta nrklienta
        numerklienta kund kundnummer kundnr musteri musterino musteriid zakaznik""",
    "date": """
        orderdate invoicedate purchasedate transactiondate saledate salesdate datetime orderdatetime
        ordertime ordertimestamp orderedat purchasedat createdat transactiontime
        orderpurchasetimestamp bestelldatum rechnungsdatum kaufdatum auftragsdatum belegdatum
        buchungsdatum datecommande datedecommande datefacture dateachat datedachat fechapedido
        fechadepedido fechafactura fechacompra fechadecompra dataordine datafattura dataacquisto
        datapedido datadopedido datacompra datadacompra orderdatum factuurdatum besteldatum
        bestellzeit bestellungvom dataeoradoordine datazamowienia datazakupu dataordine
        kopdatum bestillingsdato ordredato ordrdato siparistarihi datumobjednavky createdutc created
        paidat date datum fecha data dato tarih timestamp day tag""",
    "order": """
        orderid orderno ordernumber ordernr invoiceid invoiceno invoicenumber invoicenr
        transactionid transactionno transactionnumber receiptid receiptno receiptnumber
        receipt basketid order
        invoice transaction bestellnummer bestellnr bestellid rechnungsnummer rechnungsnr
        auftragsnummer auftragsnr belegnummer belegnr bonnummer numerocommande numcommande
        idcommande commande numerofacture facture idpedido numeropedido pedido numerofactura factura
        idordine numeroordine ordine fattura ordernummer factuurnummer bestelnummer bestelling
        numerodopedido numerodepedido numzamowienia numerzamowienia nrzamowienia zamowienie
        ordrenummer ordrenr siparisno siparisnumarasi cisloobjednavky objednavka
        incrementid referencecommande""",
    "amount": """
        linetotal linenetamount linesubtotal itemtotal itemsubtotal netsales grandtotal ordertotal
        ordertotalamount totalamount orderamount orderproductamount netamount grossamount amount
        totalprice totalsales sales revenue turnover ordervalue transactionvalue transactionamount
        dollarvalue salesamount grosssales total subtotal totalvalue value spend spent
        payment paymentvalue nettobetrag bruttobetrag gesamtbetrag gesamtpreis betrag umsatz
        nettoumsatz summe gesamtsumme gesamt positionssumme zeilensumme rechnungsbetrag
        rechnungssumme
        wert montant montanttotal montantht montantttc chiffredaffaires ca importe
        importetotal ventas monto valor valortotal importo importototale totale valore ricavo bedrag
        totaalbedrag totaal omzet
        wartosc kwota suma belopp belob tutar toplam castka""",
    "quantity": """
        quantity qty units unitssold itemquantity orderquantity quantityordered menge anzahl
        stuck stueck stuckzahl stueckzahl lineitemquantity ilosc antal adet mnozstvi quantite qte
        cantidad quantita quantidade aantal
        pieces""",
    "price": """
        unitprice priceperunit lineitemprice itemcost itemprice priceeach price einzelpreis
        stuckpreis stueckpreis preis
        prixunitaire prix preciounitario precio prezzounitario prezzo precounitario preco
        stuksprijs stukprijs prijs vkpreis verkaufspreis cena pris fiyat""",
    "product": """
        productid productcode productno productnumber sku lineitemsku stockcode itemid itemcode
        itemno articleid
        articlecode articleno article asin ean produktid produktnummer artikelnummer artikelnr
        artikelid artikel produkt codeproduit idproduit produit codigoproducto idproducto producto
        codiceprodotto idprodotto prodotto product item""",
    "product_name": """
        lineitemname description productname productdescription producttitle itemname
        itemdescription
        artikelbezeichnung artikelname produktname bezeichnung beschreibung designation libelle
        nomproduit descripcion nombreproducto descrizione nomeprodotto descricao omschrijving""",
    "category": """
        category productcategory categoryname itemcategory department productline producttype
        kategorie produktkategorie warengruppe produktgruppe categorie categorieproduit categoria
        categoriaproducto categoriaprodotto rubrique""",
    "currency": """
        currency currencycode ordercurrency wahrung waehrung devise moneda divisa valuta moeda""",
    "status": """
        orderstatus financialstatus status statusorder paymentstatus fulfillmentstatus itemstatus
        eventtype transactiontype bestellstatus zahlstatus zahlungsstatus etat etatcommande
        situacao situacion statuszamowienia durum stav auftragsstatus
        statut statutcommande estado estadopedido stato statoordine""",
}
NAMES: Mapping[Role, Mapping[str, int]] = {
    role: {name: rank for rank, name in enumerate(names.split())} for role, names in _NAMES.items()
}
_SPELT = str.maketrans({"°": "o", "º": "o", "ł": "l", "ø": "o", "ß": "ss", "ı": "i", "#": "no"})
_UNIT = re.compile(r"[\s_]*[(\[][^)\]]*[)\]]\s*$|[\s_]+(eur|usd|gbp|chf)$", re.IGNORECASE)
_NUMBER_OF = re.compile(r"^(no|nr|num|numero|nummer)(?=...)")
_OF_A_SHOP = re.compile(r"^[a-z]+(?=orderid$|ordernumber$|orderno$)")
_COUNT_OF = re.compile(r"(numberof|numof|noof|nombrede|anzahlder)")


def name_rank(role: Role, name: str) -> int | None:
    """How well a column's name says a role: 0 is best, None where it does not."""
    plain = squashed(_UNIT.sub("", name)) or squashed(name)
    if role == "quantity" and _COUNT_OF.match(plain):
        return len(NAMES[role])
    rank = NAMES[role].get(plain)
    rank = rank if rank is not None else NAMES[role].get(_NUMBER_OF.sub("", plain))
    if rank is None and role == "order" and _OF_A_SHOP.match(plain):
        # ``amazon-order-id`` before ``merchant-order-id``: in the table's own order.
        return len(NAMES[role])
    if rank is not None or role not in ("customer", "order", "product"):
        return rank
    # Further languages, as the tables' own reading knows them.
    known = re.fullmatch(rf"({WORDS[role]})(s|n|en|e)?( ?{ID})?", plain_name(name))
    return len(NAMES[role]) + 1 if known else None


def squashed(name: str) -> str:
    """Write a name in small letters and digits alone: ``Währung_ID`` as ``wahrungid``."""
    spelt = name.casefold().translate(_SPELT)
    folded = unicodedata.normalize("NFKD", spelt)
    return "".join(letter for letter in folded if letter.isalnum() and letter.isascii())
