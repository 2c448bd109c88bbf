"""Serializers list their fields, and refuse what they do not list: a misspelt or read-only field is never ignored."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """Base of every serializer that reads input. It has no `save`: a view passes `validated_data` to a service."""

    default_error_messages = {"unknown_field": _("There is no such field, or it cannot be set.")}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := sorted(set(data) - writable):
                text = self.error_messages["unknown_field"]
                raise serializers.ValidationError({name: [text] for name in unknown}, code="unknown_field")
        return super().to_internal_value(data)
