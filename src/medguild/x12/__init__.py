"""Reads, checks and writes X12 005010 health care transactions. Pure Python; see README.md."""

from medguild.x12.amounts import money, parse_cents
from medguild.x12.envelope import EnvelopeReader, TransactionSet
from medguild.x12.errors import Issue, Unreadable, Unwritable, X12Error
from medguild.x12.inspect import exit_code, human, inspect_files, inspect_stream
from medguild.x12.read.claim import ClaimReader
from medguild.x12.read.files import (
    LoadedRemittance,
    RemittanceFile,
    claim_transactions,
    load_remittances,
    remittances,
)
from medguild.x12.read.remittance import RemittanceReader
from medguild.x12.tokens import Delimiters
from medguild.x12.write.claim import batches, check_writable, write_claims
from medguild.x12.write.output import ControlNumbers, CountingNumbers, Envelope, WrittenFile
from medguild.x12.write.remittance import check_balanced, write_remittances

__all__ = [
    "ClaimReader",
    "ControlNumbers",
    "CountingNumbers",
    "Delimiters",
    "Envelope",
    "EnvelopeReader",
    "Issue",
    "LoadedRemittance",
    "RemittanceFile",
    "RemittanceReader",
    "TransactionSet",
    "Unreadable",
    "Unwritable",
    "WrittenFile",
    "X12Error",
    "batches",
    "check_balanced",
    "check_writable",
    "claim_transactions",
    "exit_code",
    "human",
    "inspect_files",
    "inspect_stream",
    "load_remittances",
    "money",
    "parse_cents",
    "remittances",
    "write_claims",
    "write_remittances",
]
