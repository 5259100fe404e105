# SPDX-License-Identifier: MIT
"""Reads exported files as others do, and prints what it made of each as one line of JSON: read_back.py HOW FILE, the file a JSON list of texts."""
import json
import sys


def as_xml(text):
    import xml.etree.ElementTree as tree

    cases = []
    for suite in tree.fromstring(text.encode()).iter("testsuite"):
        for case in suite.iter("testcase"):
            (outcome,) = list(case)
            said = {"message": outcome.get("message"), "text": outcome.text}
            cases.append({"suite": suite.get("name"), "name": case.get("name"), **said})
    return cases


def as_junit(text):
    from junitparser import JUnitXml

    def counts(suite):
        return [suite.tests, suite.failures, suite.errors, suite.skipped]

    suites = []
    for suite in JUnitXml.fromstring(text.encode()):
        said = counts(suite)
        suite.update_statistics()
        cases = [
            {"className": each.classname, "name": each.name, "results": [type(one).__name__ for one in each.result]}
            for each in suite
        ]
        suites.append({"name": suite.name, "said": said, "counted": counts(suite), "cases": cases})
    return suites


def as_openmetrics(text):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families

    return [
        {
            "name": family.name,
            "type": family.type,
            "unit": family.unit,
            "samples": [{"labels": each.labels, "value": each.value} for each in family.samples],
        }
        for family in text_string_to_metric_families(text)
    ]


how = {"xml": as_xml, "junit": as_junit, "openmetrics": as_openmetrics}[sys.argv[1]]
with open(sys.argv[2], encoding="utf-8") as file:
    for text in json.load(file):
        print(json.dumps(how(text)))
