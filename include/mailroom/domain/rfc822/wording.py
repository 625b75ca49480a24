"""How mail systems word bounces, automatic answers and receipts, in the languages of our customers.

Each phrase is a regular expression without nested repetition, so that hostile text costs no time.
"""

from __future__ import annotations

import re


def _any(*phrases: str, start: bool = False) -> re.Pattern[str]:
    """Match one of the phrases, upper or lower case, anywhere or only at the start."""
    body = "|".join(phrases)
    return re.compile(rf"^\s*(?:{body})" if start else body, re.IGNORECASE | re.DOTALL)


ROBOT_ADDRESS = _any(
    r"(?:mailer-?daemon|mail-?daemon|postmaster|mdaemon|mailsystem|bounces?|smtp|mmdf|uucp)(?:[+=._-].*)?@",
    r"mail(?:er)?-?(?:delivery|system)[a-z-]*@",
    r"(?:mailer-daemon|postmaster)$",
    start=True,
)
ROBOT_NAME = _any("mail(?:er)?[ -]?(?:delivery|daemon)", "mail system", "postmaster", "zustellung")

BOUNCE_SUBJECT = _any(
    "undeliver(?:ed|able)",
    "non.?delivery",
    "delivery (?:status )?(?:notification|report|failure|failed|problem)",
    "deliver(?:y|ed)? (?:has )?(?:failed|failure)",
    "mail delivery (?:failed|failure|system|problem|error)",
    "(?:mail|message) (?:delivery )?(?:was |could )?not (?:be )?deliver",
    "failure notice",
    "returned mail",
    "mail returned",
    "return(?:ed|ing)? to sender",
    "could not (?:send|deliver) (?:message|e-?mail)",
    "mail system error",
    "delayed mail",
    "delivery (?:delayed|incomplete)",
    "message delivery (?:has )?failed",
    "mail fail(?:ed|ure)",
    "error sending message",
    "unzustellbar",
    "nicht zugestellt",
    "zustellung(?:sfehler)? (?:fehlgeschlagen|nicht)",
    "r[ée]ponse de non.?remise",
    "non remis",
    "[ée]chec (?:de (?:la )?)?(?:remise|distribution)",
    "no (?:se )?(?:ha podido )?entreg",
    "devuelto",
    "mancata consegna",
    "non recapitabile",
    "niet bezorgd",
    "onbestelbaar",
    "niedostarczon",
    "zwrot wiadomo",
    "n[ãa]o (?:foi )?entregue",
    "falha na entrega",
    "配信不能",
    "エラー(?:メール|通知)",
    "退信",
)
BOUNCE_BODY = _any(
    "this is the .{0,40}(?:qmail-send program|mail system at host|mail delivery)",
    "mail delivery software",
    "i(?:'m| am) (?:afraid|sorry).{0,80}(?:deliver|have to inform)",
    "your (?:message|mail|e-?mail) (?:could not|was not|cannot|did not|to .{1,80} could not)",
    "(?:following|one or more)(?: of)?(?: its| the| your)? (?:address|recipient).{0,60}"
    "(?:fail|error|not|problem|undeliver)",
    "permanent (?:fatal )?error",
    "delivery.{0,60}(?:failed|aborted)",
    "(?:could|can|was|were) ?not (?:be )?(?:deliver|sent)",
    "undeliverable",
    "user unknown",
    "mailbox (?:is )?full",
    "message .{0,60}(?:rejected|bounced|returned)",
    "diagnostic-code",
    r"550[ -]5\.\d\.\d",
    "delivery to the following",
)

# Hotmail's junk mail reporting and other feedback loops that came before RFC 5965.
COMPLAINT_SUBJECT = _any("complaint about message from", "e-?mail (?:abuse|feedback) report", start=True)

ANSWER_SUBJECT = _any(
    "(?:re: ?|aw: ?)?(?:auto(?:mat(?:ic|ed))?[ -]?(?:reply|response|answer|responder)",
    "out of (?:the )?office",
    r"ooo\b",
    "away from (?:the |my )?office",
    "on (?:vacation|holiday|leave)",
    "i am (?:away|on leave|out of)",
    "away (?:until|till|from)",
    "vacation (?:reply|response|message)",
    "abwesenheit",
    "auto(?:matische?)?[ -]?antwort",
    "nicht im (?:b[üu]ro|haus)",
    "im urlaub",
    "r[ée]ponse automatique",
    "absence du bureau",
    "absente? du bureau",
    "message d'absence",
    r"en cong[ée]s?\b",
    "respuesta autom[áa]tica",
    "fuera de (?:la )?oficina",
    "ausente",
    "de vacaciones",
    "risposta automatica",
    "fuori (?:sede|ufficio)",
    "assente",
    "in ferie",
    "automatisch antwoord",
    "afwezig",
    "niet op kantoor",
    "autoodpowied[źz]",
    "automatyczna odpowied[źz]",
    "odpowied[źz] automatyczna",
    "poza biurem",
    "nieobecno[śs][ćc]",
    "na urlopie",
    "resposta autom[áa]tica",
    "fora do escrit[óo]rio",
    "aus[êe]ncia",
    "de f[ée]rias",
    "autosvar",
    "automatiskt svar",
    "frånvaro",
    "不在",
    "自動返信)",
    start=True,
)
RECEIPT_SUBJECT = _any(
    "(?:read|gelesen|lu|le[ií]do|letto|gelezen|przeczytano|lid[ao]|read receipt|lesebest[äa]tigung"
    "|disposition notification|accus[ée] de (?:lecture|r[ée]ception)|conferma di lettura"
    r"|confirmaci[óo]n de lectura|leesbevestiging|return receipt \(displayed\)) ?:",
    start=True,
)
