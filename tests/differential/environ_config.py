"""Loads generated configurations with environ-config, and says what came out.

Reads {"configs": [...], "cases": [{"config": index, "env": {...}}]} and writes a
line of JSON for each case: what environ-config does, and what its documentation
says that it should do.
"""

import json
import sys

import environ


def make(spec):
    """A class of environ-config from its description."""
    fields = {}
    for field in spec["fields"]:
        kind = field["kind"]
        if kind == "group":
            made = environ.group(make(field["spec"]), optional=field["optional"])
        else:
            maker = environ.bool_var if kind == "bool" else environ.var
            options = {}
            if field["default"] is not None:
                options["default"] = field["default"]
            if field["full_name"] is not None:
                options["name"] = field["full_name"]
            made = maker(**options)
        fields[field["name"]] = made
    cls = type(spec["ident"], (), fields)
    if spec["prefix"] is None:
        return environ.config(cls)
    return environ.config(prefix=spec["prefix"])(cls)


def values(spec, config):
    """The fields as a dictionary, or None."""
    if config is None:
        return None
    result = {}
    for field in spec["fields"]:
        value = getattr(config, field["name"])
        if field["kind"] == "group":
            value = values(field["spec"], value)
        result[field["name"]] = value
    return result


def actual(cls, spec, env):
    try:
        return {"values": values(spec, environ.to_config(cls, env))}
    except environ.MissingEnvValueError as missing:
        return {"missing": sorted(missing.args)}


def documented(spec, env):
    """What the documentation says: all that is missing is reported, an optional
    group is None if nothing in it is set and something in it is required."""
    missing = []
    root = spec["prefix"]
    if root is None:
        root = "APP"
    loaded = load(spec, env, [root] if root else [], missing)
    if missing:
        return {"missing": sorted(missing)}
    return {"values": loaded}


def load(spec, env, prefixes, missing):
    result = {}
    for field in spec["fields"]:
        if field["kind"] == "group":
            inner = field["spec"]
            path = prefixes + [inner["prefix"] or field["name"]]
            before = len(missing)
            loaded = load(inner, env, path, missing)
            if field["optional"] and len(missing) > before:
                if not is_set(inner, env, path):
                    del missing[before:]
                    loaded = None
            result[field["name"]] = loaded
            continue
        name = variable(field, prefixes)
        if name in env:
            value = env[name]
            if field["kind"] == "bool":
                value = value.strip().lower() in ("1", "true", "yes")
        elif field["default"] is not None:
            value = field["default"]
        else:
            missing.append(name)
            continue
        result[field["name"]] = value
    return result


def is_set(spec, env, prefixes):
    for field in spec["fields"]:
        if field["kind"] == "group":
            path = prefixes + [field["spec"]["prefix"] or field["name"]]
            if is_set(field["spec"], env, path):
                return True
        elif variable(field, prefixes) in env:
            return True
    return False


def variable(field, prefixes):
    return field["full_name"] or "_".join([*prefixes, field["name"]]).upper()


def main():
    work = json.load(sys.stdin)
    classes = [make(spec) for spec in work["configs"]]
    for case in work["cases"]:
        index, env = case["config"], case["env"]
        spec = work["configs"][index]
        set_env = {name: value for name, value in env.items() if value}
        outcome = {
            "environ_config": actual(classes[index], spec, env),
            "documented": documented(spec, env),
            "documented_without_empty": documented(spec, set_env),
        }
        print(json.dumps(outcome))


main()
