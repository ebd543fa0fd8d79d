"""The nouns of casework, one frozen record per row.

Every record is keyed by (region, id); region is the district's code, ids rise in time. `_at` are aware UTC moments, `_on` dates
of the region's calendar, money is Decimal. `_sealed` bytes are encrypted with the region's key (`casework.seal`), `_hash` is a
keyed hash for exact search. Which table a record lives in is said in `casework.persistence.rows`.
"""
