"""The expressions of one request, with the names and values that they stand on."""

from collections.abc import Mapping
from typing import Any

from boto3.dynamodb.conditions import ConditionBase, ConditionExpressionBuilder

from shared.adapters.dynamodb.items import encode_value


class Expression:
    """The text, names and values of one request's expressions; placeholders keep reserved words and signs out."""

    def __init__(self) -> None:
        """Begin with none."""
        self._builder = ConditionExpressionBuilder()
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def condition(self, condition: ConditionBase, *, key: bool = False) -> str:
        """Return the text of a condition, or with `key` of a key condition."""
        built = self._builder.build_expression(condition, is_key_condition=key)
        self._names.update(built.attribute_name_placeholders)
        values = built.attribute_value_placeholders.items()
        self._values.update({label: encode_value(value) for label, value in values})
        return str(built.condition_expression)

    def change(
        self,
        *,
        put: Mapping[str, Any],
        put_if_absent: Mapping[str, Any],
        add: Mapping[str, Any],
        delete: Mapping[str, Any],
        remove: tuple[str, ...],
    ) -> str:
        """Return the text of an update; a null that is put drops its attribute."""
        name, value = self._name, self._value
        sets = [f"{name(a)} = {value(v)}" for a, v in put.items() if v is not None]
        absent = [(name(a), value(v)) for a, v in put_if_absent.items() if v is not None]
        clauses = {
            "SET": sets + [f"{a} = if_not_exists({a}, {v})" for a, v in absent],
            "REMOVE": [name(a) for a in (*remove, *(a for a, v in put.items() if v is None))],
            "ADD": [f"{name(a)} {value(v)}" for a, v in add.items()],
            "DELETE": [f"{name(a)} {value(v)}" for a, v in delete.items()],
        }
        return " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses.items() if parts)

    def arguments(self) -> dict[str, Any]:
        """Return the request's arguments for what was named so far."""
        names = {"ExpressionAttributeNames": self._names} if self._names else {}
        return {**names, **({"ExpressionAttributeValues": self._values} if self._values else {})}

    def _name(self, attribute: str) -> str:
        label = f"#u{len(self._names)}"
        self._names[label] = attribute
        return label

    def _value(self, value: Any) -> str:
        label = f":u{len(self._values)}"
        self._values[label] = encode_value(value)
        return label
