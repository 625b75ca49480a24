-- The sample ledger that config/connectors/ledger.yaml posts to: an accounts payable module at its smallest.
CREATE TABLE IF NOT EXISTS ap_bill (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mailroom_key varchar(200) UNIQUE,
    supplier_no varchar(20) NOT NULL,
    supplier_name varchar(100),
    invoice_no varchar(60) NOT NULL,
    invoice_date date NOT NULL,
    due_date date,
    purchase_order varchar(60),
    currency char(3) NOT NULL,
    net numeric(12, 2) NOT NULL,
    tax numeric(12, 2) NOT NULL,
    gross numeric(12, 2) NOT NULL,
    status char(1) NOT NULL,
    entered_by varchar(20) NOT NULL,
    CHECK (net + tax = gross)
);

CREATE TABLE IF NOT EXISTS ap_bill_line (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bill_id integer NOT NULL REFERENCES ap_bill (id),
    line_no integer NOT NULL,
    description varchar(500),
    quantity numeric(14, 4),
    unit_price numeric(14, 4),
    amount numeric(12, 2) NOT NULL,
    account varchar(20) NOT NULL,
    tax_code varchar(10),
    tax_rate numeric(5, 2)
);

CREATE TABLE IF NOT EXISTS ap_bill_file (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    bill_id integer NOT NULL REFERENCES ap_bill (id),
    position integer NOT NULL,
    filename varchar(500),
    content_type varchar(100),
    sha256 char(64),
    body bytea NOT NULL
);
