"""The one place of these tests that knows how a task for the parsing child is made."""

from pathlib import Path

from ingestion.pipeline.sandbox import Task


def task_for(source: Path, output: Path) -> Task:
    return Task(source, output, seed="0198c5d2-0000-7000-8000-000000000000:0")
