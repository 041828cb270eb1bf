"""The plain way to sweep: Hydra's basic launcher, fluent MLflow on SQLite, features made anew in each job."""

from dataclasses import dataclass, field

import hydra
import mlflow
import numpy as np
import pandas as pd
from hydra.core.config_store import ConfigStore
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef, precision_recall_fscore_support
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import LinearSVC


@dataclass
class Config:
    table: str = ""
    store: str = ""
    C: float = 1.0
    balanced: bool = True
    hydra: dict = field(default_factory=lambda: {"output_subdir": None})


ConfigStore.instance().store(name="config", node=Config)


@hydra.main(version_base="1.3", config_path=None, config_name="config")
def main(config: Config) -> None:
    table = pd.read_csv(config.table, keep_default_na=False)
    train, test = table[table.split == "train"], table[table.split == "test"]
    predicted = pd.Series(index=test.index, dtype=object)
    for target in sorted(table.target.unique()):
        features = ColumnTransformer(
            [
                ("words", TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), "text"),
                ("chars", TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True), "text"),
                ("holder", OneHotEncoder(handle_unknown="ignore"), ["holder", "bloc"]),
            ],
            sparse_threshold=1.0,
        )
        weight = "balanced" if config.balanced else None
        classifier = LinearSVC(C=config.C, class_weight=weight, random_state=0, max_iter=10_000)
        model = Pipeline([("features", features), ("classifier", classifier)])
        mine, asked = train[train.target == target], test[test.target == target]
        model.fit(mine[["text", "holder", "bloc"]], mine.stance)
        predicted[asked.index] = model.predict(asked[["text", "holder", "bloc"]])
    scores = {}
    for target in sorted(table.target.unique()):
        rows = test.target == target
        labels = ["favor", "against"]
        f1 = f1_score(test.stance[rows], predicted[rows], labels=labels, average=None, zero_division=0)
        scores[f"f_avg.{target}"] = f1.mean()
    scores["f_avg_macro"] = np.mean(list(scores.values()))
    scores["accuracy"] = accuracy_score(test.stance, predicted)
    scores["macro_f1"] = f1_score(test.stance, predicted, average="macro")
    scores["mcc"] = matthews_corrcoef(test.stance, predicted)
    for name, values in zip(
        ("precision", "recall", "f1"),
        precision_recall_fscore_support(test.stance, predicted, zero_division=0),
        strict=False,
    ):
        for stance, value in zip(("against", "favor", "none"), values, strict=True):
            scores[f"{name}.{stance}"] = value
    mlflow.set_tracking_uri(config.store)
    mlflow.set_experiment("plain")
    with mlflow.start_run():
        mlflow.log_params({"C": config.C, "balanced": config.balanced})
        mlflow.log_metrics(scores)
        test.assign(predicted=predicted)[["sentence_id", "holder", "target", "predicted"]].to_csv("predictions.csv")
        mlflow.log_artifact("predictions.csv")
    print(f"{config.C} {config.balanced} {float(scores['f_avg_macro'])!r}")


main()
