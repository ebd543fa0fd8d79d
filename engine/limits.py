"""Every bound of the product in one place: how large, how deep, how many, how long.

The numbers are promises to the people who run the system (a bound that is reached is answered with a sentence, never with
a crash) and the reason for each stands beside it. Each has a test just below, at and above it.
"""

from __future__ import annotations

from datetime import timedelta

# -- files that are uploaded (bytes) -----------------------------------------------------------------------------------
BPMN_BYTES = 5_000_000
DMN_BYTES = 5_000_000
FORM_BYTES = 1_000_000
ATTACHMENT_BYTES = 20_000_000
DEPLOYMENT_FILES = 50
DEPLOYMENT_BYTES = 20_000_000
UNPACKED_RATIO = 10
"""An archive may unpack to this many times its own size, so that a few KB cannot fill the disk."""

# -- XML: depth, breadth and attribute bombs ---------------------------------------------------------------------------
XML_DEPTH = 256
"""Equal to the bound that libxml2 keeps without `huge_tree`."""
XML_ELEMENTS = 100_000
XML_ATTRIBUTES = 1_000
"""Per element; and the namespaces that a whole document may declare."""

# -- JSON --------------------------------------------------------------------------------------------------------------
JSON_DEPTH = 64
JSON_VALUES = 100_000
JSON_INTEGER_DIGITS = 34

# -- numbers: decimal128 at every door ---------------------------------------------------------------------------------
NUMBER_DIGITS = 34
NUMBER_EXPONENT = 6_144

# -- answers -----------------------------------------------------------------------------------------------------------
PROBLEMS = 500
"""Problems listed for one file; the rest is counted. More would help nobody and could be millions."""

# -- names in diagrams -------------------------------------------------------------------------------------------------
ID_CHARACTERS = 255
"""Ids of processes, elements, forms and decisions become columns and parts of addresses."""
NAME_CHARACTERS = 1_000
VERSION_TAG_CHARACTERS = 255

# -- one diagram: what bounds the time of a deployment, far above what anybody draws -------------------------------------
FLOW_ELEMENTS = 10_000
"""Flow nodes and sequence flows of a file."""
EXPRESSIONS = 2_000
"""Different FEEL texts of a file."""
DMN_EXPRESSIONS = 10_000
"""The same of a DMN file: tables hold many more than diagrams do."""
EXPRESSION_CHARACTERS = 500_000
"""All FEEL texts of a file together."""

# -- one step of one instance ------------------------------------------------------------------------------------------
STEP_ACTIVITIES = 1_000
"""Automatic activities in one command; a loop without a wait becomes an incident instead of a hang."""
STEP_TIME = timedelta(seconds=5)
THROWN_HOPS = 50
"""How often what one delivery sets off may throw again: two instances that answer each other for ever end in an incident."""

# -- one process -------------------------------------------------------------------------------------------------------
PARALLEL_ITEMS = 500
SEQUENTIAL_ITEMS = 100_000
"""Rounds that a number asks for; a collection is bounded by the size of a variable."""
CALL_LEVELS = 20
TOKENS = 10_000
STARTS_PER_SECOND = 100
"""Per process definition."""

# -- variables (bytes of their JSON text) ------------------------------------------------------------------------------
VALUE_BYTES = 1_000_000
VARIABLES_BYTES = 5_000_000
