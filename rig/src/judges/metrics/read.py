"""Reads a scrape in each format with Prometheus' own library, and prints how many samples that in OpenMetrics has."""

import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_open
from prometheus_client.parser import text_string_to_metric_families as read_plain


def families(read, path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(read(file.read()))


def described(found):
    for family in found:
        assert family.documentation, f"{family.name} has no description"
        assert family.type != "unknown", f"{family.name} has no type"
    return {(family.name, family.type) for family in found}


plain = families(read_plain, sys.argv[1])
opened = families(read_open, sys.argv[2])
differ = described(plain) ^ described(opened)
assert not differ, f"the formats differ in {differ}"
print(sum(len(family.samples) for family in opened))
