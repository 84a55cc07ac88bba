# Writes reference.json beside itself: agreement of made-up ratings, by scikit-learn and SciPy.
import json, os, platform
import scipy, sklearn
from random import Random
from scipy.stats import kendalltau, spearmanr
from sklearn.metrics import cohen_kappa_score

random = Random(2310)
cases = []
for size, top in ((20, 2), (60, 3), (200, 5), (50, 7)):
    one = [random.randint(1, top) for _ in range(size)]
    other = [min(top, max(1, r + random.choice((-1, 0, 0, 0, 1, 2)))) for r in one]
    labels = list(range(1, top + 1))
    kappa = {
        name: cohen_kappa_score(one, other, labels=labels, weights=weights)
        for name, weights in (("nominal", None), ("linear", "linear"), ("quadratic", "quadratic"))
    }
    cases.append({
        "one": one, "other": other, "kappa": kappa,
        "spearman": spearmanr(one, other).correlation, "kendall": kendalltau(one, other).correlation,
    })
origin = f"scikit-learn {sklearn.__version__}, SciPy {scipy.__version__}, Python {platform.python_version()}"
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.json")
with open(path, "w") as file:
    json.dump({"origin": origin, "script": "make.py", "tolerance": 1e-12, "cases": cases}, file, indent=1)
    file.write("\n")
