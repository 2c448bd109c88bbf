"""The same work by others: read the input, write one Parquet file with zstd 1. A module for each, with its `write`."""

PEERS = {
    "datasets": "with_datasets",
    "datasets-zstd": "with_datasets_zstd",
    "pyarrow": "with_pyarrow",
    "polars": "with_polars",
    "duckdb": "with_duckdb",
}
# Recordings are stored as they are, without a codec; and polars and DuckDB do not read archives.
FOR_MEDIA = ("datasets", "pyarrow")
LEVEL = 1
IMPORT = "import"
