"""What shops write on lines that are no sale: of nobody, called off, given back, no product.

Patterns are RE2's, in the usual languages.
"""

import re

_NOBODY = """
    guest|guests|guest user|guest checkout|guest customer|anonymous|anonymous customer|unknown
    unknown customer|none|n/a|na|null|nan|nil|-|--|?|#n/a|n.n.|not set|(not set)|not provided
    no customer|walk-in|walk in|walkin|walk-in customer|walk in customer|walkin customer
    walk-ins|cash|cash customer|cash sale|cash sales|counter sale|counter sales|pos customer
    default customer|retail customer|general customer|over the counter
    gast|gastbestellung|gastkunde|anonym|unbekannt|laufkunde|laufkundschaft|barverkauf|barkunde
    kassenkunde|thekenkunde|diverse|diverse kunden|divers|einmalkunde|sammelkunde|tageskunde
    cpd|cpd-kunde|cpd kunde|nicht angegeben|ohne kunde
    anonyme|invité|inconnu|client comptoir|client de passage|client divers|clients divers
    comptoir|vente comptoir
    invitado|anónimo|anonimo|desconocido|cliente mostrador|mostrador|cliente ocasional
    consumidor final|público general|publico general|público en general|publico en general
    venta al público|clientes varios|cliente varios|contado|cliente contado
    ospite|sconosciuto|cliente occasionale|cliente generico|vendita banco
    convidado|anônimo|desconhecido|cliente balcão|balcão|cliente avulso|cliente padrão
    onbekend|anoniem|passant|passanten|contante verkoop|balieklant|diversen
    gość|nieznany|klient detaliczny|klient anonimowy|paragon
    misafir|perakende müşteri|okänd|gäst|kontantkund|ukendt|gæst|vieras|anonymní
    гость|розничный покупатель|аноним|неизвестно|ゲスト|匿名|非会員|不明|游客|散客|비회원
"""
NOBODY = "(?i)({})".format(
    "|".join(re.escape(each.strip()) for each in re.split(r"[|\n]", _NOBODY) if each.strip())
)

PLACEHOLDERS = r"0+(\.0)?|-1|9{3,}|1{3,}|x+"
"""Numbers of customers that are no customer's, where far more lines have them than any other."""

_WORD = r"(?i)(^|[^a-zà-ÿ])"
_CALLED_OFF = (
    r"cancel|void|fail|declin|reject|expired|abandon|draft|uncollectible|deleted|quot(e|ation)\b"
    r"|stornier|abgebrochen|abgelehnt|widerruf|gelöscht|entwurf|angebot\b|annul|refus|échou"
    r"|brouillon|devis|anulad|cancelad|rechaz|borrador|presupuesto|bozza|preventivo|geannul"
    r"|geweigerd|concept\b|offerte|anulowan|odrzuc|avbruten|iptal|zrušen|отмен|已取消|キャンセル"
)
_GIVEN_BACK = (
    r"refund|return|chargeback|credit(ed)?[ _-]?(note|memo|invoice)|storno|storn|retour|retoure"
    r"|erstattet|rückerstattet|zurück|gutschrift|rembours|avoir|retourné|reembols|devuelt|devolvid"
    r"|devoluci|devoluç|nota de cr[ée]dito|rectificativa|rimbors|reso($|[^a-z])|nota di credito"
    r"|terugbetaald|geretourneerd|creditnota|creditfactuur|zwrot|zwróc|korekt|återbetal|kreditnot|kreditfaktur"
    r"|refunder|returner|iade|dobropis|возврат|已退款|退款|退货|返金|返品|환불|반품"
)
CANCELLED = f"{_WORD}({_CALLED_OFF}|{_GIVEN_BACK})"
GIVEN_BACK = f"{_WORD}({_GIVEN_BACK})|^(abono|g2|gs|gu|cn|cm|nc)$"
"""In a column that says what kind of line it is."""

NOT_CANCELLED = (
    r"(?i)(parti|teilweise|teil-|teilerst|parcia|parzia|gedeelte|częściow|delvis|not |non |nicht "
    r"|never |no_|no return|request|requested|window)"
)
"""Most of such an order stays; and a negation is none."""

CREDITS = r"(?i)(C|CN|CR|CRN|CM|GS|ST|STO|RG|RET|RMA|REF|RF|AV|AVO|NC|NCR|CANC)[-_ /]?\d+"
"""Order numbers of credit notes: Gutschrift, avoir, nota de crédito."""

_DISCOUNT = (
    r"discounts?|promo(tion)?s?( code)?|rabatt|nachlass|skonto|aktionsrabatt|remise|réduction"
    r"|reduction|code promo|descuento|sconto|desconto|korting|rabat|zniżka|割引|値引き?"
)
_VOUCHER = (
    r"coupons?|vouchers?|gift ?(card|certificate|voucher)s?|store credit|loyalty points?|gutschein"
    r"|aktionscode|rabattcode|bon de réduction|bon d'achat|carte cadeau|cupón|cupon"
    r"|tarjeta regalo|vale|buono( sconto| regalo)?|codice sconto|cupom|vale presente|kortingscode"
    r"|cadeaubon|waardebon|kupon|bon podarunkowy|クーポン"
)
"""Sold they are products, with a minus they are paid with."""

_CHARGE = (
    r"((standard|express|free|dotcom|carriage|flat rate|economy|expedited) )*(postage|shipping"
    r"|delivery|carriage|freight|handling|s&h|p&p|versand|versandkosten|lieferkosten|porto|fracht"
    r"|frais de port|frais de livraison|livraison|envío|envio|gastos de envío|gastos de envio"
    r"|spedizione|spese di spedizione|frete|portes( de envio)?|verzendkosten|bezorgkosten"
    r"|dostawa|koszty? (wysyłki|dostawy)|wysyłka|frakt|kargo|доставка|送料|배송비|运费)"
    r"( (and|&|und) (handling|packing|packaging|verpackung))?( (fee|cost|charge|method)s?)?"
    r"|(sales )?tax(es)?|vat|gst|hst|pst|mwst\.?|ust\.?|umsatzsteuer|mehrwertsteuer|tva|iva|btw"
    r"|podatek( vat)?|moms|kdv|ндс|消費税|税"
    r"|tips?|gratuity|trinkgeld|pourboire|propina|mancia|deposit|pfand|cash ?back"
    r"|(amazon|paypal|stripe|service|payment|transaction|processing|booking|convenience|handling"
    r"|cod|commission|selling|referral|platform) ?fees?|fees?|commission|gebühr(en)?|provision"
    r"|comisión|commissione|prowizja|手数料|bank charges?|bankgebühren?|frais bancaires"
    r"|nachnahme(gebühr)?|geschenkverpackung|gift wrap(ping)?( fee)?|manual|(manual )?adjustments?"
    r"|adjust bad debt|bad debt|round(ing|ungsdifferenz)|rundung|samples?"
    r"|(this is a )?test( product| item| order| artikel)?\.?"
)
NO_PRODUCT_NAME = (
    rf"(?i)\s*({_DISCOUNT}|{_CHARGE})([ :(-]*(\d+([.,]\d+)?\s*%|fees?|costs?|charges?|by .*))?[ )]*"
)
"""Whole names of what shops bill beside their products; part of a name would take products too."""

DISCOUNT_NAME = rf"(?i)\s*({_DISCOUNT}|{_VOUCHER}|{_CHARGE})([^a-zà-ÿ].*)?"
"""With a minus, a name that begins so is enough."""

NO_PRODUCT_CODE = r"(?i)\s*(post|dot|postage|shipping|bank charges|amazonfee|adjust\d*|test\d*)\s*"

_YES = "1|1.0|true|t|yes|y|x|ja|j|wahr|oui|o|vrai|si|sí|s|sim|v|verdadero|vero|tak|はい"
_NO = "|0|0.0|false|f|no|n|nein|nee|falsch|non|faux|não|nao|falso|nie|いいえ"
YES, NO = frozenset(_YES.split("|")), frozenset(_NO.split("|"))
