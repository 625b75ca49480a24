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
_BY_HAND = "Open the file and enter the fields by hand"
_CAREFUL = "Open the file with care and enter the fields by hand"
_HOSTILE = "Open it with care; it may be hostile"
_READS_ON = "Check the server; reading goes on by itself"
_FORGERY = "Take it for a forgery until the supplier confirms by telephone"
_ASK_APPROVER = "Ask the approver by telephone whether they wrote it; it decided nothing"
_TELEPHONE = "Telephone the supplier on a number you already had, never one from the mail or the invoice"
_LOOK_IN_ERP = "Look in the ERP before anything is sent again"
_CHOOSE = "Open the mail; send it on with the right file attached, or leave it"

_FILES = {
    "empty": Reason("The attached file is empty", _ASK_SENDER),
    "empty_file": Reason("The attached file is empty", _ASK_SENDER),
    "encrypted": Reason("The PDF is protected by a password", "Ask the sender for one without a password"),
    "broken": Reason("The PDF is damaged and cannot be opened", _ASK_SENDER),
    "broken_file": Reason("The PDF is damaged and cannot be opened", _ASK_SENDER),
    "too_large": Reason("It is larger than what is read", "Ask the sender for a smaller file"),
    "too_many_pages": Reason("The document has more pages than are read", "Ask for the invoice alone"),
    "not_a_pdf": Reason("The file is named like a PDF but is something else", _ASK_SENDER),
    "unsupported_format": Reason("No reader can read this kind of file", "Ask the sender for a PDF"),
    "no_text_layer": Reason("The file is a scan without readable text", _BY_HAND),
    "timeout": Reason("Reading the file took too long and was stopped", _BY_HAND),
    "reading_took_too_long": Reason("Reading the file took too long and was stopped", _BY_HAND),
    "out_of_memory": Reason("Reading the file needed too much memory", _BY_HAND),
    "reading_took_too_much_memory": Reason("Reading the file needed too much memory", _BY_HAND),
    "crashed": Reason("The reader crashed on this file", _CAREFUL),
    "reader_crashed": Reason("The reader crashed on this file", _CAREFUL),
    "virus": Reason("The virus scanner found something", "Do not open it; warn the sender by telephone", urgent=True),
    "not_scanned": Reason("The virus scanner could not look through it", "Do not open it; ask for a smaller file"),
    "unreadable_file": Reason("The file cannot be read", _ASK_SENDER),
    "several_documents": Reason(
        "Several invoices came in one file or mail", "Ask for each invoice as a file of its own"
    ),
    "no_document": Reason("The transaction has no file", "Attach the invoice, or reject it"),
    "not_an_invoice": Reason(
        "The document is not an invoice", "Look at it, then reject it or continue after a correction"
    ),
}

_MAIL = {
    "no_rule": Reason("No rule says what this mail is", _CHOOSE),
    "no_attachment": Reason("Nothing is attached", "Ask the sender for the invoice as a PDF"),
    "no_invoice_attached": Reason("None of the attachments is an invoice", "Ask the sender for the invoice as a PDF"),
    "invoice_behind_link": Reason(
        "The invoice is behind a link, not attached", "Ask for the invoice itself; follow no link"
    ),
    "unknown_customer": Reason("No rule says whose mail this is", "Assign it, or add a rule to the shared mailbox"),
    "process_off": Reason("Invoices are switched off for this customer", _TELL_ADMIN),
    "mail_too_large": Reason("The mail is larger than what is read", "Ask the sender for a smaller mail"),
    "nested_too_deep": Reason("The mail is nested deeper than mail programs write", _HOSTILE),
    "too_many_parts": Reason("The mail has more parts than are read", _HOSTILE),
    "header_too_large": Reason("The mail's header is larger than what is read", _HOSTILE),
    "too_many_headers": Reason("The mail has more header lines than are read", _HOSTILE),
    "too_many_addresses": Reason("The mail names more addresses than are read", _HOSTILE),
    "unreadable_mail": Reason("The mail is broken and could not be taken apart", _CHOOSE),
    "same_message_id_other_content": Reason("Another mail had this Message-ID and other content", _CHOOSE),
    "gone_before_it_was_read": Reason("Somebody removed it before it was read", "Look for it in the mailbox"),
    "from_before_the_start": Reason("It is older than this mailbox's start here", "Nothing; old mail is left alone"),
    "mailbox_renumbered": Reason("The mailbox was renumbered; it was read again", "Nothing; it has another line"),
    "stopped_the_worker": Reason("Reading this mail failed again and again", _HOSTILE),
    "unidentified": Reason("Nobody knows what this mail is", _CHOOSE),
    "quarantined": Reason("The mail was put aside unread", _HOSTILE),
    "undecided": Reason("It was seen and has no disposition yet", "Check that intake runs: mailroom status"),
}

_INVOICE = {
    "missing_fields": Reason("Required fields could not be read", "Enter what the paper says, then continue"),
    "implausible_amount": Reason("The total to pay is not above zero", "Compare with the paper and correct it"),
    "totals_do_not_add_up": Reason("Net and tax do not add up to the total", "Compare with the paper; correct or ask"),
    "lines_do_not_add_up": Reason(
        "The lines do not add up to the net total", "Look for freight, a discount or a lost line"
    ),
    "amount_due_differs": Reason("The amount due differs from the total", "Look for a deposit or an older balance"),
    "implausible_date": Reason("The issue date is not plausible", "Check how the date was read"),
    "implausible_due_date": Reason("The due date is not plausible", "Check how the date was read"),
    "old_invoice": Reason("The invoice is old", "Make sure that it was not paid already"),
    "wrong_customer": Reason("The invoice is addressed to somebody else", "Send it back, or hand it to that company"),
    "unknown_supplier": Reason("The supplier is not on file", "Add the supplier, then continue"),
    "ambiguous_supplier": Reason("More than one supplier fits", "Choose the supplier, then continue"),
    "supplier_blocked": Reason("The supplier is blocked", "Ask purchasing whether it may be paid"),
    "vendor_name_differs": Reason("The name is not one on file for this supplier", "Compare; add an alias or reject"),
    "tax_id_differs": Reason("The tax id is not one on file for this supplier", "Compare with the supplier's record"),
    "tax_id_invalid": Reason("The VAT id cannot exist", "Compare with the paper or ask the supplier"),
    "lookalike_domain": Reason("The sender's domain only looks like one on file", _FORGERY, urgent=True),
    "reply_to_differs": Reason("Answers would go to another domain than it came from", _FORGERY, urgent=True),
    "unknown_sender": Reason(
        "The sender's address is not on file for this supplier", "Ask the supplier whether it is theirs"
    ),
    "bank_account_invalid": Reason("The bank account cannot exist", "Compare with the paper or ask the supplier"),
    "bank_account_not_on_file": Reason("No bank account is trusted for this supplier yet", _TELEPHONE, urgent=True),
    "another_account_named": Reason("The paper or its mail names a second bank account", _TELEPHONE, urgent=True),
    "bank_change_mentioned": Reason("The mail speaks of changed bank details", _TELEPHONE, urgent=True),
    "bank_details_changed": Reason("The bank account is not one trusted for this supplier", _TELEPHONE, urgent=True),
    "bank_country_differs": Reason("The bank account is in another country than the supplier", _TELEPHONE, urgent=True),
    "bank_change_request": Reason("It asks to pay to another bank account", _TELEPHONE, urgent=True),
    "duplicate": Reason(
        "The same invoice is here already", "Compare both; reject this one or release it with a reason"
    ),
    "possible_duplicate": Reason(
        "It may be a copy of another invoice", "Compare both; reject or release it with a reason"
    ),
    "number_used_before": Reason(
        "The supplier used this number before", "Compare both; reject or release it with a reason"
    ),
    "rejected_before": Reason(
        "It was rejected when it came before", "Compare both; reject or release it with a reason"
    ),
    "split_under_limit": Reason("Several invoices of a day stay just under the limit", "Look at all of them together"),
    "changed_after_approval": Reason("It was changed after it was approved", "Send it for approval again", urgent=True),
}

_DECISIONS = {
    "no_approver": Reason("Nobody is named who may approve it", "Name an approver for this amount and department"),
    "approval_expired": Reason("Nobody decided in time", "Ask the approver again, or name a deputy"),
    "not_proved": Reason("An answer to an approval request that was not proved", _ASK_APPROVER),
    "another_sender": Reason("An answer to an approval request from another address", _ASK_APPROVER),
    "rejected_by_approver": Reason("An approver said no", "Tell the supplier; nothing is posted"),
    "not_approved": Reason("It was never approved", "Send it for approval"),
    "overdue": Reason("It took longer than agreed", _LOOK),
}

_POSTING = {
    "no_account": Reason("No ledger account is known for it", "Enter account and tax code, or set the supplier's"),
    "nothing_to_post": Reason("There is no bill to post", "Read and check the invoice first"),
    "customer_in_shadow": Reason("The customer posts nothing for now", "Change the mode when it is to go live"),
    "connector_not_set_up": Reason("The ERP connection is not set up", _TELL_ADMIN),
    "erp_refused": Reason("The ERP refused the bill", "Correct what the ERP names, then continue"),
    "cannot_post": Reason("The bill could not be sent to the ERP", "Read the finding, correct it, then continue"),
    "outcome_unknown": Reason("The ERP did not answer; the bill may be there", _LOOK_IN_ERP, urgent=True),
    "erp_differs": Reason("The ERP shows another amount than was posted", _LOOK_IN_ERP, urgent=True),
    "posted_differently": Reason("It was posted before with other figures", _LOOK_IN_ERP, urgent=True),
    "already_in_erp": Reason("The ERP has a bill with this number already", "Compare both; link it or reject this one"),
    "duplicate_posting": Reason("Another transaction posts the same bill", "Compare both; reject one"),
    "connector_fault": Reason("The ERP connector failed before anything was sent", _TELL_ADMIN),
    "not_reachable": Reason("The ERP cannot be reached", _WAIT_OR_FIX),
}

_MACHINERY = {
    "unavailable": Reason("A neighbouring system does not answer", _WAIT_OR_FIX),
    "database_unavailable": Reason("The database does not answer", _TELL_ADMIN),
    "store_unavailable": Reason("The document store does not answer", _TELL_ADMIN),
    "scanner_unreachable": Reason("The virus scanner does not answer", "Start it; the mail waits unread till then"),
    "no_virus_scan": Reason("Virus scanning is off", _TELL_ADMIN),
    "disk_full": Reason("The document store is full", _TELL_ADMIN),
    "step_error": Reason("A step failed inside Mailroom", _TELL_ADMIN),
    "write_refused": Reason("The database refused what a step wrote", _TELL_ADMIN),
    "illegal_move": Reason("A step asked for a move that is not allowed", _TELL_ADMIN),
    "no_step": Reason("The configured process no longer has this step", "Continue at a step that exists"),
    "no_facts": Reason("A step found nothing to decide on", _TELL_ADMIN),
    "configuration": Reason("A setting is wrong", _TELL_ADMIN),
    "mailbox_unreachable": Reason("The mail server does not answer", _READS_ON),
    "mailbox_timeout": Reason("The mail server answers too slowly", _READS_ON),
    "mailbox_busy": Reason("The mail server asks to come back later", "Nothing; reading goes on by itself"),
    "mailbox_refused": Reason("The mail server refused the mailbox", "Check that the mailbox exists and may be read"),
    "login_refused": Reason("The mail server refused the login", "Renew the mailbox's password or grant"),
    "login_needed": Reason("The mail server wants another login", "Renew the mailbox's password or grant"),
    "no_such_folder": Reason("The mailbox has no such folder", "Correct the folder in the mailbox's settings"),
    "certificate_refused": Reason("The mail server's certificate is not trusted", _TELL_ADMIN),
    "no_starttls": Reason("The mail server offers no encryption", _TELL_ADMIN),
    "no_secret": Reason("A password is not set", "Set the secret that the settings name"),
    "never_read": Reason("It has never been read", "Try it: mailroom mailboxes test"),
    "silent": Reason("It was not read for a while", "Check that intake runs: mailroom status"),
    "bad_address": Reason("The recipient's address is not a possible one", "Correct the address and send it again"),
    "smtp_deferred": Reason("The mail server put it off for too long", "Send it again, or telephone"),
    "no_progress": Reason("Nothing has moved it since", "Check that processing runs: mailroom status"),
}

REASONS: dict[str, Reason] = {**_FILES, **_MAIL, **_INVOICE, **_DECISIONS, **_POSTING, **_MACHINERY}

_DISPOSITIONS = {
    "undecided": ("no disposition yet", "no disposition yet"),
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
