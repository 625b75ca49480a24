#!/bin/sh
# Run once by the Postgres image on an empty volume: one database for the product, one for Airflow.
set -eu
psql -v ON_ERROR_STOP=1 -U postgres \
    -v owner="$OWNER_PASSWORD" -v login="$LOGIN_PASSWORD" -v airflow="$AIRFLOW_PASSWORD" <<'SQL'
CREATE ROLE mailroom_owner LOGIN CREATEROLE PASSWORD :'owner';
CREATE ROLE mailroom_app NOLOGIN NOBYPASSRLS;
CREATE ROLE mailroom_dispatch NOLOGIN NOBYPASSRLS;
CREATE ROLE mailroom_login LOGIN NOINHERIT NOBYPASSRLS PASSWORD :'login';
GRANT mailroom_app, mailroom_dispatch TO mailroom_owner WITH ADMIN OPTION;
CREATE ROLE airflow LOGIN PASSWORD :'airflow';
CREATE DATABASE mailroom OWNER mailroom_owner;
CREATE DATABASE airflow OWNER airflow;
SQL
