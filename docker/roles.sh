#!/bin/sh
# Makes the role that owns the tables and the one the portal works as; runs once, on an empty volume.
set -eu
: "${OWNER_PASSWORD:?set OWNER_PASSWORD in .env}" "${APP_PASSWORD:?set APP_PASSWORD in .env}"
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" -U postgres <<'SQL'
CREATE ROLE portal_owner LOGIN PASSWORD :'owner';
CREATE ROLE portal_app LOGIN PASSWORD :'app';
CREATE DATABASE portal OWNER portal_owner;
SQL
