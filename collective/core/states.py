"""One way from one state to the next: the row's side of the tables in `core/domain/states.py`."""

from typing import Any, ClassVar, Self

from django.db import models

from collective.core.domain.states import StateTable, WrongStateError, state_table

__all__ = ["StateTable", "StatefulModel", "WrongStateError", "state_table"]


class StatefulModel(models.Model):
    """A row with a `state` column that changes only through `transition_to`."""

    state_table: ClassVar[StateTable]

    class Meta:
        abstract = True

    def transition_to(self, target: str, **changes: Any) -> Self:
        """Move to `target` and set `changes` in one conditional UPDATE.

        Two who race from the same state cannot both win: the second matches no row. Raises WrongStateError.
        """
        current: str = self.state  # type: ignore[attr-defined]  # a column of each model
        manager = type(self)._default_manager
        allowed = self.state_table.allows(current, target)
        if not allowed or not manager.filter(pk=self.pk, state=current).update(state=target, **changes):
            raise WrongStateError(entity=self.state_table.entity, state=current.replace("_", " "), target=target)
        for name, value in {"state": target, **changes}.items():
            setattr(self, name, value)
        return self
