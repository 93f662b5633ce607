"""docs/openapi.yaml as a judge: every message that the tests send or receive is held against it."""

import json
import os
import re

import jsonschema
import yaml

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "..", ".."))


class Contract:
    def __init__(self):
        with open(os.path.join(ROOT, "docs", "openapi.yaml"), encoding="utf-8") as file:
            self.whole = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self.validators = {}
        self.paths = [(re.compile("^" + re.sub(r"\\?\{[^}]*\}", "[^/]+", path) + "$"), item)
                      for path, item in self.whole["paths"].items()]

    def _validator(self, schema):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            # The components travel along, so that "#/components/…" finds them.
            self.validators[key] = jsonschema.Draft202012Validator(
                {**schema, "components": self.whole["components"]})
        return self.validators[key]

    def _check(self, schema, value, what):
        error = jsonschema.exceptions.best_match(self._validator(schema).iter_errors(value))
        if error:
            where = "/".join(str(part) for part in error.absolute_path)
            raise AssertionError(f"{what}: at /{where}: {error.message[:300]}")

    def check_named(self, name, value):
        self._check({"$ref": f"#/components/schemas/{name}"}, value, name)

    def _operation(self, method, path):
        for pattern, item in self.paths:
            if pattern.match(path.partition("?")[0]):
                return item.get(method.lower())
        return None

    def check_request(self, method, path, value):
        operation = self._operation(method, path)
        content = (operation or {}).get("requestBody", {}).get("content", {})
        if "application/json" in content:
            self._check(content["application/json"]["schema"], value, f"{method} {path}")

    def check_answer(self, method, path, status, value):
        """A JSON answer under /api/; one that the document does not know is an error too."""
        operation = self._operation(method, path)
        if operation is None:
            self.check_named("Refusal", value)
            return
        answers = operation["responses"]
        answer = answers.get(str(status), answers.get("default"))
        if status >= 400 and answer is None:
            self.check_named("Refusal", value)
            return
        if answer is None:
            raise AssertionError(f"{method} {path}: {status} is not described")
        if "$ref" in answer:
            answer = self.whole["components"]["responses"][answer["$ref"].rpartition("/")[2]]
        schema = answer["content"]["application/json"]["schema"]
        self._check(schema, value, f"{method} {path} {status}")
