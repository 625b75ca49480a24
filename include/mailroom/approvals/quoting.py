"""How mail programs mark quoted history, in their languages: data for `reply_text`."""

from __future__ import annotations

import re


def _words(text: str) -> str:
    """Return an alternation of the words that ` | ` separates."""
    return "|".join(re.escape(word.strip()) for word in " ".join(text.split()).split(" | "))


_FROM = _words(
    """
    from | von | de | da | van | od | fra | från | lähettäjä | от | от кого | від | kimden | 差出人 | 发件人 | 寄件者 |
    보낸 사람 | feladó | expéditeur | remitente | mittente | nadawca | avsändare | afzender | remetente |
    expeditor | από
    """
)
_DATE = _words(
    """
    sent | date | gesendet | gesendet am | datum | envoyé | envoyé le | date d'envoi | message du | inviato |
    data | verzonden | wysłano | wysłane | data wysłania | enviado | enviado el | enviada em | enviado em |
    fecha | sendt | dato | skickat | skickat den | lähetetty | päivämäärä | päiväys | отправлено | дата |
    надіслано | gönderilen | gönderme tarihi | tarih |
    送信日時 | 日時 | 发送时间 | 日期 | 寄件日期 | 보낸 날짜 | küldve | dátum |
    trimis | ημερομηνία
    """
)
_TO = _words(
    """
    to | an | à | a | aan | do | para | til | till | vastaanottaja | кому | kime | 宛先 | 收件人 | 받는 사람 | címzett |
    către | cc | kopie | copie | copie à | cópia | προς
    """
)
_SUBJECT = _words(
    """
    subject | betreff | objet | sujet | oggetto | onderwerp | temat | asunto | assunto | emne | ämne | aihe |
    тема | konu | 件名 | 主题 | 主旨 | 제목 | tárgy | subiect | θέμα
    """
)
_LABEL = r"^[ \t>*_]*(?:{words})[ \t]*[*_]*[ \t]?[:：]"

LABELS = tuple(re.compile(_LABEL.format(words=words), re.IGNORECASE) for words in (_FROM, _DATE, _TO, _SUBJECT))
"""Sender, date, recipient and subject lines of a quoted header block."""

_VERBS = _words(
    """
    wrote | writes | schrieb | schreibt | a écrit | écrit | escribió | escribio | ha scritto | scrisse |
    schreef | napisał | napisała | napisał(a) | napisal(a) | escreveu | skrev | kirjoitti | написал | написала |
    написал(а) | написа | пишет | пише | yazdı | şunu yazdı | írta | a scris | έγραψε | 写道 | 寫道 | のメール | 작성
    """
)
WROTE = re.compile(rf"(?:^|[\s>)\"'])(?:{_VERBS})[ \t]*[:：]?[ \t]*$", re.IGNORECASE)
"""The end of an attribution line: a verb, with or without its colon."""

WHEN = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2}\b")
"""A date or time of day somewhere in an attribution line."""

BRACKETED_ADDRESS = re.compile(r"[<(\[\"][^<>()\[\]\"]*@[^<>()\[\]\"]+[>)\]\"][ \t]*[:：]$|@[^\s@]+[>)][ \t]*[:：]$")
"""An attribution line that ends in an address and a colon."""

_MESSAGE = _words(
    """
    original | forwarded | ursprüngliche | weitergeleitete | message d'origine | message transféré |
    mensaje reenviado | mensagem encaminhada | messaggio originale | messaggio inoltrato | oorspronkelijk |
    doorgestuurd | oryginalna | przekazana | oprindelig | opprinnelig | videresendt | ursprungligt |
    vidarebefordrat | alkuperäinen | välitetty | исходное | пересланное | orijinal | iletilen | eredeti |
    továbbított | mesaj original | 元のメッセージ | 转发邮件 | 原始邮件 | reply message | antwortnachricht
    """
)
_FORWARDED = _words(
    """
    begin forwarded message | anfang der weitergeleiteten | début du message réexpédié |
    début du message transféré | inicio del mensaje reenviado | inizio messaggio inoltrato |
    início da mensagem reencaminhada | início da mensagem encaminhada
    """
)
SEPARATOR = re.compile(
    rf"^[ \t>]*(?:[-_=*]{{2,}}[ \t]*[^-_=*\n]{{0,30}}?(?:{_MESSAGE})[^\n]{{0,40}}[-_=*]{{2,}}|{_FORWARDED})",
    re.IGNORECASE,
)
"""A line that says: here begins another mail."""

RULE = re.compile(r"^[ \t>]*[-_=*~—]{3,}[ \t]*$")
"""A drawn line; it ends the new text only when a header block follows."""

ADVERT = re.compile(
    r"\boutlook\b.{0,12}\b(?:for|für|pour|para|per|voor|dla|till?|på)\b.{0,12}\b(?:ios|android|mac|windows)\b"
    r"|<https://aka\.ms/",
    re.IGNORECASE,
)
"""A mail program's own line about itself."""

SENT_FROM = re.compile(
    r"^[ \t]*(?:sent (?:from|with|via|using)|gesendet (?:von|mit)|von meinem .{1,40} gesendet"
    r"|envoyé (?:de(?:puis)?|à partir)|enviado desde|enviado (?:do|a partir)|inviato da|verzonden (?:vanaf|met|via)"
    r"|verstuurd vanaf|wysłane? z|sendt fra|skickat från|lähetetty|отправлено (?:с|из))\b",
    re.IGNORECASE,
)
"""The signature a telephone writes."""
