"""Checks that `statuspage-prometheus-exporter`, run as operators run it, turns our summary into metrics.

    python clients/statuspage_exporter.py BASE

Runs the exporter once with a configuration that names our page, then reads the metrics that it wrote.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

with tempfile.TemporaryDirectory() as folder:
    services = Path(folder, "services.json")
    metrics = Path(folder, "page.prom")
    services.write_text(json.dumps({"page": {"url": f"{sys.argv[1]}/api/v2/summary.json", "name": "Page"}}))
    run = subprocess.run(
        [sys.executable, "-m", "statuspage_prometheus_exporter.status_monitoring"],
        cwd=folder,
        env=os.environ
        | {"RUN_MODE": "once", "SERVICES_JSON_PATH": str(services), "METRICS_TEXTFILE_PATH": str(metrics)},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    if run.returncode or " - ERROR - " in run.stderr or not metrics.exists():
        sys.exit(f"the exporter ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    families = {family.name: family.samples for family in text_string_to_metric_families(metrics.read_text("utf-8"))}


def events(name, key):
    # If there is no incident or maintenance, the exporter writes one series with the id "none".
    labels = [sample.labels for sample in families[name] if sample.value == 1]
    return [label for label in labels if label[key] != "none"]


if [sample.value for sample in families["statuspage_probe_check"]] != [1]:
    sys.exit(f"the probe failed:\n{run.stderr}")
print(
    json.dumps(
        {
            "operational": [sample.value for sample in families["statuspage_service_status"]] == [1],
            "components": {
                sample.labels["component_name"]: sample.value == 1
                for sample in families["statuspage_component_status"]
            },
            "incidents": events("statuspage_incident_info", "incident_id"),
            "maintenances": events("statuspage_maintenance_info", "maintenance_id"),
        },
        ensure_ascii=False,
    )
)
