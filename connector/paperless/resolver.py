"""Turns a wanted document's names into the server's ids, making what is missing, and into the form of an upload."""

from __future__ import annotations

import json
from collections.abc import Sequence

from connector.paperless.changes import WantedIds
from connector.paperless.fields import DataType, ServerValue
from connector.paperless.profile.wanted import Catalogue
from connector.paperless.taxonomy import Taxonomy
from connector.paperless.wanted import Wanted


class Resolver:
    """Names to ids on one server."""

    def __init__(self, taxonomy: Taxonomy, catalogue: Catalogue) -> None:
        self._taxonomy = taxonomy
        self._table = catalogue.fields

    def ids(self, wanted: Wanted) -> WantedIds:
        """Return the ids; raises what `Taxonomy` raises."""
        fields: dict[int, ServerValue] = {}
        for code, value in wanted.fields.items():
            definition = self._table[code]
            on_server = self._taxonomy.field(definition)
            is_select = definition.data_type is DataType.SELECT
            fields[on_server.field_id] = on_server.options[str(value)] if is_select else value
        return WantedIds(
            title=wanted.title,
            created=wanted.created,
            type_id=self._taxonomy.type_id(wanted.type_name) if wanted.type_name else None,
            tag_ids=self._taxonomy.tag_ids(sorted(wanted.tags)),
            fields=fields,
            path_id=self._taxonomy.path_id(wanted.path_name),
            see_groups=self._taxonomy.group_ids(sorted(wanted.access.see)),
            change_groups=self._taxonomy.group_ids(sorted(wanted.access.change)),
        )

    def forget(self) -> None:
        """Ask the server anew for what its names are."""
        self._taxonomy.forget()


def upload_parts(ids: WantedIds) -> Sequence[tuple[str, str]]:
    """Return the form of an upload; the fields as a map, which the server checks before it queues anything (2.19 on)."""
    parts = [("title", ids.title), ("created", ids.created.isoformat())]
    if ids.type_id is not None:
        parts.append(("document_type", str(ids.type_id)))
    if ids.path_id is not None:
        parts.append(("storage_path", str(ids.path_id)))
    parts += [("tags", str(tag_id)) for tag_id in sorted(ids.tag_ids)]
    values = {str(field_id): value for field_id, value in sorted(ids.fields.items())}
    parts.append(("custom_fields", json.dumps(values, ensure_ascii=False)))
    return parts
