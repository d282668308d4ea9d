"""One lake or many, opened by DuckDB in this process or by a Spark cluster."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import ibis

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .counting import Tables
from .export import definitions
from .folder import files_of, read_manifest
from .schema import TABLES

THREADS = 2
MEMORY = "2GB"  # most DuckDB may take
SPARK_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "8",
    # Every file is named: a job on the cluster to find them would cost a task for each.
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "1000000",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}


def on_duckdb(folders: Sequence[Path], *, threads: int = THREADS, memory: str = MEMORY) -> Tables:
    """The lakes' tables in a DuckDB of this process."""
    connection = ibis.duckdb.connect(threads=threads, memory_limit=memory)
    # One board asks the same files several times: what they say of themselves is read once.
    connection.raw_sql("LOAD parquet; SET parquet_metadata_cache=true")

    def table(name: str) -> Any:
        files = _files(folders, name)
        if not files:
            return connection.create_table(name, schema=ibis.Schema.from_pyarrow(TABLES[name]))
        return connection.read_parquet(files, table_name=name, hive_partitioning=False)

    return Tables(**{name: table(name) for name in TABLES})


def on_spark(folders: Sequence[Path], master: str) -> Tables:
    """The lakes' tables on the cluster whose master is named, such as ``spark://host:7077``."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise Refusal(
            "no_spark", Words("这里没有安装 Spark。", "Spark is not installed here."),
            Words("见 docs/lake.md：scripts/setup_spark.sh。",
                  "See docs/lake.md: scripts/setup_spark.sh.")) from None
    builder = SparkSession.builder.master(master).appName("yiwang metrics")
    for name, value in SPARK_SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    connection = ibis.pyspark.connect(session)

    def table(name: str) -> Any:
        files, schema = _files(folders, name), _spark_schema(name)
        rows = (session.read.schema(schema).parquet(*files) if files
                else session.createDataFrame([], schema))
        rows.createOrReplaceTempView(name)
        return connection.table(name)

    return Tables(**{name: table(name) for name in TABLES})


def days_hold(folders: Sequence[Path], at: datetime) -> bool:
    """Whether every lake's daily sums rest on the definitions this program has."""
    own = definitions(at)
    return all(read_manifest(folder)["definitions"] == own for folder in folders)


def _spark_schema(name: str) -> Any:
    from ibis.backends.pyspark.datatypes import PySparkSchema

    return PySparkSchema.from_ibis(ibis.Schema.from_pyarrow(TABLES[name]))


def _files(folders: Sequence[Path], name: str) -> list[str]:
    return [file for folder in folders for file in files_of(folder, name)]
