"""What the names of columns mean in the usual languages: customers, orders, products, amounts."""

import re
import unicodedata

WORDS = {
    "customer": r"customer|client|kunden?|klient|clientes?|klant|kund|asiakas|musteri|cust|shopper|"
    r"user|utente|usuario|utilisateur|benutzer|member|mitglied|membre|account|buyer|kaufer|"
    r"acheteur|comprador|subscriber|abonnent|patient|guest|gast|visitor|donor|household|person|"
    r"respondents?|participants?|teilnehmer|befragte[rn]?|repondants?|encuestados?|intervistat[oi]|"
    r"клиент|покупатель|пользователь|ユーザー|ユーザ|お客様|客户|顾客|用户|顧客|会員|고객|회원|عميل|לקוח|πελατης|ugyfel|vasarlo|vevo|debiteur|debitor|donor|odberatel|zakaznik",
    "order": r"order|invoice|transaction|trans|receipt|basket|purchase|bestellung|bestell|auftrag|"
    r"rechnung|beleg|bon|commande|facture|achat|pedido|factura|compra|ordine|fattura|acquisto|"
    r"encomenda|fatura|bestelling|factuur|zamowienie|faktura|objednavka|siparis|ordre|tilaus|"
    r"заказ|счет|чек|покупка|订单|发票|注文|伝票|주문|طلب|הזמנה|rendeles",
    "product": r"product|item|sku|article|artikel|produkt|produit|producto|articulo|prodotto|"
    r"articolo|produto|artigo|stockcode|stock|ean|gtin|asin|ware|товар|продукт|артикул|产品|商品|"
    r"品番|상품|제품|منتج|מוצר|title|isbn",
    "amount": r"price|amount|total|revenue|sales|value|quantity|qty|units|betrag|preis|umsatz|"
    r"menge|anzahl|wert|stuck|summe|montant|prix|quantite|precio|importe|cantidad|prezzo|importo|"
    r"quantita|preco|quantidade|valor|bedrag|prijs|aantal|cena|kwota|ilosc|fiyat|tutar|adet|цена|"
    r"сумма|количество|价格|金额|数量|価格|金額|가격|금액|수량|spend|cost|discount|paid|payment",
    "event": r"event|action|session|page|url|click|ereignis|aktion|sitzung|evenement|evento|"
    r"azione|событие|действие|事件|イベント|이벤트|ticket|activity|log|timestamp|device|referrer|campaign_event|visit_time",
    "period": r"month|monat|mois|mes|mese|maand|period|quarter|quartal|trimestre|week|woche|"
    r"semaine|year|jahr|annee|ano|anno|jaar|rok|год|年|년|wave|welle|vague|ola|"
    r"year_month|yearmonth|yyyymm|месяц|月|월|miesiac|ay",
}
ID = (
    r"(id|ids|no|nr|num|number|nummer|numero|code|key|uid|uuid|guid|kod|kodu|ref|номер|编号|番号|"
    r"号码?|號碼?|번호|n|#)"
)

_CYRILLIC = "\u0400"


def folded(text: str) -> str:
    """Fold case and the accents of Latin and Greek letters; letters of other scripts stay whole."""
    base, kept = "", []
    for char in unicodedata.normalize("NFKD", text.casefold()):
        if not unicodedata.combining(char):
            base = char
        elif base < _CYRILLIC:
            continue
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


def plain_name(name: str) -> str:
    """Give a name's words, folded, with one space between them: ``LastOrder_Date`` too."""
    plain = folded(re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", name))
    return " ".join(re.split(r"[^\w]+|_", plain)).strip()


def means(kind: str, name: str) -> bool:
    """Whether a column's name has one of the words, alone or run together with what follows."""
    plain = plain_name(name)
    words = WORDS[kind]
    if re.search(rf"\b(ال)?({words})(s|n|en|e)?\b", plain):
        return True
    return bool(re.search(rf"\b({words})[\s]?{ID}\b", plain))
