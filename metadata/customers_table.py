"""The table of the customer register: what the company's file says, and the keys by which customers are found.

The keys are `metadata.agreement`'s normal forms, made when the file is imported, so that a look-up among 500,000 customers
is one index seek. Not for reading or writing: that is `metadata.register` and `metadata.register_import`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, String, Table, Text

CUSTOMERS = "customers"
REGISTER_FILES = "register_files"


def customers_table(metadata: MetaData) -> Table:
    """Add the table of customers to `metadata`; absent texts are "".

    `number_head`, `number_middle`, `number_tail` are the thirds of the number: of two numbers that differ in two signs at most,
    one third is the same. `room_key` is area, building, unit and room without the city; `name_key`, `contract_key` and
    `meter_key` the normal forms.
    """
    return Table(
        CUSTOMERS,
        metadata,
        Column("number", String(64), primary_key=True),
        Column("name", Text, nullable=False),
        Column("customer_type", String(20), nullable=False),
        Column("area", Text, nullable=False),
        Column("building", Text, nullable=False),
        Column("room", Text, nullable=False),
        Column("address", Text, nullable=False),
        Column("heated_area_m2", Float, nullable=True),
        Column("contract_no", Text, nullable=False),
        Column("meter_no", Text, nullable=False),
        Column("trade", Text, nullable=False),
        Column("scale", Text, nullable=False),
        Column("state", String(20), nullable=False),
        Column("transferred_to", String(64), nullable=False),
        Column("name_key", Text, nullable=False),
        Column("room_key", Text, nullable=False),
        Column("contract_key", Text, nullable=False),
        Column("meter_key", Text, nullable=False),
        Column("number_head", String(64), nullable=False),
        Column("number_middle", String(64), nullable=False),
        Column("number_tail", String(64), nullable=False),
        Index("ix_customers_name_key", "name_key"),
        Index("ix_customers_room_key", "room_key"),
        Index("ix_customers_contract_key", "contract_key"),
        Index("ix_customers_meter_key", "meter_key"),
        Index("ix_customers_transferred_to", "transferred_to"),
        Index("ix_customers_number_head", "number_head"),
        Index("ix_customers_number_middle", "number_middle"),
        Index("ix_customers_number_tail", "number_tail"),
    )


def register_files_table(metadata: MetaData) -> Table:
    """Add the table of imported files to `metadata`: one row, the file that the customers came from last."""
    return Table(
        REGISTER_FILES,
        metadata,
        Column("file_id", Integer, primary_key=True),
        Column("path", Text, nullable=False),
        Column("modified_ns", BigInteger, nullable=False),
        Column("size_bytes", BigInteger, nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("settings", Text, nullable=False),
        Column("imported_at", String(40), nullable=False),
    )
