# ruff: noqa: INP001 - a script, of no package
"""A model of your own on the benchmark, beside the shortcut that it has to beat."""

from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

import stancebench

corpus = stancebench.load_corpus("coverage")
print(corpus)
print(corpus.table[["text", "holder", "target", "stance"]].head(3))

# X has the columns text, target, holder and bloc; a vectorizer takes one of them.
features = make_column_transformer(
    (TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), "text"),
    (OneHotEncoder(handle_unknown="ignore"), ["holder", "bloc", "target"]),
)
mine = make_pipeline(features, LogisticRegression(C=10, class_weight="balanced", max_iter=2000))

result = stancebench.evaluate(mine, corpus)
print(result)
print(result.confusion["nato"])

# The shortcut knows who speaks and which target is named, and reads nothing.
prior = stancebench.evaluate("holder_prior", corpus)
print(f"mine {result['f_avg_macro']:.3f}, holder prior {prior['f_avg_macro']:.3f}")

# Where is it wrong? Each test judgement stands beside what was predicted.
wrong = result.test[result.test["gold"] != result.test["predicted"]]
print(wrong[["text", "holder", "target", "gold", "predicted"]].sample(5, random_state=0))

# The same predictions as a file, as any other program would hand them in.
result.predictions.to_csv("mine.csv", index=False)
assert stancebench.score("mine.csv", corpus)["f_avg_macro"] == result["f_avg_macro"]

# The committed baselines, best first.
runs = stancebench.load_runs("baselines").sort_values("f_avg_macro", ascending=False)
print(runs[["model", "inputs", "f_avg_macro", "f_avg_macro.low", "f_avg_macro.high"]].head())
