"""What a researcher would write by hand: load the table, fit the same pipeline, print the same scores; no intervals.

Arguments: the table as CSV; then, to track, ``client`` and a SQLite store: import MLflow and ask the store once.
"""

import sys

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef, precision_recall_fscore_support
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.svm import LinearSVC

table = pd.read_csv(sys.argv[1], keep_default_na=False)
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
    classifier = LinearSVC(C=1.0, class_weight="balanced", random_state=0, max_iter=10_000)
    model = Pipeline([("features", features), ("classifier", classifier)])
    mine, asked = train[train.target == target], test[test.target == target]
    model.fit(mine[["text", "holder", "bloc"]], mine.stance)
    predicted[asked.index] = model.predict(asked[["text", "holder", "bloc"]])

gold = test.stance
f_avg = {}
for target in sorted(table.target.unique()):
    rows = test.target == target
    f1 = f1_score(gold[rows], predicted[rows], labels=["favor", "against"], average=None, zero_division=0)
    f_avg[target] = f1.mean()
    print("f_avg", target, f_avg[target], accuracy_score(gold[rows], predicted[rows]))
print("f_avg_macro", np.mean(list(f_avg.values())), "worst", min(f_avg.values()))
print("macro_f1", f1_score(gold, predicted, average="macro"), "accuracy", accuracy_score(gold, predicted))
print("mcc", matthews_corrcoef(gold, predicted), precision_recall_fscore_support(gold, predicted, zero_division=0))
neutral = test.label == "neutral"
print("neutral_recall", (predicted[neutral] == "none").mean())

if len(sys.argv) > 2:
    import mlflow  # noqa: F401
    from mlflow import MlflowClient

    MlflowClient(sys.argv[3]).search_experiments()
