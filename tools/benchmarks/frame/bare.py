"""What the bare site needs from whoever serves it: its settings by name, and its one table."""

SETTINGS = "tools.benchmarks.frame.bare_settings"
TABLE = """CREATE TABLE bench_entry (id bigserial PRIMARY KEY, category varchar(12) NOT NULL,
 urgency varchar(8) NOT NULL, title varchar(100) NOT NULL, situation text NOT NULL,
 wish text NOT NULL, parties text NOT NULL, made_at timestamptz NOT NULL)"""
