-- Roles are cluster-wide: another database of the cluster may have made them already.
DO $$ BEGIN CREATE ROLE mailroom_app NOLOGIN NOBYPASSRLS; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE mailroom_dispatch NOLOGIN NOBYPASSRLS; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE mailroom_login LOGIN NOINHERIT NOBYPASSRLS; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
GRANT mailroom_app, mailroom_dispatch TO mailroom_login;

-- The organization a transaction works for: set by SET LOCAL, empty after it, then nothing is seen.
CREATE FUNCTION mailroom_organization() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT NULLIF(current_setting('mailroom.organization', true), '')::uuid $$;

CREATE TABLE organizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name text NOT NULL,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'closed')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL CHECK (role IN ('admin', 'clerk', 'approver', 'officer', 'viewer')),
    department text,
    approval_limit numeric(18, 2) CHECK (approval_limit >= 0),
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'revoked')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email ON users (organization_id, lower(email));

CREATE TABLE suppliers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    number text NOT NULL,
    name text NOT NULL,
    aliases text[] NOT NULL DEFAULT '{}',
    email_domains text[] NOT NULL DEFAULT '{}',
    tax_ids text[] NOT NULL DEFAULT '{}',
    email text,
    phone text,
    department text,
    default_account text,
    default_tax_code text,
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'blocked')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, number)
);

CREATE TABLE supplier_bank_accounts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    supplier_id uuid NOT NULL REFERENCES suppliers,
    account text NOT NULL,
    trusted_by text NOT NULL,
    trusted_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, supplier_id, account)
);

CREATE TABLE mailboxes (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    name text NOT NULL,
    folder text NOT NULL DEFAULT 'INBOX',
    uidvalidity bigint,
    last_uid bigint,
    last_polled_at timestamptz,
    last_success_at timestamptz,
    failures integer NOT NULL DEFAULT 0,
    next_login_at timestamptz,
    last_error_code text,
    last_error_message text,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, name, folder)
);

CREATE TABLE messages (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations,
    mailbox_id uuid NOT NULL REFERENCES mailboxes,
    uidvalidity bigint NOT NULL,
    uid bigint NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    disposition text,
    reason text,
    rule text,
    disposed_at timestamptz,
    marked_at timestamptz,
    message_id text,
    sender text,
    recipients text[] NOT NULL DEFAULT '{}',
    subject text,
    received_at timestamptz,
    size_bytes bigint,
    raw_sha256 text,
    canonical_sha256 text,
    object_key text,
    parts jsonb NOT NULL DEFAULT '[]',
    related_id uuid,
    configuration_hash text,
    CHECK ((disposition IS NULL) = (disposed_at IS NULL)),
    UNIQUE (mailbox_id, uidvalidity, uid)
);
CREATE INDEX messages_pending ON messages (mailbox_id, uid) WHERE disposition IS NULL;
CREATE INDEX messages_unmarked ON messages (mailbox_id, uid) WHERE disposition IS NOT NULL AND marked_at IS NULL;
CREATE INDEX messages_canonical ON messages (organization_id, canonical_sha256);
CREATE INDEX messages_message_id ON messages (organization_id, message_id);
CREATE INDEX messages_raw ON messages (organization_id, raw_sha256);
CREATE INDEX messages_parts ON messages USING gin (parts jsonb_path_ops);
CREATE INDEX messages_seen ON messages (organization_id, seen_at);

CREATE TABLE transactions (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations,
    process text NOT NULL,
    state text NOT NULL DEFAULT 'received',
    step text NOT NULL,
    reason text,
    mode text NOT NULL CHECK (mode IN ('shadow', 'draft', 'auto')),
    reference text,
    version integer NOT NULL DEFAULT 1,
    event_seq bigint,
    due_at timestamptz,
    attempts integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    lease_owner text,
    fence bigint NOT NULL DEFAULT 0,
    last_error_code text,
    last_error_message text,
    message_id uuid,
    working_directory text NOT NULL,
    inputs jsonb NOT NULL DEFAULT '{}',
    owner text,
    configuration_hash text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz
) WITH (fillfactor = 70);
-- due_at is null in every state that waits for nobody, so the index holds open work only.
CREATE INDEX transactions_due ON transactions (organization_id, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX transactions_created ON transactions (organization_id, created_at);
CREATE INDEX transactions_message ON transactions (message_id);

CREATE TABLE transaction_moves (
    from_state text NOT NULL,
    to_state text NOT NULL,
    PRIMARY KEY (from_state, to_state)
);

-- A move needs to be legal and to name its own event (reliability I10).
CREATE FUNCTION refuse_illegal_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM transaction_moves WHERE from_state = OLD.state AND to_state = NEW.state) THEN
        RAISE EXCEPTION 'transaction %: no move from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.event_seq IS NOT DISTINCT FROM OLD.event_seq THEN
        RAISE EXCEPTION 'transaction %: a move from % to % without an event', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transactions_moves BEFORE UPDATE ON transactions
    FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION refuse_illegal_move();

CREATE FUNCTION refuse_odd_start() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'received' THEN
        RAISE EXCEPTION 'transaction %: starts as received, not %', NEW.id, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER transactions_start BEFORE INSERT ON transactions
    FOR EACH ROW WHEN (NEW.state <> 'received') EXECUTE FUNCTION refuse_odd_start();

-- A committed due transaction wakes whoever listens; the payload carries nothing but "look now".
CREATE FUNCTION notify_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM changed WHERE due_at IS NOT NULL AND leased_until IS NULL) THEN
        PERFORM pg_notify('mailroom_due', '');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER transactions_notify_insert AFTER INSERT ON transactions
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION notify_due();

CREATE TABLE step_runs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL,
    transaction_id uuid NOT NULL,
    step text NOT NULL,
    attempt integer NOT NULL,
    outcome text NOT NULL,
    reason text,
    worker text NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX step_runs_transaction ON step_runs (transaction_id);

CREATE TABLE documents (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    transaction_id uuid NOT NULL REFERENCES transactions,
    message_id uuid,
    part_path text,
    document_type text NOT NULL,
    status text NOT NULL DEFAULT 'received',
    filename text,
    content_type text NOT NULL,
    sha256 text NOT NULL,
    size_bytes bigint NOT NULL,
    object_key text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX documents_transaction ON documents (transaction_id);
CREATE INDEX documents_sha256 ON documents (organization_id, sha256);

CREATE TABLE extractions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    transaction_id uuid NOT NULL REFERENCES transactions,
    document_id uuid NOT NULL REFERENCES documents,
    reader text NOT NULL,
    content jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX extractions_transaction ON extractions (transaction_id, created_at);

-- The invoice as the desk understands it: one row per transaction, replaced by a later reading or a correction.
CREATE TABLE invoices (
    transaction_id uuid PRIMARY KEY REFERENCES transactions,
    organization_id uuid NOT NULL REFERENCES organizations,
    document_id uuid REFERENCES documents,
    document_type text NOT NULL DEFAULT 'invoice',
    file_sha256 text NOT NULL,
    -- The event that made this number, date and amount known: events of an organization commit in this
    -- order, so of two copies exactly one sees the other as the earlier.
    registered_seq bigint NOT NULL DEFAULT 0,
    supplier_id uuid REFERENCES suppliers,
    invoice_number text,
    number_normalised text,
    number_folded text,
    issue_date date,
    due_date date,
    currency text,
    net_total numeric(18, 2),
    tax_total numeric(18, 2),
    gross_total numeric(18, 2),
    amount_due numeric(18, 2),
    vendor_name text,
    vendor_tax_id text,
    bank_account text,
    remit_to text,
    buyer_name text,
    customer_named text,
    purchase_order text,
    department text,
    account text,
    tax_code text,
    lines jsonb NOT NULL DEFAULT '[]',
    checks jsonb NOT NULL DEFAULT '[]',
    -- Fields a person set; no rule or default writes over them.
    chosen text[] NOT NULL DEFAULT '{}',
    confidence numeric(5, 4),
    version_hash text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX invoices_number ON invoices (organization_id, number_folded);
CREATE INDEX invoices_amount ON invoices (organization_id, gross_total, issue_date);
CREATE INDEX invoices_day ON invoices (organization_id, issue_date);
CREATE INDEX invoices_file ON invoices (organization_id, file_sha256);

CREATE TABLE findings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations,
    transaction_id uuid NOT NULL REFERENCES transactions,
    step text NOT NULL,
    rule text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('block', 'hold', 'note')),
    message text NOT NULL,
    expected text,
    found text,
    field text,
    released_by text,
    released_reason text,
    released_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((released_at IS NULL) = (released_by IS NULL AND released_reason IS NULL)),
    UNIQUE (transaction_id, step, rule)
);

CREATE TABLE corrections (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations,
    transaction_id uuid NOT NULL REFERENCES transactions,
    field text NOT NULL,
    old_value text,
    new_value text,
    actor text NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX corrections_transaction ON corrections (transaction_id);

CREATE TABLE approvals (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations,
    transaction_id uuid NOT NULL REFERENCES transactions,
    step text NOT NULL,
    approver_id uuid NOT NULL REFERENCES users,
    token_hash text NOT NULL UNIQUE,
    version_hash text NOT NULL,
    subject jsonb NOT NULL,
    state text NOT NULL DEFAULT 'open'
        CHECK (state IN ('open', 'approved', 'rejected', 'void', 'expired', 'superseded')),
    asked_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    reminders integer NOT NULL DEFAULT 0,
    decided_at timestamptz,
    decided_by uuid REFERENCES users,
    channel text,
    reason text,
    evidence jsonb,
    message_id uuid,
    CHECK ((state IN ('approved', 'rejected')) = (decided_at IS NOT NULL))
);
CREATE INDEX approvals_transaction ON approvals (transaction_id);
CREATE UNIQUE INDEX approvals_one_open ON approvals (transaction_id, step, version_hash, approver_id)
    WHERE state = 'open';
-- One person decides a version once: the first valid decision wins (I16).
CREATE UNIQUE INDEX approvals_one_decision ON approvals (transaction_id, step, version_hash, decided_by)
    WHERE state IN ('approved', 'rejected');

CREATE TABLE posting_intents (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    transaction_id uuid NOT NULL UNIQUE REFERENCES transactions,
    connector text NOT NULL,
    idem_key text NOT NULL,
    request_hash text NOT NULL,
    state text NOT NULL DEFAULT 'intended'
        CHECK (state IN ('intended', 'sent', 'confirmed', 'unknown', 'rejected')),
    attempt integer NOT NULL DEFAULT 0,
    fence bigint NOT NULL,
    external_id text,
    external_reference text,
    already_there boolean,
    gross_total numeric(18, 2),
    currency text,
    intended_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    confirmed_at timestamptz,
    last_error_code text,
    evidence jsonb NOT NULL DEFAULT '{}'
);
-- One bill, one intent; what the system refused stands in nobody's way.
CREATE UNIQUE INDEX posting_intents_key ON posting_intents (organization_id, connector, idem_key)
    WHERE state <> 'rejected';

CREATE TABLE sla_clocks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    transaction_id uuid NOT NULL REFERENCES transactions,
    kind text NOT NULL,
    level integer NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL DEFAULT now(),
    due_at timestamptz,
    fired_at timestamptz,
    stopped_at timestamptz,
    policy jsonb NOT NULL DEFAULT '{}',
    leased_until timestamptz,
    fence bigint NOT NULL DEFAULT 0,
    UNIQUE (transaction_id, kind, level)
);
CREATE INDEX sla_clocks_due ON sla_clocks (organization_id, due_at)
    WHERE due_at IS NOT NULL AND fired_at IS NULL AND stopped_at IS NULL;

CREATE TABLE outbox (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    transaction_id uuid,
    message_id uuid,
    event_seq bigint,
    channel text NOT NULL DEFAULT 'mail',
    template text NOT NULL,
    recipient text NOT NULL,
    dedupe_key text NOT NULL,
    internet_message_id text NOT NULL,
    content jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'suppressed')),
    due_at timestamptz DEFAULT now(),
    attempts integer NOT NULL DEFAULT 0,
    leased_until timestamptz,
    lease_owner text,
    fence bigint NOT NULL DEFAULT 0,
    last_error_code text,
    last_error_message text,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    UNIQUE (organization_id, dedupe_key)
);
CREATE INDEX outbox_due ON outbox (organization_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_transaction ON outbox (transaction_id);
CREATE INDEX outbox_internet_message_id ON outbox (organization_id, internet_message_id);

CREATE FUNCTION notify_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('mailroom_outbox', '');
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_notify AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox();

CREATE TABLE chain_heads (
    organization_id uuid PRIMARY KEY REFERENCES organizations,
    seq bigint NOT NULL DEFAULT 0,
    hash text NOT NULL DEFAULT ''
);

CREATE TABLE events (
    organization_id uuid NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    transaction_id uuid,
    message_id uuid,
    actor text NOT NULL,
    body text NOT NULL,
    hash text NOT NULL,
    PRIMARY KEY (organization_id, seq)
);
CREATE INDEX events_transaction ON events (transaction_id) WHERE transaction_id IS NOT NULL;
CREATE INDEX events_at ON events (organization_id, at);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE reports (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    kind text NOT NULL,
    day date NOT NULL,
    figures jsonb NOT NULL,
    object_prefix text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, kind, day)
);

CREATE TABLE data_checks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    organization_id uuid NOT NULL REFERENCES organizations,
    suite text NOT NULL,
    run text NOT NULL,
    success boolean NOT NULL,
    records integer NOT NULL,
    results jsonb NOT NULL,
    checked_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (organization_id, suite, run)
);

-- Each configuration that was good enough to work with; the newest stands in when a file turns faulty.
CREATE TABLE configurations (
    organization_id uuid NOT NULL REFERENCES organizations,
    hash text NOT NULL,
    body jsonb NOT NULL,
    used_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (organization_id, hash)
);

CREATE TABLE heartbeats (
    name text PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);

-- Every row belongs to one organization and is seen by that organization only.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'users', 'suppliers', 'supplier_bank_accounts', 'mailboxes', 'messages', 'transactions', 'step_runs',
        'documents', 'extractions', 'invoices', 'findings', 'corrections', 'approvals', 'posting_intents',
        'sla_clocks', 'outbox', 'chain_heads', 'events', 'reports', 'data_checks', 'configurations']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY own_rows ON %I TO mailroom_app
            USING (organization_id = (SELECT mailroom_organization()))
            WITH CHECK (organization_id = (SELECT mailroom_organization()))', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO mailroom_app', name);
    END LOOP;
END $$;
REVOKE UPDATE, DELETE ON events FROM mailroom_app;
REVOKE DELETE ON transactions, messages, approvals, posting_intents, chain_heads, corrections, step_runs FROM mailroom_app;

ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY own_row ON organizations TO mailroom_app USING (id = (SELECT mailroom_organization()));
GRANT SELECT, UPDATE (name, status, updated_at) ON organizations TO mailroom_app;
GRANT SELECT ON transaction_moves TO mailroom_app, mailroom_dispatch;
GRANT SELECT, INSERT, UPDATE ON heartbeats TO mailroom_app, mailroom_dispatch;

-- FORCE binds the owner too: it makes organizations, starts their chains, and gives shared mail away; no more.
CREATE POLICY owner ON organizations TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner ON chain_heads FOR INSERT TO CURRENT_USER WITH CHECK (true);
CREATE POLICY owner_reads ON messages FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY owner_assigns ON messages FOR UPDATE TO CURRENT_USER
    USING (organization_id = (SELECT mailroom_organization())) WITH CHECK (true);

-- The dispatcher sees what is due and whose a token is, and nothing else.
CREATE POLICY dispatch ON organizations FOR SELECT TO mailroom_dispatch USING (true);
CREATE POLICY dispatch ON transactions TO mailroom_dispatch USING (true) WITH CHECK (true);
CREATE POLICY dispatch ON outbox TO mailroom_dispatch USING (true) WITH CHECK (true);
CREATE POLICY dispatch ON sla_clocks TO mailroom_dispatch USING (true) WITH CHECK (true);
CREATE POLICY dispatch ON approvals FOR SELECT TO mailroom_dispatch USING (true);
CREATE POLICY dispatch ON mailboxes FOR SELECT TO mailroom_dispatch USING (true);
GRANT SELECT (id, slug, status) ON organizations TO mailroom_dispatch;
GRANT SELECT (id, organization_id, process, step, due_at, leased_until, lease_owner, fence, deleted_at, reference),
    UPDATE (leased_until, lease_owner, fence) ON transactions TO mailroom_dispatch;
GRANT SELECT (id, organization_id, channel, due_at, leased_until, lease_owner, fence),
    UPDATE (leased_until, lease_owner, fence) ON outbox TO mailroom_dispatch;
GRANT SELECT (id, organization_id, transaction_id, kind, level, due_at, fired_at, stopped_at, leased_until, fence),
    UPDATE (leased_until, fence) ON sla_clocks TO mailroom_dispatch;
GRANT SELECT (id, organization_id, token_hash) ON approvals TO mailroom_dispatch;
GRANT SELECT (id, organization_id, name, folder, last_success_at) ON mailboxes TO mailroom_dispatch;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO mailroom_app;

-- A message of a shared mailbox goes to the customer a rule named; only its own organization may give it away.
CREATE FUNCTION assign_message(message uuid, customer uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public AS
$$ UPDATE messages SET organization_id = customer
   WHERE id = message AND organization_id = mailroom_organization() $$;
REVOKE ALL ON FUNCTION assign_message FROM PUBLIC;
GRANT EXECUTE ON FUNCTION assign_message TO mailroom_app;
