"""Codes in plain words, each with what to do next. A code that is not listed is shown as it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """What a code means to a clerk, and the action that clears it. `urgent`: money can be lost while it waits."""

    words: str
    action: str
    urgent: bool = False


_LOOK = "Open the transaction and decide"
_ASK_SENDER = "Ask the sender for a readable file"
_WAIT_OR_FIX = "Check the connection; continue the step once it answers"
_TELL_ADMIN = "Hand it to your Mailroom administrator"
_CHOOSE = "Open the mail; reprocess it as what it is, or leave it"

_FILES = {
    "empty": Reason("The attached file is empty", _ASK_SENDER),
    "empty_file": Reason("The attached file is empty", _ASK_SENDER),
    "encrypted": Reason("The PDF is protected by a password", "Ask the sender for one without a password"),
    "broken": Reason("The PDF is damaged and cannot be opened", _ASK_SENDER),
    "broken_file": Reason("The PDF is damaged and cannot be opened", _ASK_SENDER),
    "too_large": Reason("The file is larger than what is read", "Ask the sender for a smaller file"),
    "too_many_pages": Reason("The document has more pages than are read", "Split it and send the invoice alone"),
    "not_a_pdf": Reason("The file is named like a PDF but is something else", _ASK_SENDER),
    "mistyped": Reason("The file is not what its name says", _ASK_SENDER),
    "unsupported_format": Reason("No reader can read this kind of file", "Ask the sender for a PDF"),
    "no_text_layer": Reason("The file is a scan without readable text", "Read it and enter the fields by hand"),
    "timeout": Reason("Reading the file took too long and was stopped", "Open the file and enter the fields by hand"),
    "out_of_memory": Reason("Reading the file needed too much memory", "Open the file and enter the fields by hand"),
    "crashed": Reason("The reader crashed on this file", "Open the file with care and enter the fields by hand"),
    "virus": Reason("The virus scanner found something", "Do not open it; warn the sender by telephone", urgent=True),
    "not_scanned": Reason("The virus scanner could not look at it", "Continue once the scanner answers"),
    "unreadable_file": Reason("The file cannot be read", _ASK_SENDER),
}

_MAIL = {
    "no_rule": Reason("No rule says what this mail is", _CHOOSE),
    "no_attachment": Reason("Nothing is attached", "Ask the sender for the invoice as a PDF"),
    "no_invoice_attached": Reason("None of the attachments is an invoice", "Ask the sender for the invoice as a PDF"),
    "invoice_behind_link": Reason(
        "The invoice is behind a link, not attached", "Ask the sender for the invoice itself"
    ),
    "not_an_invoice": Reason("The document is not an invoice", "Reprocess it as what it is, or reject it"),
    "unknown_sender": Reason("Nobody here knows this sender", _CHOOSE),
    "mail_too_large": Reason("The mail is larger than what is read", "Ask the sender for a smaller mail"),
    "nested_too_deep": Reason(
        "The mail is nested deeper than mail programs write", "Open it with care; it may be hostile"
    ),
    "too_many_parts": Reason("The mail has more parts than are read", "Open it with care; it may be hostile"),
    "header_too_large": Reason("The mail's header is larger than what is read", "Open it with care; it may be hostile"),
    "too_many_headers": Reason("The mail has more header lines than are read", "Open it with care; it may be hostile"),
    "too_many_addresses": Reason("The mail names more addresses than are read", "Open it with care; it may be hostile"),
    "unreadable_mail": Reason("The mail is broken and could not be taken apart", _CHOOSE),
    "same_message_id_other_content": Reason("A second mail carries the same Message-ID with other content", _CHOOSE),
    "poison": Reason("Reading this mail failed again and again", "Open it with care and process it by hand"),
    "gone": Reason("The mail was removed before it could be read", "Look for it in the mailbox's other folders"),
}

_INVOICE = {
    "missing_fields": Reason("Required fields could not be read", "Add the missing fields and continue"),
    "missing_field": Reason("A required field could not be read", "Add the missing field and continue"),
    "required_fields": Reason("Required fields could not be read", "Add the missing fields and continue"),
    "low_confidence": Reason("The fields were read with too little certainty", "Check the fields and continue"),
    "arithmetic": Reason("The totals do not add up", "Compare with the document; correct it or ask the supplier"),
    "totals": Reason("The totals do not add up", "Compare with the document; correct it or ask the supplier"),
    "wrong_customer": Reason(
        "The invoice is addressed to somebody else", "Send it back or hand it to the right company"
    ),
    "unknown_supplier": Reason("The supplier is not on file", "Add the supplier, then continue"),
    "ambiguous_supplier": Reason("More than one supplier fits", "Name the supplier, then continue"),
    "supplier_blocked": Reason("The supplier is blocked", "Ask purchasing whether it may be paid"),
    "blocked_supplier": Reason("The supplier is blocked", "Ask purchasing whether it may be paid"),
    "duplicate": Reason(
        "The same invoice is here already", "Compare both; reject this one or release it with a reason"
    ),
    "same_file": Reason("The same file came before", "Compare both; reject this one or release it with a reason"),
    "possible_duplicate": Reason(
        "Same supplier and amount within seven days", "Compare both; release it with a reason"
    ),
    "bank_details_changed": Reason(
        "The bank account is not one trusted for this supplier",
        "Telephone the supplier on a number you already had, never one from the invoice",
        urgent=True,
    ),
    "bank_account_changed": Reason(
        "The bank account is not one trusted for this supplier",
        "Telephone the supplier on a number you already had, never one from the invoice",
        urgent=True,
    ),
    "new_bank_account": Reason(
        "No bank account is trusted for this supplier yet",
        "Telephone the supplier on a number you already had, then trust the account",
        urgent=True,
    ),
    "bank_change_request": Reason(
        "It asks to pay to another bank account",
        "Telephone the supplier on a number you already had, never one from the mail",
        urgent=True,
    ),
    "bad_iban": Reason("The IBAN's check digits are wrong", "Compare with the document or ask the supplier"),
    "invalid_iban": Reason("The IBAN's check digits are wrong", "Compare with the document or ask the supplier"),
    "bad_vat_id": Reason("The VAT id is not a possible one", "Compare with the document or ask the supplier"),
    "invalid_vat_id": Reason("The VAT id is not a possible one", "Compare with the document or ask the supplier"),
    "unknown_currency": Reason("The currency is not a known one", "Correct the currency and continue"),
    "bad_dates": Reason("The dates are not plausible", "Compare with the document and correct them"),
    "changed_after_approval": Reason(
        "The invoice was changed after it was approved", "Send it for approval again", urgent=True
    ),
}

_DECISIONS = {
    "no_approver": Reason("Nobody is named who may approve it", "Name an approver for this amount and department"),
    "approval_expired": Reason("Nobody decided in time", "Ask the approver again or name a deputy"),
    "approval_timeout": Reason("Nobody decided in time", "Ask the approver again or name a deputy"),
    "rejected_by_approver": Reason("An approver said no", "Tell the supplier; nothing is posted"),
    "approver_question": Reason("An approver asked a question", "Answer the question; the approval stays open"),
    "own_invoice": Reason("The only approver is the one who entered it", "Name another approver"),
    "sla_breached": Reason("It took longer than agreed", _LOOK),
    "overdue": Reason("It took longer than agreed", _LOOK),
    "rejected_by_clerk": Reason("A clerk rejected it", "Nothing; it is kept for the record"),
    "cancelled": Reason("A person cancelled it", "Nothing; it is kept for the record"),
    "held_by_person": Reason("A person holds it", _LOOK),
}

_POSTING = {
    "no_account": Reason(
        "No ledger account is known for it", "Enter account and tax code, or set the supplier's default"
    ),
    "no_tax_code": Reason("No tax code is known for it", "Enter the tax code, or set the supplier's default"),
    "no_connector": Reason("No ERP is configured for this customer", "Configure a connector, then continue"),
    "unknown_connector": Reason("The configured ERP connector is not installed", _TELL_ADMIN),
    "erp_refused": Reason("The ERP refused the bill", "Correct what the ERP names and continue"),
    "refused": Reason("The ERP refused the bill", "Correct what the ERP names and continue"),
    "unusable_bill": Reason("The bill lacks what the ERP needs", "Complete the fields and continue"),
    "outcome_unknown": Reason(
        "The ERP did not answer; the bill may be there", "Look in the ERP before anything is sent again", urgent=True
    ),
    "already_in_erp": Reason(
        "A bill with this number is in the ERP already", "Compare both; link it or reject this one"
    ),
    "erp_unreachable": Reason("The ERP cannot be reached", _WAIT_OR_FIX),
    "not_reachable": Reason("The ERP cannot be reached", _WAIT_OR_FIX),
    "posting_paused": Reason("Posting is paused", "Resume posting when the reason is gone"),
}

_MACHINERY = {
    "unavailable": Reason("A neighbouring system does not answer", _WAIT_OR_FIX),
    "database_unavailable": Reason("The database does not answer", _TELL_ADMIN),
    "store_unavailable": Reason("The document store does not answer", _TELL_ADMIN),
    "disk_full": Reason("The document store is full", _TELL_ADMIN),
    "step_error": Reason("A step failed inside Mailroom", _TELL_ADMIN),
    "write_refused": Reason("The database refused what a step wrote", _TELL_ADMIN),
    "illegal_move": Reason("A step asked for a move that is not allowed", _TELL_ADMIN),
    "no_step": Reason("The configured process no longer has this step", "Continue at a step that exists"),
    "no_facts": Reason("A step found nothing to decide on", _TELL_ADMIN),
    "configuration": Reason("A setting is wrong", _TELL_ADMIN),
    "mailbox_unreachable": Reason("The mail server does not answer", "Check the server; reading goes on by itself"),
    "mailbox_timeout": Reason("The mail server answers too slowly", "Check the server; reading goes on by itself"),
    "mailbox_busy": Reason("The mail server asks to come back later", "Nothing; reading goes on by itself"),
    "mailbox_refused": Reason("The mail server refused the mailbox", "Check that the mailbox exists and may be read"),
    "login_refused": Reason("The mail server refused the login", "Renew the mailbox's password or grant"),
    "login_needed": Reason("The mail server wants another login", "Renew the mailbox's password or grant"),
    "no_such_folder": Reason("The mailbox has no such folder", "Correct the folder in the mailbox's settings"),
    "certificate_refused": Reason("The mail server's certificate is not trusted", _TELL_ADMIN),
    "no_starttls": Reason("The mail server offers no encryption", _TELL_ADMIN),
    "no_secret": Reason("The mailbox's password is not set", "Set the secret the settings name"),
    "never_read": Reason("It has never been read", "Check the mailbox with: mailroom mailboxes test"),
    "silent": Reason("It was not read for a while", "Check that intake runs: mailroom status"),
    "smtp_refused": Reason("The mail server refused this mail", "Correct the address and send it again"),
    "bad_address": Reason("The recipient's address is not a possible one", "Correct the address and send it again"),
    "no_progress": Reason("Nothing has moved it since", "Check that processing runs: mailroom status"),
    "undecided": Reason("It was seen and has no disposition yet", "Check that intake runs: mailroom status"),
}

REASONS: dict[str, Reason] = {**_FILES, **_MAIL, **_INVOICE, **_DECISIONS, **_POSTING, **_MACHINERY}

_DISPOSITIONS = {
    "invoice": ("invoice", "invoices"),
    "purchase_order": ("purchase order", "purchase orders"),
    "goods_received_note": ("goods received note", "goods received notes"),
    "credit_note": ("credit note", "credit notes"),
    "statement": ("statement", "statements"),
    "pay_stub": ("pay stub", "pay stubs"),
    "approval_reply": ("approval reply", "approval replies"),
    "reply": ("reply", "replies"),
    "bank_change_request": ("bank change request", "bank change requests"),
    "bounce": ("bounce", "bounces"),
    "auto_reply": ("automatic reply", "automatic replies"),
    "duplicate": ("duplicate", "duplicates"),
    "reminder": ("reminder", "reminders"),
    "ignored": ("ignored", "ignored"),
    "unidentified": ("unidentified", "unidentified"),
    "quarantined": ("quarantined", "quarantined"),
}

_STATES = {
    "received": "Received",
    "collecting": "Collecting papers",
    "collected": "Papers complete",
    "extracted": "Read",
    "validated": "Checked",
    "awaiting_approval": "Waiting for approval",
    "approved": "Approved",
    "uploading": "Being posted",
    "uploaded": "Posted",
    "completed": "Done",
    "on_hold": "On hold",
    "rejected": "Rejected",
    "failed": "Failed",
    "escalated": "Escalated",
    "cancelled": "Cancelled",
}


def reason_words(code: str | None) -> str:
    """Return what a reason code means; an unknown code as it is."""
    if not code:
        return "No reason was given"
    known = REASONS.get(code)
    return known.words if known else code


def next_action(code: str | None) -> str:
    """Return what a person can do about a reason code."""
    known = REASONS.get(code or "")
    return known.action if known else _LOOK


def mail_action(disposition: str, code: str | None) -> str:
    """Return what a person can do about a mail: by its reason, else by what it was taken for."""
    known = REASONS.get(code or "") or REASONS.get(disposition)
    return known.action if known else _CHOOSE


def is_urgent(code: str | None) -> bool:
    """Tell whether money can be lost while a reason waits."""
    known = REASONS.get(code or "")
    return known is not None and known.urgent


def disposition_words(code: str, count: int = 1) -> str:
    """Return a disposition's name, in the plural unless `count` is one."""
    one, many = _DISPOSITIONS.get(code, (code, code))
    return one if count == 1 else many


def state_words(state: str) -> str:
    """Return a state's name for people."""
    return _STATES.get(state, state)
