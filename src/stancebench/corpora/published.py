"""What a published corpus carries beside its files: one joined table a split, and Croissant metadata."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pandas as pd

from stancebench.corpora.corpus import Corpus
from stancebench.corpora.schema import CorpusDeclaration
from stancebench.errors import MissingExtraError
from stancebench.files import sha256_of, write_whole

TABLE_FOLDER = "table"
CROISSANT = "croissant.json"
SPLITS = {"train": "train", "dev": "validation", "test": "test"}
"""splits as a corpus names them, and as Hugging Face's tools do"""

COLUMNS = {
    "sentence_id": "the sentence's name for ever",
    "holder": "whose position is judged: ISO 3166-1 alpha-3, EU, NATO, UN, NARRATOR or OTHER:<name>",
    "target": "toward what",
    "text": "the sentence",
    "label": "favor, against, neutral (addressed, no side taken) or absent (not addressed)",
    "stance": "what is scored: favor, against or none, which is neutral or absent",
    "explicitness": "explicit or implicit; empty for absent",
    "principal": "yes for the one holder whose position the sentence mainly conveys",
    "bloc": "of the holder on that date; mechanical, never derived from a stance",
    "split": "train, dev or test",
    "group": "split unit: a connected component over events and source documents",
    "event": "one dated occurrence",
    "date": "of the statement: a day, a month or a year",
    "register": "kind of text",
    "attribution": "how the statement is attributed",
    "source": "families of the sources reported",
    "sentence_tags": "of the sentence, with spaces between them",
    "judgement_tags": "of the judgement, with spaces between them",
    "regime": "of sanctions, as imposer>subject",
}
"""columns of the joined table, each with what it holds"""


def table_of(corpus: Corpus, split: str) -> pd.DataFrame:
    """Return the judgements of one split with their texts, as the published table holds them."""
    rows = corpus.table[corpus.table["split"] == split]
    return rows[list(COLUMNS)].reset_index(drop=True)


def as_parquet(table: pd.DataFrame) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in table.columns])
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(table, schema, preserve_index=False), out, compression="zstd")
    return out.getvalue()


def write_published(folder: Path, corpus: Corpus, declaration: CorpusDeclaration) -> None:
    """Write the joined tables and the Croissant metadata of a corpus that declares where it is published.

    Raises
    ------
    MissingExtraError
        when mlcroissant is not installed
    """
    for split in SPLITS:
        write_whole(folder / TABLE_FOLDER / f"{split}.parquet", as_parquet(table_of(corpus, split)))
    metadata = croissant(folder, declaration)
    write_whole(folder / CROISSANT, (json.dumps(metadata, indent=1, ensure_ascii=False) + "\n").encode())


def croissant(folder: Path, declaration: CorpusDeclaration) -> dict[str, Any]:
    """Return the Croissant 1.0 metadata of a published corpus: its tables with their checksums and columns.

    Raises
    ------
    MissingExtraError
        when mlcroissant is not installed
    """
    try:
        import mlcroissant as mlc
    except ImportError:
        raise MissingExtraError("Croissant metadata", "croissant") from None
    files, record_sets = [], []
    for split in SPLITS:
        path = folder / TABLE_FOLDER / f"{split}.parquet"
        name = f"{split}.parquet"
        files.append(
            mlc.FileObject(
                id=name,
                name=name,
                content_url=f"{TABLE_FOLDER}/{name}",
                encoding_formats=["application/x-parquet"],
                sha256=sha256_of(path.read_bytes()),
            )
        )
        fields = [
            mlc.Field(
                id=f"{split}/{column}",
                name=column,
                description=about,
                data_types=mlc.DataType.TEXT,
                source=mlc.Source(file_object=name, extract=mlc.Extract(column=column)),
            )
            for column, about in COLUMNS.items()
        ]
        about_split = f"Judgements of {split}, one a row."
        record_sets.append(mlc.RecordSet(id=split, name=split, description=about_split, fields=fields))
    metadata = mlc.Metadata(
        name=declaration.name,
        description=declaration.description + (f" Canary: {declaration.canary}" if declaration.canary else ""),
        version=declaration.version if declaration.version.count(".") == 2 else f"{declaration.version}.0",
        license=[declaration.licence],
        url=declaration.url,
        cite_as=declaration.citation,
        creators=[mlc.Organization(name=declaration.creator)] if declaration.creator else [],
        data_annotation_protocol=[declaration.annotation],
        in_language=[declaration.language],
        distribution=files,
        record_sets=record_sets,
    )
    values: dict[str, Any] = metadata.to_json()
    return values
