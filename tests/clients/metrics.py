"""What Prometheus' own parser reads in `/metrics`, and the names that a file of alerting rules uses.

    python clients/metrics.py RULES < METRICS

Prints JSON: `families` by name, each with its type, its help and its samples; `rules`, each with its name and the metrics in its
expression.
"""

import json
import re
import sys
from pathlib import Path

import yaml
from prometheus_client.parser import text_string_to_metric_families

families = {}
for family in text_string_to_metric_families(sys.stdin.read()):
    assert family.name not in families, f"{family.name} comes twice"
    assert family.type in ("gauge", "counter"), f"{family.name} is of type {family.type}"
    assert family.documentation, f"{family.name} has no help"
    families[family.name] = {
        "type": family.type,
        "samples": [[sample.name, sample.labels, sample.value] for sample in family.samples],
    }

rules = []
for group in yaml.safe_load(Path(sys.argv[1]).read_text())["groups"]:
    for rule in group["rules"]:
        assert {"alert", "expr", "for", "labels", "annotations"} == rule.keys(), rule
        assert re.fullmatch(r"\d+[smhd]", rule["for"]), rule
        assert rule["labels"]["severity"] in ("page", "ticket"), rule
        assert rule["annotations"].keys() == {"summary", "do"}, rule
        rules.append({"alert": rule["alert"], "metrics": re.findall(r"\b(?:candor_\w+|up)\b", rule["expr"])})

json.dump({"families": families, "rules": rules}, sys.stdout)
