"""Values as YAML, in block style, with text in quotes wherever YAML would take it for something else."""

from typing import Any


def dump_yaml(value: Any) -> bytes:
    """The YAML of mappings, lists, texts and numbers, in the given order and without aliases."""
    import yaml

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

    class Dumper(base):  # type: ignore[misc]
        def ignore_aliases(self, data: Any) -> bool:
            return True

    text = yaml.dump(value, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=100)
    assert isinstance(text, str)
    return text.encode()
